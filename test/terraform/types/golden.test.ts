import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkLimits, identityOf } from '../../../src/terraform/types/identity.ts';
import { resourceTypes } from '../../../src/terraform/types/table.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';
import { reduceSchemas } from '../../golden/provider-schema/reduce.ts';

interface RawState {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: JsonObject }[];
  }[];
}

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../golden/daily-report/${name}`, import.meta.url), 'utf8'));

const resources = ({ resources: all }: RawState) =>
  all
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ type, name, instances }) =>
      instances.map(({ attributes }) => ({ address: `${type}.${name}`, type, values: attributes })),
    );

const dev = resources(golden('dev.state.json') as RawState);
const feature = resources(golden('feature-auth.state.json') as RawState);
const identities = (all: typeof dev) =>
  all.map(({ address, type, values }) => ({ address, identity: identityOf(type, values, resourceTypes) }));

describe('the table, on what a real project made', () => {
  it('knows every type', () => {
    expect([...dev, ...feature].filter(({ type }) => !resourceTypes.has(type))).toEqual([]);
  });

  it('knows every identity once all values are there, but for what only the cloud tells apart', () => {
    const open = identities([...dev, ...feature]).filter(
      ({ identity }) => identity.kind === 'unknown' || identity.kind === 'generated',
    );
    expect(open).toEqual([]);
  });

  it('tells all resources of one environment apart', () => {
    for (const environment of [dev, feature]) {
      const keys = identities(environment).flatMap(({ identity }) =>
        identity.kind === 'known' ? [identity.key] : [],
      );
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('finds no identity in two environments that are isolated', () => {
    const known = new Set(
      identities(dev).flatMap(({ identity }) => (identity.kind === 'known' ? [identity.key] : [])),
    );
    const shared = identities(feature).filter(
      ({ identity }) => identity.kind === 'known' && known.has(identity.key),
    );
    expect(shared.map(({ address }) => address)).toEqual([]);
  });

  it('finds nothing wrong with names that AWS took', () => {
    const wrong = [...dev, ...feature].flatMap(({ type, values }) => {
      const facts = resourceTypes.get(type);
      return facts ? checkLimits(facts, values) : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe('the reduced schema of the provider', () => {
  it('says of attributes and blocks by path who sets them', () => {
    const block = {
      attributes: {
        name: { required: true },
        id: { computed: true },
        size: { optional: true, computed: true },
      },
      block_types: {
        timeouts: { block: {} },
        logging: { block: { attributes: { group: { optional: true } } } },
      },
    };
    const schemas = {
      provider_schemas: { aws: { resource_schemas: { aws_x: { block }, aws_y: { block } } } },
    };
    expect(reduceSchemas(schemas, ['aws_x', 'aws_z'], '1.0.0')).toEqual({
      provider: 'hashicorp/aws',
      version: '1.0.0',
      types: { aws_x: { name: 'r', id: 'c', size: 'oc', logging: 'b', 'logging.group': 'o' } },
    });
  });
});
