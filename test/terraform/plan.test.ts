import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/terraform/plan.ts';
import { isProvisionError } from '../../src/transfer/errors.ts';
import type { Json } from '../../src/transfer/json.ts';

const golden = path.join(import.meta.dirname, '../golden/daily-report');

function change(actions: string[], extra: Record<string, Json> = {}): Json {
  return {
    address: 'aws_sqs_queue.jobs',
    mode: 'managed',
    type: 'aws_sqs_queue',
    name: 'jobs',
    change: {
      actions,
      before: null,
      after: {},
      after_unknown: {},
      before_sensitive: false,
      after_sensitive: {},
    },
    ...extra,
  };
}

function planWith(extra: Record<string, Json>): Json {
  return { format_version: '1.2', terraform_version: '1.11.4', ...extra };
}

function messageOf(plan: string | Json): string {
  try {
    parsePlan(plan);
  } catch (error) {
    if (isProvisionError(error) && error.code === 'output-unreadable') return error.message;
    throw error;
  }
  throw new Error('the plan was read');
}

describe('parsePlan', () => {
  it('reads a first provision: creations, data sources with values, variables', async () => {
    const plan = parsePlan(await readFile(path.join(golden, 'feature-auth.plan.json'), 'utf8'));
    const managed = plan.changes.filter(({ mode }) => mode === 'managed');
    expect(managed.length).toBeGreaterThan(20);
    expect(new Set(managed.map(({ action }) => action))).toEqual(new Set(['create']));
    expect(plan.variables['environment']).toBe('feature-auth');
    expect(plan.dataSources.map(({ address }) => address)).toContain('data.aws_vpc.default');
    expect(plan.dataSources.every(({ mode }) => mode === 'data')).toBe(true);
    expect(Object.values(plan.outputChanges)).toContain('create');
  });

  it('never gives out a variable that is declared sensitive', async () => {
    const text = await readFile(path.join(golden, 'feature-auth.plan.json'), 'utf8');
    const raw = JSON.parse(text) as {
      configuration: { root_module: { variables: Record<string, { sensitive?: boolean }> } };
    };
    const declared = raw.configuration.root_module.variables;
    const sensitive = Object.keys(declared).filter((name) => declared[name]?.sensitive);
    expect(sensitive.length).toBeGreaterThan(0);
    const { variables } = parsePlan(text);
    expect(Object.keys(variables).filter((name) => sensitive.includes(name))).toEqual([]);
  });

  it("sees what the wrong state would do: replacements of dev's own resources", async () => {
    const plan = parsePlan(await readFile(path.join(golden, 'dev.plan-against-dev-state.json'), 'utf8'));
    const actions = new Set(plan.changes.map(({ action }) => action));
    expect(actions).toContain('replace');
    expect(plan.changes.find(({ action }) => action === 'replace')?.before).not.toBeNull();
  });

  it.each([
    [['no-op'], 'no-op'],
    [['create'], 'create'],
    [['read'], 'read'],
    [['update'], 'update'],
    [['delete'], 'delete'],
    [['forget'], 'forget'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['create', 'forget'], 'replace'],
  ])('reads %j as %s', (actions, expected) => {
    expect(parsePlan(planWith({ resource_changes: [change(actions)] })).changes[0]?.action).toBe(expected);
  });

  it('refuses an action it does not know rather than taking it for a harmless one', () => {
    expect(messageOf(planWith({ resource_changes: [change(['transmute'])] }))).toContain(
      'unknown action for aws_sqs_queue.jobs: transmute',
    );
  });

  it('tells deposed objects, imports and modules', () => {
    const { changes } = parsePlan(
      planWith({
        resource_changes: [
          change(['delete'], { deposed: '00000001' }),
          change(['no-op'], {
            address: 'module.a["x.y"].aws_sqs_queue.jobs',
            module_address: 'module.a["x.y"]',
            previous_address: 'module.a.aws_sqs_queue.before',
            change: { actions: ['no-op'], before: {}, after: {}, importing: { id: 'jobs-dev' } },
          }),
          change(['open'], { mode: 'ephemeral' }),
        ],
      }),
    );
    expect(changes).toMatchObject([
      { address: 'aws_sqs_queue.jobs (deposed 00000001)', action: 'delete' },
      { modulePath: 'a', importId: 'jobs-dev', previousAddress: 'module.a.aws_sqs_queue.before' },
    ]);
    expect(changes).toHaveLength(2);
  });

  it('finds data sources in modules, what was read before what is still to be read', () => {
    const data = (values: Json): Json => ({
      root_module: {
        child_modules: [
          {
            address: 'module.net[0]',
            resources: [
              {
                address: 'module.net[0].data.aws_vpc.main',
                mode: 'data',
                type: 'aws_vpc',
                name: 'main',
                values,
                sensitive_values: { tags: { secret: true }, list: [false, { x: true }] },
              },
            ],
          },
        ],
      },
    });
    const plan = parsePlan(
      planWith({ planned_values: data({ id: null }), prior_state: { values: data({ id: 'vpc-1' }) } }),
    );
    expect(plan.dataSources).toEqual([
      expect.objectContaining({
        address: 'module.net[0].data.aws_vpc.main',
        modulePath: 'net',
        values: { id: 'vpc-1' },
        sensitivePaths: ['list.1.x', 'tags.secret'],
      }),
    ]);
  });

  it.each([
    ['no JSON', 'Error: no', 'did not print JSON'],
    ['another major version', '{"format_version":"2.0","terraform_version":"9.0.0"}', 'format version 2.0'],
    ['a list', '[]', 'at its top'],
  ])('refuses %s', (_what, text, message) => {
    expect(messageOf(text)).toContain(message);
  });
});
