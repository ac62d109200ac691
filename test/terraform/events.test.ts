import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readUiLine, type UiEvent } from '../../src/terraform/events.ts';

const line = (value: unknown): UiEvent => readUiLine(JSON.stringify(value), '/project');
const hook = (type: string, action: string, more: object = {}): UiEvent =>
  line({ type, hook: { resource: { addr: 'aws_x.y["a"]' }, action, ...more } });

describe('readUiLine', () => {
  it('follows each resource', () => {
    expect(hook('apply_start', 'create')).toEqual({
      type: 'resource',
      address: 'aws_x.y["a"]',
      action: 'create',
      phase: 'started',
      elapsedSeconds: 0,
    });
    expect(hook('apply_progress', 'delete', { elapsed_seconds: 10 })).toMatchObject({
      action: 'delete',
      phase: 'progress',
      elapsedSeconds: 10,
    });
    expect(hook('apply_complete', 'update')).toMatchObject({ phase: 'done' });
    expect(hook('apply_errored', 'create')).toMatchObject({ phase: 'failed' });
    expect(hook('apply_complete', 'remove')).toMatchObject({ action: 'forget' });
  });

  it('leaves the values of sensitive outputs out', () => {
    const outputs = {
      url: { sensitive: false, value: 'https://x' },
      token: { sensitive: true, value: 's3cr3t' },
      next: { sensitive: false },
    };
    expect(line({ type: 'outputs', outputs })).toEqual({ type: 'outputs', outputs: { url: 'https://x' } });
  });

  it('reads the summary', () => {
    const changes = { add: 3, change: 0, import: 0, remove: 1, operation: 'plan' };
    expect(line({ type: 'change_summary', changes })).toMatchObject({
      operation: 'plan',
      changes: { add: 3, remove: 1 },
    });
  });

  it.each([
    ['text', 'Error: no'],
    ['broken JSON', '{"type":'],
    ['a new kind of line', '{"type":"ephemeral_op_start"}'],
    ['a new action', '{"type":"apply_start","hook":{"resource":{"addr":"a.b"},"action":"transmute"}}'],
    ['a hook without address', '{"type":"apply_start","hook":{}}'],
    ['a diagnostic without a summary', '{"type":"diagnostic","diagnostic":{}}'],
  ])('passes over %s', (_what, text) => {
    expect(readUiLine(text, '/project')).toEqual({ type: 'other' });
  });

  it('reads what a failed apply really printed', async () => {
    const golden = path.join(import.meta.dirname, '../golden/diagnostics/apply-already-exists.jsonl');
    const events = (await readFile(golden, 'utf8')).split('\n').map((text) => readUiLine(text, '/project'));
    const resources = events.filter((event) => event.type === 'resource');
    expect(resources.map(({ phase }) => phase).join(' ')).toBe(
      'started started started failed failed failed',
    );
    const errors = events.filter(
      (event) => event.type === 'diagnostic' && event.diagnostic.severity === 'error',
    );
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatchObject({
      diagnostic: { address: 'aws_dynamodb_table.watchlist', where: { file: '/project/main.tf', line: 29 } },
    });
  });
});
