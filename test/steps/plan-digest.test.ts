/** The digest of what would be done: the same for the same, another for anything else that a person was shown. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { digestOf, shownPlan } from '../../src/steps/plan-digest.ts';
import type { PlannedResource, PlanModel } from '../../src/terraform/model.ts';
import type { Json } from '../../src/transfer/json.ts';

const root = mkdtemp(join(tmpdir(), 'pe-digest-'));

const change = (more: Partial<PlannedResource> = {}): PlannedResource => ({
  address: 'aws_x.y',
  mode: 'managed',
  type: 'aws_x',
  name: 'y',
  modulePath: '',
  action: 'create',
  before: null,
  after: { name: 'n', memory: 128, env: { A: '1', TOKEN: 'secret-one' } },
  afterUnknown: { arn: true },
  afterSensitive: { env: { TOKEN: true } },
  ...more,
});
const plan = (...changes: readonly PlannedResource[]): PlanModel => ({
  terraformVersion: '1.11.4',
  changes,
  dataSources: [],
  variables: {},
  outputChanges: {},
});
const proof = { phase: 'before-apply', held: true, verdicts: [] } as never;
const noCalls = { invoke: 'safe', calls: [], notCalled: [] } as const;
const aCall = { subject: 'f', how: 'event', what: '{}', via: null, url: null, why: '' };
const aSecret = { subject: 'TOKEN', target: null, action: 'same-value' };
const cost = { monthlyTotal: 1, monthlyDelta: 1, unknown: [] } as never;

async function shown(model: PlanModel, secrets: Record<string, string> = {}, more: object = {}) {
  const context = {
    source: { name: 'dev' },
    target: { name: 'auth', backend: { location: 's3://b/auth' } },
    project: { root: await root },
    plannedSecrets: () => Promise.resolve({ values: new SecretValues(secrets) }),
  } as never;
  return shownPlan(context, model, { proof, cost, calls: noCalls, secrets: [], ...more });
}
const digest = async (...given: Parameters<typeof shown>): Promise<string> => (await shown(...given)).digest;

describe('the digest of a plan', () => {
  const base = change();
  const after = (more: Record<string, Json>): PlannedResource =>
    change({ after: { ...base.after, ...more } });

  it('is the same whatever order things come in, and whatever a secret is', async () => {
    const other = change({ address: 'aws_x.z' });
    const wanted = await digest(plan(base, other));
    expect(wanted).toMatch(/^[\w-]{32}$/);
    expect(await digest(plan(other, base))).toBe(wanted);
    const turned = Object.fromEntries(Object.entries(base.after ?? {}).reverse());
    expect(await digest(plan(change({ after: turned }), other))).toBe(wanted);
    expect(await digest(plan(after({ env: { A: '1', TOKEN: 'secret-two' } }), other))).toBe(wanted);
    // What is there already and stays is nothing that would be done.
    expect(await digest(plan(base, other, change({ address: 'aws_x.0', action: 'no-op' })))).toBe(wanted);
    const holding = (value: string) => digest(plan(after({ plain: `k=${value}` })), { K: value });
    expect(await holding('standin0011')).toBe(await holding('pd_"real"'));
  });

  const differing: readonly (readonly [string, PlanModel, object?])[] = [
    ['a value', plan(after({ memory: 256 }))],
    ['a nested value', plan(after({ env: { A: '2', TOKEN: 'secret-one' } }))],
    ['what is known only later', plan(change({ afterUnknown: {} }))],
    ['one more', plan(base, change({ address: 'aws_x.z' }))],
    ['one fewer', plan()],
    ['an address', plan(change({ address: 'aws_x.z' }))],
    ['an action', plan(change({ action: 'update', before: base.after }))],
    ['what is taken over', plan(change({ importId: 'i' }))],
    ['the cost', plan(base), { cost: { monthlyTotal: 2, monthlyDelta: 1, unknown: [] } }],
    ['the proof', plan(base), { proof: { phase: 'before-apply', held: false, verdicts: [] } }],
    ['what the verification calls', plan(base), { calls: { ...noCalls, calls: [aCall] } }],
    ['what becomes of a secret', plan(base), { secrets: [aSecret] }],
    [
      'what was overruled',
      plan(base),
      { proof: { phase: 'before-apply', held: true, verdicts: [{ findings: [{ accepted: {} }] }] } },
    ],
  ];
  it.each(differing.map(([what, model, more = {}]) => [what, model, more] as const))(
    'is another where %s differs',
    async (_, model, more) => {
      expect(await digest(model, {}, more)).not.toBe(await digest(plan(base)));
    },
  );

  it('is another where a different thing of the same address goes away', async () => {
    const gone = (id: string): PlanModel => plan(change({ action: 'delete', before: { id }, after: null }));
    expect(await digest(gone('a'))).not.toBe(await digest(gone('b')));
  });

  it('covers a plan with the real secrets in it, fewer changes only of what has woken, and no other', async () => {
    const agreed = await shown(plan(base, after({ plain: 'standin01' })), { K: 'standin01' });
    const real = new SecretValues({ K: 'real-value' });
    expect(agreed.covers(plan(base, after({ plain: 'real-value' })), real, false)).toBe(true);
    expect(agreed.covers(plan(base), real, false)).toBe(false);
    expect(agreed.covers(plan(base), real, true)).toBe(true);
    expect(agreed.covers(plan(base, after({ memory: 1 })), real, true)).toBe(false);
  });
});

it('the digest of any value is told by the value alone', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(digestOf(JSON.parse(JSON.stringify(a)))).toBe(digestOf(a));
      expect(digestOf([a]) === digestOf([b])).toBe(
        JSON.stringify(sorted(a as Json)) === JSON.stringify(sorted(b as Json)),
      );
    }),
  );
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
