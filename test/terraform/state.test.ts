import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { assert, nat, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, modulePathOf } from '../../src/terraform/address.ts';
import { parseState } from '../../src/terraform/state.ts';
import { isProvisionError } from '../../src/transfer/errors.ts';
import type { Json } from '../../src/transfer/json.ts';

const golden = path.join(import.meta.dirname, '../golden/daily-report');

function stateWith(...resources: Json[]): Json {
  return { version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'abc', outputs: {}, resources };
}

function resource(extra: Record<string, Json>): Json {
  return { mode: 'managed', type: 'aws_sqs_queue', name: 'jobs', provider: 'x', instances: [], ...extra };
}

function failure(state: string | Json): { code: string; message: string; hint: string | undefined } {
  try {
    parseState(state);
  } catch (error) {
    if (isProvisionError(error)) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('the state was read');
}

describe('parseState', () => {
  it('reads the state that Terraform wrote for the example', async () => {
    const state = parseState(await readFile(path.join(golden, 'dev.state.json'), 'utf8'));
    expect(state.resources.length).toBeGreaterThan(20);
    expect(state.deposed).toBeUndefined();
    const bot = state.resources.find(({ address }) => address === 'aws_lambda_function.line_bot');
    expect(bot).toMatchObject({
      mode: 'managed',
      modulePath: '',
      tainted: false,
      values: { runtime: 'nodejs22.x' },
    });
    expect(bot?.sensitivePaths).toContain('environment.0.variables.LINE_CHANNEL_SECRET');
    expect(state.resources.map(({ address }) => address)).toContain('aws_rds_cluster.aurora[0]');
  });

  it('gives addresses with instance keys and module paths without them', () => {
    const state = parseState(
      stateWith(
        resource({
          module: 'module.api["eu.west\\"]"].module.inner[0]',
          instances: [{ index_key: 2, attributes: {} }],
        }),
        resource({ mode: 'data', name: 'other', instances: [{ index_key: 'a"${b}', attributes: null }] }),
      ),
    );
    expect(state.resources.map(({ address, modulePath }) => [address, modulePath])).toEqual([
      ['module.api["eu.west\\"]"].module.inner[0].aws_sqs_queue.jobs[2]', 'api.inner'],
      ['data.aws_sqs_queue.other["a\\"$${b}"]', ''],
    ]);
  });

  it('marks what is tainted and keeps deposed objects apart', () => {
    const state = parseState(
      stateWith(
        resource({
          instances: [
            { status: 'tainted', attributes: { name: 'new' } },
            { deposed: '00000001', attributes: { name: 'old' } },
          ],
        }),
      ),
    );
    expect(state.resources).toMatchObject([{ address: 'aws_sqs_queue.jobs', tainted: true }]);
    expect(state.deposed).toMatchObject([
      { address: 'aws_sqs_queue.jobs (deposed 00000001)', values: { name: 'old' } },
    ]);
  });

  it('never gives out the value of a sensitive output', () => {
    const state = parseState({
      ...(stateWith() as Record<string, Json>),
      outputs: {
        url: { value: 'https://x', type: 'string' },
        nothing: { type: 'string' },
        token: { value: 's3cr3t', type: 'string', sensitive: true },
      },
    });
    expect(state.outputs).toEqual({ url: 'https://x', nothing: null });
    expect(state.sensitiveOutputs).toEqual(['token']);
    expect(JSON.stringify(state)).not.toContain('s3cr3t');
  });

  it.each([
    ['an empty file', '', 'empty file'],
    ['no JSON', '{"version":', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['an old version', '{"version":3}', 'format version 3'],
    ['a newer version', '{"version":5}', 'format version 5'],
    ['no version', '{}', 'format version none'],
    ['the output of show', '{"format_version":"1.0"}', 'terraform show -json'],
    ['an encrypted state', '{"encrypted_data":"x"}', 'encrypted'],
    ['no lineage', '{"version":4,"terraform_version":"1.0.0","serial":1}', 'at lineage'],
  ])('refuses %s and says so', (_what, text, message) => {
    const error = failure(text);
    expect(error.code).toBe('state-unreadable');
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });

  it('names the resource whose attributes have the form of Terraform 0.11', () => {
    expect(failure(stateWith(resource({ instances: [{ attributes_flat: {} }] }))).message).toContain(
      'aws_sqs_queue.jobs',
    );
  });
});

describe('addresses', () => {
  it('lose their instance keys whatever stands in these', () => {
    assert(
      property(string(), nat(), (key, index) => {
        const outer = addressOf({ mode: 'managed', type: 'module', name: 'api', key });
        expect(modulePathOf(`${outer}.module.inner[${index}]`)).toBe('api.inner');
      }),
    );
  });
});
