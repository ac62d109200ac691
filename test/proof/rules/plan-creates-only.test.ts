import { describe, expect, it } from 'vitest';
import { held, judged, planned, stateOf, withChange, withPlanned, withTarget, world } from '../build.ts';

const id = 'plan-creates-only';
const table = 'aws_dynamodb_table.items';

describe('a first provision', () => {
  it.each(['update', 'delete', 'replace', 'forget'] as const)('may not %s', (action) => {
    const found = judged(id, withChange(world(), table, { action }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: 'error', subject: table });
    expect(found[0]?.hint).toContain("plan against dev's state");
  });

  it.each(['create', 'read', 'no-op'] as const)('may %s', (action) => {
    expect(judged(id, withChange(world(), table, { action }))).toEqual([]);
  });

  it('may not take over what exists', () => {
    const found = judged(id, withChange(world(), table, { importId: 'old-items' }));
    expect(found[0]?.message).toContain('import old-items');
  });

  it('may read anything', () => {
    const data = planned('data.aws_iam_policy_document.x', {}, { action: 'read' });
    expect(judged(id, withPlanned(world(), data))).toEqual([]);
  });

  it('does not speak of the source where the address is not in it', () => {
    const found = judged(id, withPlanned(world(), planned('aws_sqs_queue.new', {}, { action: 'delete' })));
    expect(found[0]?.hint).not.toContain("plan against dev's state");
  });
});

describe('a further provision', () => {
  const ours = withTarget(world(), {
    ours: true,
    state: stateOf([held(table, { name: 'app-items-feature-auth' })], { lineage: 'ours' }),
  });

  it('may change what lies in its own state', () => {
    expect(judged(id, withChange(ours, table, { action: 'update' }))).toEqual([]);
    expect(judged(id, withChange(ours, table, { action: 'forget' }))).toEqual([]);
  });

  it('may move what lies in its own state, and change it on the way', () => {
    const moved = (previousAddress: string) =>
      withPlanned(
        ours,
        planned('aws_dynamodb_table.renamed', {}, { action: 'update', before: {}, previousAddress }),
      );
    expect(judged(id, moved(table))).toEqual([]);
    expect(judged(id, moved('aws_dynamodb_table.foreign'))).toMatchObject([{ severity: 'error' }]);
  });

  it.each(['delete', 'replace'] as const)('is warned of a %s that loses data', (action) => {
    const found = judged(id, withChange(ours, table, { action }));
    expect(found).toMatchObject([{ severity: 'warning', subject: table }]);
  });

  it('is warned where nobody knows whether what is destroyed holds data', () => {
    const address = 'aws_brand_new_store.x';
    const state = stateOf([held(address, {})], { lineage: 'ours' });
    const found = judged(
      id,
      withPlanned(withTarget(ours, { state }), planned(address, {}, { action: 'delete' })),
    );
    expect(found.filter(({ subject }) => subject === address)).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('not known') },
    ]);
  });

  it.each([
    [
      'aws_cloudwatch_log_group.bot',
      { retention_in_days: 30 },
      { retention_in_days: 3 },
      'warning',
      'deletes data',
    ],
    [
      table,
      { point_in_time_recovery: [{ enabled: true }] },
      { point_in_time_recovery: [{ enabled: false }] },
      'warning',
      'shortens how long data can be restored',
    ],
    [
      table,
      { deletion_protection_enabled: true },
      { deletion_protection_enabled: false },
      'info',
      'lets a later deletion lose data',
    ],
  ] as const)('says what an update of %s loses', (address, before, after, severity, words) => {
    const world = withTarget(ours, { state: stateOf([held(address, before)], { lineage: 'ours' }) });
    const found = judged(id, withChange(world, address, { action: 'update', before, after }));
    expect(found).toMatchObject([
      { severity, subject: address, message: expect.stringContaining(words) as string },
    ]);
  });

  it('may not change what does not lie in it', () => {
    const found = judged(id, withChange(ours, 'aws_sqs_queue.jobs', { action: 'update' }));
    expect(found).toMatchObject([{ severity: 'error', subject: 'aws_sqs_queue.jobs' }]);
  });

  it('may remove what a failed replacement of its own left', () => {
    const deposed = planned(`${table} (deposed 0a1b2c3d)`, {}, { action: 'delete' });
    expect(judged(id, withPlanned(ours, { ...deposed, type: 'aws_dynamodb_table' }))).toMatchObject([
      { severity: 'warning' },
    ]);
  });
});
