import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderRules } from '../../scripts/docs/rules.ts';
import { prove } from '../../src/proof/prove.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import { rules } from '../../src/proof/rules/index.ts';
import {
  applied,
  declaredIn,
  planned,
  policyOn,
  withAfter,
  withChange,
  withDeclared,
  withoutPlanned,
  withPlanned,
  withSource,
  withTarget,
  world,
} from './build.ts';

const folder = join(import.meta.dirname, '..', '..', 'src', 'proof', 'rules');

/** One way to break each rule, and the rule alone: a rule that cannot fail proves nothing. */
const broken: Readonly<Record<string, () => ProofInput>> = {
  'account-expected': () => {
    const wanted = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };
    return {
      ...world(),
      place: {
        wanted,
        by: { kind: 'source', regions: ['eu-west-1'] },
        otherRegionMeant: false,
        actual: { ...wanted, account: '222222222222' },
        untold: {},
        accountBy: 'the credentials belong to it',
        regionBy: 'AWS_REGION says it',
        regionAmbient: true,
        outOfReach: null,
      },
    };
  },
  'state-own': () => withTarget(world(), { stateLocation: 's3://states/dev.tfstate' }),
  'plan-creates-only': () => withChange(world(), 'aws_sqs_queue.jobs', { action: 'update' }),
  'source-untouched': () => {
    const { fingerprintBefore } = applied().source;
    return withSource(applied(), { fingerprintAfter: { ...fingerprintBefore, serial: 99 } });
  },
  'identity-free': () => withPlanned(world(), planned('aws_sqs_queue.copy', { name: 'app-jobs-dev' })),
  'no-reference-to-source': () =>
    withAfter(world(), 'aws_sqs_queue.jobs', { kms_master_key_id: 'app-items-dev' }),
  'credential-isolated': () => {
    const token = { fingerprint: 'hmac:k1:same', class: 'isolated' } as const;
    const common = { place: 'the environment', others: [], missing: [] };
    return { ...world(), secrets: { ...common, source: { TOKEN: token }, target: { TOKEN: token } } };
  },
  'shared-read-only': () =>
    withPlanned(world(), planned('aws_s3_bucket_policy.p', { bucket: 'app-reports', policy: policyOn('x') })),
  'contract-environment-keys': () => withAfter(world(), 'aws_lambda_function.bot', { environment: [] }),
  'contract-handler': () => withAfter(world(), 'aws_lambda_function.bot', { handler: 'other.handler' }),
  'contract-policy': () => withAfter(world(), 'aws_iam_role_policy.bot', { policy: policyOn('*') }),
  'contract-resources': () => withoutPlanned(world(), 'aws_sqs_queue.jobs'),
  'name-fits': () => withAfter(world(), 'aws_sqs_queue.jobs', { name: `${'x'.repeat(90)}-feature-auth` }),
  'local-exec': () => {
    const provisioners = [{ type: 'local-exec', line: 1 }];
    return withDeclared(world(), { ...declaredIn(world(), 'aws_sqs_queue.jobs'), provisioners });
  },
  reversible: () => withAfter(world(), 'aws_dynamodb_table.items', { deletion_protection_enabled: true }),
};

/** Rules that only warn. */
const warning = new Set(['local-exec']);

describe('the registry', () => {
  it('holds one file a rule, named as the rule', async () => {
    const files = (await readdir(folder))
      .filter((file) => file !== 'index.ts')
      .map((file) => file.replace('.ts', ''));
    expect(rules.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is complete', (id, rule) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const text of [rule.protects, rule.decides, rule.hint]) {
      expect(text.length).toBeGreaterThan(20);
      expect(text).toMatch(/[.]$/);
    }
    expect(rule.phases.length).toBeGreaterThan(0);
  });

  it('can be written down', () => {
    const text = renderRules(rules);
    for (const { id, protects, hint } of rules) {
      expect(text).toContain(`## \`${id}\``);
      expect(text).toContain(protects);
      expect(text).toContain(hint);
    }
  });
});

describe('every rule can fail, alone', () => {
  it('there is a way to break each', () =>
    expect(Object.keys(broken).sort()).toEqual(rules.map(({ id }) => id).sort()));

  it.each(Object.entries(broken))('%s', (id, make) => {
    const proof = prove(make());
    const found = proof.verdicts.filter(({ findings }) =>
      findings.some(({ severity }) => severity === (warning.has(id) ? 'warning' : 'error')),
    );
    expect(found.map(({ rule }) => rule)).toEqual([id]);
    expect(proof.held).toBe(warning.has(id));
    for (const finding of found.flatMap(({ findings }) => findings)) {
      expect(finding.rule).toBe(id);
      expect(finding.subject).not.toBe('');
      expect(finding.message).toMatch(/[.]$/);
      expect(finding.hint).toMatch(/[.]$/);
      expect(`${finding.message}${finding.hint}`).not.toMatch(/undefined|\[object/);
    }
  });
});
