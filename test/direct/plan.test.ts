import { describe, expect, it } from 'vitest';
import { clonerOf } from '../../src/aws/clone/index.ts';
import { identifiersOf, searchFor } from '../../src/direct/identifiers.ts';
import { isLiveAddress } from '../../src/terraform/types/live.ts';
import { dependenciesOf } from '../../src/direct/order.ts';
import { directPlan, shapeOf } from '../../src/direct/plan.ts';
import type { RewriteFacts } from '../../src/direct/rewrite.ts';
import { ProvisionError } from '../../src/transfer/errors.ts';
import { all, factsOf, handler, isPart, permission, rename, role, stateOf, table } from './support.ts';

const addressOf = (type: string): string =>
  stateOf().resources.find((resource) => resource.type === type)?.address ?? '';

function planned(type: string, more: Partial<RewriteFacts> = {}) {
  const state = stateOf();
  const plan = directPlan({
    cloned: state.resources,
    existing: null,
    facts: factsOf(state, more),
    tags: { 'provision-env:environment': 'feature-x' },
  });
  const change = plan.changes.find((each) => each.type === type);
  if (!change) throw new Error(`no ${type}`);
  return change;
}

describe('what is live, as a state', () => {
  it('has addresses without the name of the environment, which are no addresses of a configuration', () => {
    expect(stateOf().resources.map(({ address }) => address)).toEqual([
      'live.aws_apigatewayv2_api.app-env',
      'live.aws_dynamodb_table.app-env-items',
      'live.aws_iam_role.app-env',
      'live.aws_lambda_function.app-env',
      'live.aws_lambda_permission.api_app-env',
    ]);
    expect(stateOf().resources.every(({ address }) => isLiveAddress(address))).toBe(true);
  });

  it('has the same ones whatever order they were found in, and each once', () => {
    const twice = [
      ...all,
      { ...table, id: 'app_dev_items', values: { ...table.values, name: 'app_dev_items' } },
    ];
    const addresses = stateOf(twice).resources.map(({ address }) => address);
    expect(stateOf(twice.toReversed()).resources.map(({ address }) => address)).toEqual(addresses);
    expect(new Set(addresses).size).toBe(twice.length);
  });

  it('has another serial once anything of it was changed', () => {
    const changed = { ...role, values: { ...role.values, description: 'new' } };
    expect(stateOf([changed, table]).serial).not.toBe(stateOf([role, table]).serial);
    expect(stateOf([table, role]).serial).toBe(stateOf([role, table]).serial);
  });

  it('marks of the variables only those that may be secret', () => {
    expect(stateOf().resources.find(({ type }) => type === 'aws_lambda_function')?.sensitivePaths).toEqual([
      'environment.0.variables.LINE_CHANNEL_SECRET',
      'environment.0.variables.OPENAI_API_KEY',
    ]);
  });
});

describe('the plan of the direct engine', () => {
  it('creates under the new name, with the mark of the environment', () => {
    const change = planned('aws_iam_role');
    expect(change.action).toBe('create');
    expect(change.after).toEqual({
      name: 'app-feature-x',
      tags: { Environment: 'feature-x', 'provision-env:environment': 'feature-x' },
    });
    expect(change.afterUnknown).toEqual({ id: true, arn: true });
  });

  it('foretells names and ARNs, and leaves open what the cloud makes up', () => {
    expect(planned('aws_lambda_function').after?.['role']).toBe(
      'arn:aws:iam::123456789012:role/app-feature-x',
    );
    expect(planned('aws_lambda_permission').afterUnknown).toMatchObject({ source_arn: true });
    expect(planned('aws_lambda_function').afterUnknown).toMatchObject({
      environment: [{ variables: { API: true } }],
    });
  });

  it('puts in what was made up as soon as it is there', () => {
    const actual = new Map([['arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5', 'arn:new']]);
    expect(planned('aws_lambda_permission', { actual }).after?.['source_arn']).toBe('arn:new/*');
  });

  it('leaves what is shared as it is', () => {
    const shared = addressOf('aws_iam_role');
    const { after } = planned('aws_lambda_function', { isCloned: (address) => address !== shared });
    expect(after?.['role']).toBe('arn:aws:iam::123456789012:role/app-dev');
  });

  it('never gives the target a credential of the source', () => {
    const own: RewriteFacts['secret'] = (key) =>
      key === 'LINE_CHANNEL_SECRET' ? { value: null } : key === 'OPENAI_API_KEY' ? 'keep' : undefined;
    const given = planned('aws_lambda_function', { secret: own }).after?.['environment'];
    expect(given).toEqual([
      {
        variables: {
          TABLE: 'app-feature-x-items',
          OPENAI_API_KEY: 'for-all-dev',
          SHARED_BUCKET: 'company-assets',
        },
      },
    ]);
    const set = planned('aws_lambda_function', {
      secret: (key) => (key === 'LINE_CHANNEL_SECRET' ? { value: 'its-own' } : undefined),
    });
    expect(JSON.stringify(set.after)).toContain('"LINE_CHANNEL_SECRET":"its-own"');
  });

  it('plans nothing for what is there already', () => {
    const state = stateOf();
    const plan = directPlan({ cloned: state.resources, existing: state, facts: factsOf(state), tags: {} });
    expect(new Set(plan.changes.map(({ action }) => action))).toEqual(new Set(['no-op']));
  });

  it('shows which paths are sensitive as Terraform does', () => {
    expect(shapeOf(['a.0.b', 'a.0.c', 'd'])).toEqual({ a: [{ b: true, c: true }], d: true });
  });
});

