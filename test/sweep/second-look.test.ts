/** Listings that lag behind: what was just made is not taken for gone, and what was just deleted not for left. */
import { describe, expect, it } from 'vitest';
import { searchEnvironment } from '../../src/steps/sweep-account.ts';
import { makeReceipt, type SweepReceipt, toFound } from '../../src/sweep/receipt.ts';
import type { EnvironmentRecord, RecordedResource } from '../../src/transfer/record.ts';
import type { JournalRow } from '../../src/transfer/store.ts';
import { type FakeClock, fakeClock, fakeHost } from '../channels/tools.ts';
import { aRecord } from '../support/record.ts';
import { awsError, failing, fakeClients, type Operations } from './fake-account.ts';

const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:1:function:${name}`;

const bot: RecordedResource = {
  address: 'aws_lambda_function.bot',
  type: 'aws_lambda_function',
  identity: 'bot-feature-auth',
  id: 'bot-feature-auth',
  arn: functionArn('bot-feature-auth'),
};
const role: RecordedResource = {
  address: 'aws_iam_role.bot',
  type: 'aws_iam_role',
  identity: 'role-feature-auth',
  id: 'role-feature-auth',
  arn: 'arn:aws:iam::1:role/role-feature-auth',
};

const listsFunction: Operations = {
  'lambda.listFunctions': () => ({
    Functions: [{ FunctionName: 'bot-feature-auth', FunctionArn: functionArn('bot-feature-auth') }],
  }),
};
const noFunction: Operations = {
  'lambda.getFunctionConfiguration': failing(awsError('ResourceNotFoundException')),
};
const noRole: Operations = { 'iam.getRole': failing(awsError('NoSuchEntityException')) };

interface Looked {
  readonly receipt: SweepReceipt;
  readonly clock: FakeClock;
}

async function look(
  account: Operations,
  more: {
    readonly record?: Partial<EnvironmentRecord>;
    readonly journal?: readonly JournalRow[];
    readonly others?: readonly RecordedResource[];
    readonly regions?: readonly string[];
  } = {},
): Promise<Looked> {
  const record = aRecord({ resources: [bot], ...more.record });
  const clock = fakeClock();
  const clients = fakeClients(account);
  const { looked, things, unreadable } = await searchEnvironment({
    scope: {
      environment: 'feature-auth',
      resources: record.resources,
      others: [{ name: 'dev', resources: more.others ?? [] }],
    },
    record,
    regions: more.regions ?? ['eu-west-1'],
    clientsFor: () => clients,
    clock,
    host: fakeHost([]),
    journal: more.journal ?? [],
    ...(record.status === 'destroyed' ? { destroyed: record.updated } : {}),
  });
  const found = things.map((thing) =>
    toFound(thing, thing.item.leaving === undefined ? 'found' : 'pending', thing.item.leaving ?? null),
  );
  return { receipt: makeReceipt('feature-auth', 'look', looked, found, unreadable), clock };
}

const ids = (found: SweepReceipt['found']): string[] => found.map(({ id }) => id).sort();

/** As long after the fake clock's beginning as anything takes to be forgotten. */
const justNow = '2026-11-23T09:59:50Z';

describe('made, and not listed yet', () => {
  it('is found by what its record names, and never called clean', async () => {
    const { receipt } = await look({});
    expect(ids(receipt.left)).toEqual(['bot-feature-auth']);
    expect(receipt.left[0]?.reason).toBe('in its record: aws_lambda_function.bot; no listing shows it yet');
    expect(receipt.clean).toBe(false);
  });

  it('is gone only where an exact look says so', async () => {
    const { receipt } = await look(noFunction);
    expect([receipt.clean, receipt.found, receipt.unreadable]).toEqual([true, [], []]);
  });

  it('is unreadable where the exact look may not be taken, with the permission', async () => {
    const denied = failing(awsError('AccessDeniedException'));
    const { receipt } = await look({ 'lambda.getFunctionConfiguration': denied });
    expect(receipt.unreadable).toEqual([
      {
        service: 'lambda',
        type: 'aws_lambda_function',
        region: 'eu-west-1',
        reason: 'aws_lambda_function.bot: access denied: lambda:GetFunctionConfiguration is not allowed',
        permission: 'lambda:GetFunctionConfiguration',
      },
    ]);
    expect(receipt.clean).toBe(false);
  });

  it('is told once, however many regions are looked at', async () => {
    const { receipt } = await look(
      {},
      { record: { resources: [bot, role] }, regions: ['eu-west-1', 'us-east-1'] },
    );
    expect(receipt.left.map(({ id, region }) => [id, region])).toEqual([
      ['bot-feature-auth', 'eu-west-1'],
      ['role-feature-auth', 'global'],
    ]);
  });

  it('is told once where it is listed', async () => {
    const { receipt } = await look(listsFunction);
    expect(receipt.left.map(({ reason }) => reason)).toEqual(['in its record: aws_lambda_function.bot']);
  });

  it('is told with its recovery window, which a removal ends at once', async () => {
    const ARN = 'arn:aws:secretsmanager:eu-west-1:1:secret:token-feature-auth-AbCdEf';
    const { receipt } = await look(
      {
        'secretsmanager.listSecrets': () => ({ SecretList: [{ ARN, Name: 'token-feature-auth' }] }),
        'secretsmanager.describeSecret': () => ({ ARN, DeletedDate: new Date('2026-12-07T00:00:00Z') }),
      },
      { record: { resources: [] } },
    );
    expect(receipt.suspected.map(({ state, reason }) => [state, reason])).toEqual([
      ['found', expect.stringMatching(/^its name bears .+; .+ recovery window is over, on 2026-12-07$/)],
    ]);
  });

  it('is not ours where another environment has it too', async () => {
    const { receipt } = await look({}, { others: [bot] });
    expect([receipt.clean, receipt.found]).toEqual([true, []]);
  });

  it('is on its way out where the exact look says so', async () => {
    const table: RecordedResource = {
      address: 'aws_dynamodb_table.items',
      type: 'aws_dynamodb_table',
      identity: 'items-feature-auth',
      id: 'items-feature-auth',
      arn: 'arn:aws:dynamodb:eu-west-1:1:table/items-feature-auth',
    };
    const { receipt } = await look(
      { 'dynamodb.describeTable': () => ({ Table: { TableStatus: 'DELETING' } }) },
      { record: { resources: [table] } },
    );
    expect(receipt.found.map(({ id, state }) => [id, state])).toEqual([['items-feature-auth', 'pending']]);
    expect(receipt.clean).toBe(true);
  });
});

describe('begun by a run that was killed', () => {
  const row = (phase: JournalRow['phase'], more: Partial<JournalRow> = {}): JournalRow => ({
    transfer: 't',
    step: 'rewire',
    name: 'create live.aws_iam_role.bot',
    phase,
    version: 1,
    at: justNow,
    ...more,
  });
  const begun = row('begin', {
    output: { type: 'aws_iam_role', values: { name: 'worker-feature-auth' } },
  });
  const tagged = (Value: string): Operations => ({
    'iam.listRoleTags': () => ({ Tags: [{ Key: 'provision-env:environment', Value }] }),
  });
  const options = { record: { resources: [] }, journal: [begun] };

  it('is found by its name, and ours with its mark', async () => {
    const { receipt } = await look(tagged('feature-auth'), options);
    expect(receipt.left.map(({ id, reason }) => [id, reason])).toEqual([
      ['worker-feature-auth', 'it has its ownership tag; a run had begun to make it (live.aws_iam_role.bot)'],
    ]);
  });

  it('is suspected without a mark, and nothing at all with that of another', async () => {
    const { receipt } = await look({}, options);
    expect([ids(receipt.found), ids(receipt.suspected)]).toEqual([[], ['worker-feature-auth']]);
    const theirs = await look(tagged('other'), options);
    expect(theirs.receipt.clean).toBe(true);
  });

  it('is not asked for once the journal knows its end', async () => {
    const { receipt } = await look({}, { ...options, journal: [begun, row('end')] });
    expect(receipt.clean).toBe(true);
  });

  it('is unreadable where nobody may look', async () => {
    const { receipt } = await look({ 'iam.getRole': failing(awsError('AccessDeniedException')) }, options);
    expect(receipt.unreadable.map(({ type, permission }) => [type, permission])).toEqual([
      ['aws_iam_role', 'iam:GetRole'],
    ]);
    expect(receipt.clean).toBe(false);
  });
});

describe('deleted, and still listed', () => {
  it('is not left where an exact look does not find it', async () => {
    const { receipt, clock } = await look({ ...listsFunction, ...noFunction });
    expect([receipt.clean, receipt.found]).toEqual([true, []]);
    expect(clock.pauses).toEqual([]);
  });

  it('is not suspected either', async () => {
    const { receipt } = await look({
      ...noFunction,
      ...noRole,
      'iam.listRoles': () => ({ Roles: [{ RoleName: 'job-feature-auth' }] }),
    });
    expect([receipt.clean, receipt.suspected]).toEqual([true, []]);
  });

  it('keeps the word of the listing where the exact look fails', async () => {
    const { receipt } = await look({
      ...listsFunction,
      'lambda.getFunctionConfiguration': failing(awsError('ServiceException', 'no', 500)),
    });
    expect(ids(receipt.left)).toEqual(['bot-feature-auth']);
  });

  it('is waited for, a minute at most, where the environment was destroyed just now', async () => {
    let shown = 3;
    const account: Operations = {
      ...listsFunction,
      'lambda.getFunctionConfiguration': () => {
        shown -= 1;
        if (shown < 0) throw awsError('ResourceNotFoundException');
        return { State: 'Active' };
      },
    };
    const destroyed = { status: 'destroyed', updated: justNow } as const;
    const waited = await look(account, { record: { resources: [bot], ...destroyed } });
    expect([waited.receipt.clean, waited.clock.pauses]).toEqual([true, [500, 1_000, 2_000]]);
    const left = await look(listsFunction, { record: { resources: [bot], ...destroyed } });
    expect(ids(left.receipt.left)).toEqual(['bot-feature-auth']);
    expect(left.clock.pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(60_000);
    const longAgo = await look(listsFunction, {
      record: { resources: [bot], status: 'destroyed', updated: '2026-11-01T00:00:00Z' },
    });
    expect([ids(longAgo.receipt.left), longAgo.clock.pauses]).toEqual([['bot-feature-auth'], []]);
  });

  it('is waited for where an earlier sweep has removed it, and nothing else is', async () => {
    let shown = 2;
    const { receipt, clock } = await look(
      {
        ...noFunction,
        'iam.listRoles': () => ({
          Roles: [{ RoleName: 'job-feature-auth' }, { RoleName: 'other-feature-auth' }],
        }),
        'iam.getRole': ({ RoleName }) => {
          if (RoleName === 'job-feature-auth') shown -= 1;
          if (shown < 0 && RoleName === 'job-feature-auth') throw awsError('NoSuchEntityException');
          return {};
        },
      },
      {
        journal: [
          {
            transfer: 'sweep-1',
            step: 'sweep',
            name: 'aws_iam_role job-feature-auth',
            phase: 'end',
            version: 1,
            at: justNow,
          },
        ],
      },
    );
    expect(ids(receipt.suspected)).toEqual(['other-feature-auth']);
    expect(clock.pauses).toEqual([500, 1_000]);
  });
});

describe('accounts that nobody expects', () => {
  it('has a region that is not enabled: it is told once, and all else is looked at', async () => {
    const refused = failing(awsError('InvalidClientTokenId', 'no', 403));
    const far: RecordedResource = {
      ...bot,
      address: 'far',
      id: 'far',
      identity: 'far',
      arn: functionArn('far'),
    };
    const record = aRecord({
      resources: [bot, { ...far, arn: functionArn('far').replace('eu-west-1', 'ap-east-1') }],
    });
    const closed = new Proxy<Operations>({}, { get: () => refused });
    const { unreadable, things } = await searchEnvironment({
      scope: { environment: 'feature-auth', resources: record.resources, others: [] },
      record,
      regions: ['eu-west-1', 'ap-east-1'],
      clientsFor: (region) => fakeClients(region === 'ap-east-1' ? closed : listsFunction),
      clock: fakeClock(),
      host: fakeHost([]),
    });
    expect(unreadable).toEqual([
      expect.objectContaining({
        region: 'ap-east-1',
        reason: 'the region is not enabled for this account, or refuses its credentials',
      }),
    ]);
    expect(things.map(({ item }) => item.id)).toEqual(['bot-feature-auth']);
  });

  it('refuses the credentials in its first region too: then they are what is wrong', async () => {
    const refused = failing(awsError('InvalidClientTokenId', 'no', 403));
    await expect(
      look(
        { 'sts.getCallerIdentity': refused, 'lambda.listFunctions': refused },
        {
          regions: ['eu-west-1', 'ap-east-1'],
        },
      ),
    ).rejects.toMatchObject({ code: 'credentials-expired' });
  });

  it('has an empty record: nothing is asked for by itself', async () => {
    const { receipt } = await look({}, { record: { resources: [] } });
    expect([receipt.clean, receipt.found, receipt.unreadable]).toEqual([true, [], []]);
  });

  it('has names that are anything but names: each is told as it is, and the neighbour’s never', async () => {
    const names = [
      '.*',
      '機能-feature-auth',
      `${'x'.repeat(240)}-feature-auth`,
      'feature-auth-2',
      '$(feature-auth)',
      '__proto__',
      'constructor',
      'éfeature-authé',
    ];
    const { receipt } = await look(
      { ...noFunction, 'iam.listRoles': () => ({ Roles: names.map((RoleName) => ({ RoleName })) }) },
      {
        record: { resources: [{ ...role, address: '__proto__', id: '__proto__', identity: 'constructor' }] },
      },
    );
    expect(new Set(ids(receipt.suspected))).toEqual(new Set([names[1], names[2], names[4]]));
    expect(ids(receipt.found)).toEqual(['__proto__']);
  });
});
