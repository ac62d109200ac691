/** What a verification calls, with the real Terraform: functions that leave a mark whenever they run. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './support/world.ts';

let world: World;
let tables: DynamoDBClient;

beforeAll(async () => {
  world = await createWorld({ fixture: 'callers', bucket: 'callers-state' });
  tables = new DynamoDBClient({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
});
afterAll(async () => {
  tables.destroy();
  await world.close();
});

/** Functions that have run since the table was made. */
async function marks(environment: string): Promise<string[]> {
  const { Items = [] } = await tables.send(new ScanCommand({ TableName: `callers-${environment}-marks` }));
  return Items.map(({ who }) => who?.S ?? '').toSorted();
}

const address = (key: string): string => `aws_lambda_function.all["${key}"]`;

const reasons = {
  [address('lone')]: 'no URL, route or trigger of it is known',
  [address('queue')]: 'behind the queue callers-t1-jobs',
  [address('schedule')]: 'behind the schedule callers-t1-nightly',
  [address('task')]: 'behind the workflow callers-t1-daily',
};

describe('the list of calls', () => {
  it('stands in the plan, with what and why, before anything is there', async () => {
    const { exitCode, document } = await world.json(['plan', 't1', 'from=dev']);
    expect([exitCode, document.error]).toEqual([0, null]);
    expect(document.calls?.calls).toEqual([
      {
        subject: address('url'),
        how: 'request',
        what: 'GET /',
        via: 'aws_lambda_function_url.url',
        url: null,
        why: 'behind the Function URL aws_lambda_function_url.url',
      },
    ]);
    expect(
      Object.fromEntries((document.calls?.notCalled ?? []).map(({ subject, why }) => [subject, why])),
    ).toEqual(reasons);
  });
});

describe('provision', () => {
  it('shows the list, calls the function behind the URL and no other, and says so in its verdict', async () => {
    const { exitCode, stdout, stderr } = await world.cli(['t1', 'from=dev', '--yes']);
    expect([exitCode, stderr.includes('Error')]).toEqual([0, false]);
    const list = stdout.indexOf('Verification: 1 call, 4 functions not called');
    expect(list).toBeGreaterThan(0);
    expect(list).toBeLessThan(stdout.indexOf('Execution'));
    expect(stdout).toContain('t1 is provisioned and verified; 4 of 5 functions were not called.');
    expect(await marks('t1')).toEqual(['url']);
  });

  it('keeps what was seen of the others as evidence: code, a dry run, and that nothing was called', async () => {
    const { document } = await world.json(['status', 't1']);
    expect([document.record?.status, document.functions]).toEqual(['verified', { total: 5, notCalled: 4 }]);
    const of = (check: string): Record<string, string> =>
      Object.fromEntries(
        document.evidence.filter((each) => each.check === check).map((each) => [each.subject, each.status]),
      );
    const four = Object.keys(reasons);
    expect(of('function-invocable')).toEqual({
      ...Object.fromEntries(four.map((each) => [each, 'skipped'])),
      [address('url')]: 'pass',
    });
    for (const check of ['function-code', 'function-dry-run'])
      expect(of(check)).toEqual(Object.fromEntries(four.map((each) => [each, 'pass'])));
    for (const check of ['body-is-json', 'no-error-in-body', 'logs-present', 'no-error-in-logs'])
      expect(of(check)).toEqual(of('function-invocable'));
    expect((await world.cli(['status', 't1'])).stdout).toContain(
      'verified; 4 of 5 functions were not called',
    );
    expect((await world.cli(['list'])).stdout).toMatch(/verified; 4 of 5 functions were[^]*not called/);
    const page = await world.cli(['report', 't1', '--format', 'html']);
    expect(page.stdout).toContain('4 of 5 functions were not called');
    expect((await world.cli(['report', 't1', '--markdown'])).stdout).toContain(
      '4 of 5 functions were not called',
    );
  });
});

describe('verify', () => {
  it('lists what it calls before it calls, and with --invoke none calls nothing', async () => {
    const { exitCode, stdout } = await world.cli(['verify', 't1', '--invoke', 'none']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('t1 is verified; 5 of 5 functions were not called.');
    expect(stdout.indexOf('Verification: 0 calls')).toBeLessThan(stdout.indexOf('Layer 1'));
  });

  it('calls all with --invoke all, and then says nothing of functions that were not called', async () => {
    const { exitCode, document } = await world.json(['verify', 't1', '--invoke', 'all']);
    expect([exitCode, document.functions]).toEqual([0, { total: 5, notCalled: 0 }]);
    expect(await marks('t1')).toEqual(['lone', 'queue', 'schedule', 'task', 'url']);
  });

  it('calls what the configuration gives an event, and nothing that it says is not to be called', async () => {
    await world.write(
      'provision-env.config.json',
      JSON.stringify({
        verify: {
          functions: {
            'callers-*-task': { event: { check: 'dry' } },
            'aws_lambda_function.all["url"]': { invoke: false },
          },
        },
      }),
    );
    const { document } = await world.json(['verify', 't1']);
    expect(document.calls?.calls.map(({ subject, how, what, why }) => [subject, how, what, why])).toEqual([
      [address('task'), 'event', '{"check":"dry"}', 'event of verify.functions "callers-*-task"'],
    ]);
    expect(document.functions).toEqual({ total: 5, notCalled: 4 });
  });

  it('fails where a schedule is switched off in the account, though nothing is called', async () => {
    const { EventBridgeClient, DisableRuleCommand } = await import('@aws-sdk/client-eventbridge');
    const client = new EventBridgeClient({
      region: 'ap-southeast-1',
      endpoint: world.sandbox.endpoint,
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    });
    await client.send(new DisableRuleCommand({ Name: 'callers-t1-nightly' }));
    client.destroy();
    const { exitCode, document } = await world.json(['verify', 't1', '--invoke', 'none']);
    expect(exitCode).toBe(4);
    expect(
      document.evidence
        .filter(({ status }) => status === 'fail')
        .map(({ subject, check }) => [subject, check]),
    ).toEqual([['aws_cloudwatch_event_rule.nightly', 'schedule-enabled']]);
  });
});