describe('the order of creation', () => {
  const orderOf = (resources: Parameters<typeof stateOf>[0]) => {
    const state = stateOf(resources);
    const search = searchFor(identifiersOf(state.resources, rename, isPart));
    return dependenciesOf(state.resources, search, {
      neededBy: (type) =>
        type === 'aws_lambda_function' ? ['aws_iam_role'] : isPart(type) ? ['aws_lambda_function'] : [],
      after: (type) => clonerOf(type)?.after ?? [],
    });
  };

  it('has what is used before what uses it, though things of two types go by one name', () => {
    const order = orderOf(all);
    expect(order.get('live.aws_lambda_function.app-env')).toEqual(
      expect.arrayContaining(['live.aws_iam_role.app-env', 'live.aws_apigatewayv2_api.app-env']),
    );
    expect(order.get('live.aws_lambda_permission.api_app-env')).toEqual(
      expect.arrayContaining(['live.aws_lambda_function.app-env', 'live.aws_apigatewayv2_api.app-env']),
    );
    expect(order.get('live.aws_iam_role.app-env')).toEqual([]);
  });

  it('has an alias before what is of it, though no value refers to it', () => {
    const alias = {
      type: 'aws_lambda_alias',
      id: 'arn:aws:lambda:eu-west-1:123456789012:function:app-dev:live',
      values: { function_name: 'app-dev', name: 'live' },
    };
    const provisioned = (name: string, qualifier: string) => ({
      type: 'aws_lambda_provisioned_concurrency_config',
      id: `${name},${qualifier}`,
      values: { function_name: name, qualifier },
    });
    const order = orderOf([handler, alias, provisioned('app-dev', 'live'), provisioned('other', 'live')]);
    const waiting = [...order].filter(([, needs]) => needs.some((need) => need.includes('lambda_alias')));
    expect(waiting.map(([address]) => address)).toEqual([
      expect.stringMatching(/provisioned_concurrency_config.*app-env/),
    ]);
  });

  it('lets a mention give way where two things mention one another', () => {
    const machine = {
      type: 'aws_sfn_state_machine',
      id: 'arn:aws:states:eu-west-1:123456789012:stateMachine:app-dev',
      values: {
        id: 'arn:aws:states:eu-west-1:123456789012:stateMachine:app-dev',
        arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:app-dev',
        definition: 'arn:aws:lambda:eu-west-1:123456789012:function:app-dev',
      },
    };
    const calling = {
      ...handler,
      values: { ...handler.values, description: machine.id },
    };
    const order = orderOf([calling, machine]);
    expect(order.size).toBe(2);
    const both = [...order].filter(([, needs]) => needs.length > 0);
    expect(both).toHaveLength(1);
  });

  it('says which things need one another in a circle that nothing resolves', () => {
    const circle = ['aaaaaaaa', 'bbbbbbbb'].map((id, index, ids) => ({
      type: 'aws_security_group',
      id,
      values: { id, name: `n${index}`, uses: ids[1 - index] ?? '' },
    }));
    expect(() => orderOf(circle)).toThrow(ProvisionError);
    expect(() => orderOf([permission])).not.toThrow();
  });
});
