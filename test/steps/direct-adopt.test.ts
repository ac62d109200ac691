/** What a run made that was killed before it could say so: found again, and never what is somebody else's. */
import { describe, expect, it } from 'vitest';
import { begunCreations } from '../../src/direct/begun.ts';
import { findMade } from '../../src/steps/direct-adopt.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import type { JournalRow } from '../../src/transfer/store.ts';
import { awsError, failing, fakeClients, type Operations } from '../sweep/fake-account.ts';
import { fakeClock } from '../channels/tools.ts';
import { queueArn, queues, queueUrl } from './queues.ts';

const begunAt = fakeClock().now().getTime() - 60_000;
const begun = { first: begunAt, last: begunAt };
const wanted: JsonObject = { name: 'jobs-feature-x', tags: {} };
const madeBefore = (account: Operations): ReturnType<typeof findMade> =>
  findMade({
    environment: 'feature-x',
    type: 'aws_sqs_queue',
    values: wanted,
    parents: [],
    begun,
    clock: fakeClock(),
    clients: fakeClients(account),
  });

describe('what a killed run has made', () => {
  it('is found again by its name and its mark', async () => {
    const account = queues({ 'jobs-feature-x': { 'provision-env:environment': 'feature-x' } });
    expect((await madeBefore(account))?.id).toBe(queueUrl('jobs-feature-x'));
  });

  it('is found by its name where no listing shows it yet', async () => {
    const account = queues({ 'jobs-feature-x': { 'provision-env:environment': 'feature-x' } });
    const unlisted: Operations = {
      ...account,
      'sqs.listQueues': () => ({ QueueUrls: [] }),
      'sqs.getQueueUrl': () => ({ QueueUrl: queueUrl('jobs-feature-x') }),
    };
    expect(await madeBefore(unlisted)).not.toBeNull();
  });

  it('is waited for a while where only listings tell, and made again after that', async () => {
    let looks = 0;
    const mapping = {
      UUID: 'm1',
      FunctionArn: 'arn:aws:lambda:eu-west-1:1:function:bot-feature-x',
      EventSourceArn: queueArn('jobs-feature-x'),
      BatchSize: 5,
      EventSourceMappingArn: 'arn:aws:lambda:eu-west-1:1:event-source-mapping:m1',
    };
    const account: Operations = {
      'lambda.listEventSourceMappings': () => {
        looks += 1;
        return { EventSourceMappings: looks < 3 ? [] : [mapping] };
      },
      'lambda.getEventSourceMapping': () => mapping,
      'lambda.listTags': () => ({ Tags: { 'provision-env:environment': 'feature-x' } }),
    };
    const find = (at: number, clock = fakeClock()): ReturnType<typeof findMade> =>
      findMade({
        environment: 'feature-x',
        type: 'aws_lambda_event_source_mapping',
        values: { function_name: mapping.FunctionArn, batch_size: 5 },
        parents: [],
        clients: fakeClients(account),
        clock,
        begun: { first: at, last: at },
      });
    const now = fakeClock().now().getTime();
    expect((await find(now - 1_000))?.id).toBe('m1');
    expect(looks).toBe(3);
    looks = -100;
    const clock = fakeClock();
    expect(await find(now - 1_000, clock)).toBeNull();
    expect(clock.pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(20_000);
    const late = fakeClock();
    expect([await find(now - 3_600_000, late), late.pauses]).toEqual([null, []]);
  });

  it('is not what somebody else has made under that name', async () => {
    expect(await madeBefore(queues({ 'jobs-feature-x': {} }))).toBeNull();
    const theirs = queues({ 'jobs-feature-x': { 'provision-env:environment': 'feature-y' } });
    expect(await madeBefore(theirs)).toBeNull();
  });

  it('is not taken for absent where nobody can look', async () => {
    const denied = failing(awsError('AccessDeniedException'));
    await expect(madeBefore({ 'sqs.listQueues': denied })).rejects.toThrow('looking whether');
  });
});

/** Bears no tags: its name, and when it was changed last. */
const dashboard = (LastModified: Date | undefined): Operations => ({
  'cloudwatch.listDashboards': () => ({
    DashboardEntries: [{ DashboardName: 'shop-feature-x', LastModified }],
  }),
  'cloudwatch.getDashboard': () => ({ DashboardName: 'shop-feature-x', DashboardBody: '{"widgets":[]}' }),
});

const boardMadeBefore = (account: Operations): ReturnType<typeof findMade> =>
  findMade({
    environment: 'feature-x',
    type: 'aws_cloudwatch_dashboard',
    values: { dashboard_name: 'shop-feature-x', dashboard_body: '{}' },
    parents: [],
    begun,
    clock: fakeClock(),
    clients: fakeClients(account),
  });

const minutesAfter = (minutes: number): Date => new Date(begunAt + minutes * 60_000);

describe('what a killed run has made, and bears no tags', () => {
  it.each([
    ['a moment later', 1],
    ['a moment earlier, by the clock of the service', -1],
  ])('is found again by its name where it was made %s than the journal says', async (_when, minutes) => {
    expect((await boardMadeBefore(dashboard(minutesAfter(minutes))))?.id).toBe('shop-feature-x');
  });

  it('is not what was there before the journal says that it was begun', async () => {
    expect(await boardMadeBefore(dashboard(minutesAfter(-60)))).toBeNull();
  });
});

describe('what a killed run has made, and is listed without a date', () => {
  const fed = 'arn:aws:lambda:eu-west-1:1:function:bot-feature-x';
  const mappings = (BatchSize: number, environment: string): Operations => ({
    'lambda.listEventSourceMappings': () => ({ EventSourceMappings: [{ UUID: 'u-1', FunctionArn: fed }] }),
    'lambda.getEventSourceMapping': () => ({
      UUID: 'u-1',
      BatchSize,
      FunctionArn: fed,
      EventSourceMappingArn: 'arn:aws:lambda:eu-west-1:1:event-source-mapping:u-1',
    }),
    'lambda.listTags': () => ({ Tags: { 'provision-env:environment': environment } }),
  });
  const find = (account: Operations): ReturnType<typeof findMade> =>
    findMade({
      environment: 'feature-x',
      type: 'aws_lambda_event_source_mapping',
      values: { function_name: fed, batch_size: 5, tags: {} },
      parents: [],
      begun,
      clock: fakeClock(),
      clients: fakeClients(account),
    });

  it('is found again by what it belongs to and what it says, and by its mark, which only the description has', async () => {
    expect((await find(mappings(5, 'feature-x')))?.id).toBe('u-1');
  });

  it('is not what says something else, or bears the mark of another environment', async () => {
    expect(await find(mappings(10, 'feature-x'))).toBeNull();
    expect(await find(mappings(5, 'feature-y'))).toBeNull();
  });
});

describe('the journal', () => {
  const row = (name: string, phase: JournalRow['phase'], at: string): JournalRow => ({
    transfer: 't',
    step: 'rewire',
    name,
    phase,
    version: 1,
    at,
  });

  it('says since when a creation is open: a failed one may have made something, and a second try is no new beginning', () => {
    const open = begunCreations([
      row('apply', 'begin', '2026-05-01T12:00:01.000Z'),
      row('create a', 'begin', '2026-05-01T12:00:02.000Z'),
      row('create a', 'fail', '2026-05-01T12:00:03.000Z'),
      row('create a', 'begin', '2026-05-01T12:00:04.000Z'),
      row('create b', 'begin', '2026-05-01T12:00:05.000Z'),
      row('create b', 'end', '2026-05-01T12:00:06.000Z'),
    ]);
    expect([...open]).toEqual([
      ['a', { first: Date.parse('2026-05-01T12:00:02.000Z'), last: Date.parse('2026-05-01T12:00:04.000Z') }],
    ]);
  });
});
