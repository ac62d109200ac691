/** The rules on what the real terraform wrote for examples/daily-report. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRename } from '../../src/environment/rename.ts';
import { prove } from '../../src/proof/prove.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import { readDeclarations } from '../../src/terraform/declarations.ts';
import type { Declarations, PlanModel, StateModel } from '../../src/terraform/model.ts';
import { parsePlan } from '../../src/terraform/plan.ts';
import { parseState } from '../../src/terraform/state.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { errorsOf, findingsOf } from './build.ts';

const root = join(import.meta.dirname, '..', '..');
const golden = (name: string): Promise<string> =>
  readFile(join(root, 'test', 'golden', 'daily-report', name), 'utf8');

let dev: StateModel;
let made: StateModel;
let plan: PlanModel;
let mistake: PlanModel;
let declarations: Declarations;

beforeAll(async () => {
  declarations = await readDeclarations(join(root, 'examples', 'daily-report', 'terraform'));
  dev = parseState(await golden('dev.state.json'));
  made = parseState(await golden('feature-auth.state.json'));
  plan = parsePlan(await golden('feature-auth.plan.json'));
  mistake = parsePlan(await golden('dev.plan-against-dev-state.json'));
});

function input(
  target: Partial<ProofInput['target']>,
  phase: ProofInput['phase'] = 'before-apply',
): ProofInput {
  const fingerprint = { lineage: dev.lineage, serial: dev.serial, observed: {} };
  return {
    phase,
    source: {
      name: 'dev',
      state: dev,
      stateLocation: 's3://states/dev.tfstate',
      variables: { environment: 'dev' },
      fingerprintBefore: fingerprint,
      fingerprintAfter: fingerprint,
    },
    target: {
      name: 'feature-auth',
      state: null,
      stateLocation: 's3://states/feature-auth.tfstate',
      plan: null,
      variables: { environment: 'feature-auth' },
      ours: false,
      protected: false,
      ...target,
    },
    others: [],
    declarations,
    environmentVariable: 'environment',
    rename: createRename('dev', 'feature-auth', ['staging']),
    types: resourceTypes,
    shared: [],
  };
}

describe('the plan of feature-auth', () => {
  it('holds', () => {
    const proof = prove(input({ plan }));
    expect(errorsOf(proof)).toEqual([]);
    expect(findingsOf(proof).filter(({ severity }) => severity === 'warning')).toEqual([]);
    expect(proof.held).toBe(true);
    expect(proof.coverage.unknown).toEqual([]);
    expect(proof.coverage.handled).toBe(48);
  });

  it('holds again on what was made', () => {
    const proof = prove(input({ state: made, ours: true }, 'after-apply'));
    expect(errorsOf(proof)).toEqual([]);
    expect(proof.held).toBe(true);
    expect(proof.verdicts.flatMap(({ undecided }) => undecided)).toEqual([]);
  });
});

describe("the quick start's mistake: the plan against dev's state", () => {
  it('is blocked', () => {
    const proof = prove(input({ plan: mistake, state: dev, stateLocation: 's3://states/dev.tfstate' }));
    const rules = new Set(errorsOf(proof).map(({ rule }) => rule));
    expect(proof.held).toBe(false);
    expect(rules).toContain('state-own');
    expect(rules).toContain('plan-creates-only');
    const replaced = errorsOf(proof).filter(({ rule }) => rule === 'plan-creates-only');
    expect(replaced.length).toBe(45);
    expect(replaced[0]?.hint).toContain("dev's state");
  });

  it('is blocked too where the state is a copy under another key', () => {
    const proof = prove(input({ plan: mistake, state: dev }));
    const found = errorsOf(proof).filter(({ rule }) => rule === 'state-own');
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('copy');
  });
});
