import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/schema.ts';
import { createRename } from '../../src/environment/rename.ts';
import { stepBlocks } from '../../src/report/steps.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { TransferContext } from '../../src/steps/context.ts';
import { mapResources } from '../../src/steps/map.ts';
import { readDeclarations } from '../../src/terraform/declarations.ts';
import { parsePlan } from '../../src/terraform/plan.ts';
import { parseState } from '../../src/terraform/state.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { Finding } from '../../src/transfer/finding.ts';

const root = join(import.meta.dirname, '..', '..');
const golden = (name: string) => readFile(join(root, 'test', 'golden', 'daily-report', name), 'utf8');

/** As much of a transfer as step 4 looks at, with what the real Terraform wrote. */
async function context(more: { max?: number; configured?: number }): Promise<TransferContext> {
  const config = defaultConfig();
  const findings: Finding[] = [];
  const told: unknown[] = [];
  return {
    config: { ...config, costs: { ...config.costs, max: more.configured } },
    request: { source: 'dev', target: 'feature-auth', maxMonthly: more.max },
    target: { name: 'feature-auth' },
    types: resourceTypes,
    rename: createRename('dev', 'feature-auth'),
    host: { notify: (event: unknown) => void told.push(event) },
    signal: new AbortController().signal,
    findings,
    workspace: { plan: async () => parsePlan(await golden('feature-auth.plan.json')) },
    sourceState: async () => parseState(await golden('dev.state.json')),
    declarations: () => readDeclarations(join(root, 'examples', 'daily-report', 'terraform')),
    secrets: async () => ({ classified: [] }),
    place: async () => null,
  } as unknown as TransferContext;
}

describe('step 4 with a maximum', () => {
  it('goes on where the target may cost what it costs', async () => {
    const open = await context({ max: 73.4 });
    const { status, output } = await mapResources(open);
    expect({ status, findings: open.findings }).toEqual({ status: 'done', findings: [] });
    expect(output.cost.monthlyDelta).toBe(73.4);
  });

  it.each([{ max: 73.39 }, { configured: 20 }, { max: 73.39, configured: 100 }])(
    'ends the run before anything is changed where it may not: %o',
    async (limits) => {
      const open = await context(limits);
      const { status, output } = await mapResources(open);
      expect(status).toBe('blocked');
      expect(open.findings).toEqual([
        expect.objectContaining({ rule: 'cost-max', severity: 'error', subject: 'feature-auth' }),
      ]);
      expect(output.findings).toEqual(open.findings);
    },
  );

  it('takes the one on the command line before the one in the configuration', async () => {
    expect((await mapResources(await context({ max: 100, configured: 20 }))).status).toBe('done');
  });

  it('tells of an update what it changes of what is paid now', async () => {
    const open = await context({});
    const plan = parsePlan(await golden('feature-auth.plan.json'));
    const { resources } = parseState(await golden('feature-auth.state.json'));
    const held = new Map(resources.map(({ address, values }) => [address, values]));
    // All of it is there already, but for the secret of 0.40.
    const changes = plan.changes.map((change) =>
      change.type === 'aws_secretsmanager_secret'
        ? change
        : { ...change, action: 'no-op' as const, before: held.get(change.address) ?? null },
    );
    open.workspace.plan = async () => ({ ...plan, changes });
    expect((await mapResources(open)).output.cost).toMatchObject({ monthlyTotal: 73.4, monthlyChange: 0.4 });
  });

  it('shows the table and the arithmetic', async () => {
    const { output } = await mapResources(await context({}));
    const text = toMarkdown(stepBlocks({ id: 'map', status: 'done', durationMs: 1, output })).replaceAll(
      '&#36;',
      '$',
    );
    expect(text).toContain('0.5 ACU × 730 h × $0.20 = $73.00');
  });
});
