/** Removing in bad weather: a refusal is waited out, a failure holds back what it stands on, and nothing is called gone unseen. */
import { describe, expect, it } from 'vitest';
import { createSweepJournal } from '../../src/steps/sweep-journal.ts';
import { removeThings } from '../../src/steps/sweep-remove.ts';
import type { Found, SweepThing } from '../../src/sweep/receipt.ts';
import type { JournalRow } from '../../src/transfer/store.ts';
import { type FakeClock, fakeClock, fakeHost } from '../channels/tools.ts';
import { awsError, failing, type FakeClients, fakeClients, type Operations, thing } from './fake-account.ts';

interface Removed {
  /** Id → where it stands. */
  readonly states: Readonly<Record<string, Found['state']>>;
  readonly details: Readonly<Record<string, string | null>>;
  readonly rows: readonly JournalRow[];
  readonly clock: FakeClock;
}

const isFake = (account: Operations | FakeClients): account is FakeClients =>
  typeof account['get'] === 'function' && 'calls' in account;

async function remove(
  things: readonly SweepThing[],
  account: Operations | FakeClients,
  { clock = fakeClock(), signal = new AbortController().signal } = {},
): Promise<Removed> {
  const clients = isFake(account) ? account : fakeClients(account);
  const rows: JournalRow[] = [];
  const appendJournal = (_environment: string, row: JournalRow): Promise<void> => {
    rows.push(row);
    return Promise.resolve();
  };
  const found = await removeThings(things, {
    clientsFor: () => clients,
    clock,
    host: fakeHost([]),
    signal,
    journal: createSweepJournal({ appendJournal }, 'feature-auth', clock),
  });
  const all = [...found.values()];
  return {
    states: Object.fromEntries(all.map(({ id, state }) => [id, state])),
    details: Object.fromEntries(all.map(({ id, detail }) => [id, detail])),
    rows,
    clock,
  };
}

const phases = (rows: readonly JournalRow[], id: string): string[] =>
  rows.filter(({ name }) => name.endsWith(` ${id}`)).map(({ phase }) => phase);

/** Throws the first so many times. */
function first(times: number, error: Error, then: object = {}): () => object {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw error;
    return then;
  };
}

const noRole = failing(awsError('NoSuchEntityException'));
const noFunction = failing(awsError('ResourceNotFoundException'));
const gonePresence: Operations = {
  'ec2.describeSecurityGroups': () => ({ SecurityGroups: [] }),
  'iam.getRole': noRole,
  'lambda.getFunctionConfiguration': noFunction,
  'rds.describeDBInstances': () => ({ DBInstances: [{ DBInstanceStatus: 'available' }] }),
  'sqs.getQueueAttributes': failing(awsError('QueueDoesNotExist')),
};

describe('a deletion that is refused because of a dependency', () => {
  const database = thing('aws_db_instance', 'db', { arn: 'arn:aws:rds:r:1:db:db', uses: ['sg'] });
  const group = thing('aws_security_group', 'sg', { uses: ['vpc'] });
  const network = thing('aws_vpc', 'vpc');

  it('is tried again until what it waits for is gone', async () => {
    const result = await remove([network, group, database], {
      ...gonePresence,
      'ec2.deleteSecurityGroup': first(3, awsError('DependencyViolation')),
      'ec2.describeVpcs': failing(awsError('InvalidVpcID.NotFound')),
    });
    expect(result.states).toEqual({ db: 'pending', sg: 'removed', vpc: 'removed' });
    expect(phases(result.rows, 'sg')).toEqual([
      'begin',
      'fail',
      'begin',
      'fail',
      'begin',
      'fail',
      'begin',
      'end',
    ]);
    expect(result.clock.pauses.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
  });

  it('ends after a while, and holds back what it stands on', async () => {
    const result = await remove([network, group, database], {
      ...gonePresence,
      'ec2.deleteSecurityGroup': failing(awsError('DependencyViolation')),
    });
    expect(result.states).toEqual({ db: 'pending', sg: 'refused', vpc: 'held-back' });
    expect(result.details['sg']).toBe('it is in use: DependencyViolation');
    expect(result.details['vpc']).toBe('aws_security_group sg is still there');
    const waited = result.clock.pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(10 * 60_000);
    expect(waited).toBeLessThanOrEqual(16 * 60_000);
  });

  it('is not waited for where nothing is on its way out', async () => {
    const { states, clock } = await remove([group], {
      'ec2.deleteSecurityGroup': failing(awsError('DependencyViolation')),
    });
    expect([states, clock.pauses]).toEqual([{ sg: 'refused' }, []]);
  });
});

describe('eventual consistency', () => {
  const queue = thing('aws_sqs_queue', 'https://sqs/1/jobs');

  it('is waited out: the service shows for a while what it has deleted', async () => {
    let shown = 4;
    const { states, clock } = await remove([queue], {
      'sqs.getQueueAttributes': () => {
        shown -= 1;
        if (shown < 0) throw awsError('QueueDoesNotExist');
        return {};
      },
    });
    expect(states).toEqual({ [queue.item.id]: 'removed' });
    expect(clock.pauses).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it('has an end: what is still shown after a minute is not called removed', async () => {
    const { states, details, clock } = await remove([queue], {});
    expect(states).toEqual({ [queue.item.id]: 'failed' });
    expect(details[queue.item.id]).toBe('the service took the deletion and still shows it');
    expect(clock.pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(60_000);
  });

  it('is not called removed where nobody could look', async () => {
    const { states, details } = await remove([queue], {
      'sqs.getQueueAttributes': failing(awsError('InternalFailure', 'no', 500)),
    });
    expect(states).toEqual({ [queue.item.id]: 'failed' });
    expect(details[queue.item.id]).toContain('could not be read: it failed with InternalFailure');
  });

  it('is removed where one look fails and the next does not', async () => {
    let asked = 0;
    const { states } = await remove([queue], {
      'sqs.getQueueAttributes': () => {
        asked += 1;
        throw awsError(asked === 1 ? 'TimeoutError' : 'QueueDoesNotExist');
      },
    });
    expect(states).toEqual({ [queue.item.id]: 'removed' });
  });
});

describe('a deletion that fails', () => {
  const bot = thing('aws_lambda_function', 'bot', { uses: ['role'] });
  const other = thing('aws_lambda_function', 'other', { uses: ['role-2'] });
  const things = [bot, other, thing('aws_iam_role', 'role'), thing('aws_iam_role', 'role-2')];
  const failFor =
    (name: string, error: Error) =>
    ({ FunctionName }: Readonly<Record<string, unknown>>): object => {
      if (FunctionName === name) throw error;
      return {};
    };
  const stillThere = ({ FunctionName }: Readonly<Record<string, unknown>>): object => {
    if (FunctionName === 'bot') return { State: 'Active' };
    throw awsError('ResourceNotFoundException');
  };

  it.each([
    ['throttling', 'ThrottlingException', 'throttled by AWS after several attempts'],
    ['5xx', 'ServiceException', 'it failed with ServiceException'],
    ['silence', 'TimeoutError', 'AWS did not answer in time'],
    ['denied access', 'AccessDeniedException', 'access denied: lambda:DeleteFunction is not allowed'],
  ])('by %s holds back only what it stands on', async (_what, code, reason) => {
    const { states, details, rows } = await remove(things, {
      ...gonePresence,
      'lambda.getFunctionConfiguration': stillThere,
      'lambda.deleteFunction': failFor('bot', awsError(code)),
    });
    expect(states).toEqual({ bot: 'failed', other: 'removed', role: 'held-back', 'role-2': 'removed' });
    expect(details['bot']).toBe(reason);
    expect(phases(rows, 'bot')).toEqual(['begin', 'fail']);
    expect(phases(rows, 'role')).toEqual([]);
  });

  it('is as good as done where it was carried out and only the answer was lost', async () => {
    const { states, details } = await remove([bot], {
      ...gonePresence,
      'lambda.deleteFunction': failing(awsError('TimeoutError')),
    });
    expect([states, details]).toEqual([{ bot: 'removed' }, { bot: 'it was gone already' }]);
  });

  it('by expired credentials ends the sweep, and is written down', async () => {
    const rows: JournalRow[] = [];
    const clock = fakeClock();
    const journal = createSweepJournal(
      { appendJournal: (_environment, row) => Promise.resolve(void rows.push(row)) },
      'feature-auth',
      clock,
    );
    await expect(
      removeThings([bot], {
        clientsFor: () =>
          fakeClients({ 'lambda.deleteFunction': failing(awsError('ExpiredTokenException')) }),
        clock,
        host: fakeHost([]),
        signal: new AbortController().signal,
        journal,
      }),
    ).rejects.toMatchObject({ code: 'credentials-expired' });
    expect(rows.map(({ phase, error }) => [phase, error])).toEqual([
      ['begin', undefined],
      ['fail', 'credentials-expired'],
    ]);
  });
});

describe('an interrupt', () => {
  it('ends it: what was not begun is told as left', async () => {
    const interrupt = new AbortController();
    const { states } = await remove(
      [thing('aws_lambda_function', 'bot', { uses: ['role'] }), thing('aws_iam_role', 'role')],
      {
        ...gonePresence,
        'lambda.deleteFunction': () => {
          interrupt.abort();
          return {};
        },
        'iam.deleteRole': () => {
          throw new Error('nothing is removed after an interrupt');
        },
      },
      { signal: interrupt.signal },
    );
    expect(states['role']).toBe('failed');
    // Deleted, but nobody has seen that it is gone.
    expect(states['bot']).toBe('failed');
  });
});

describe('two sweeps at once', () => {
  it('both end with everything removed, whoever was faster', async () => {
    const functions = new Set(['a', 'b', 'c']);
    const roles = new Set(['role-a', 'role-b', 'role-c']);
    const take = (from: Set<string>, name: unknown, code: string): object => {
      if (!from.delete(String(name))) throw awsError(code);
      return {};
    };
    const ask = (from: Set<string>, name: unknown, code: string): object => {
      if (!from.has(String(name))) throw awsError(code);
      return {};
    };
    const account = fakeClients({
      'lambda.deleteFunction': ({ FunctionName }) =>
        take(functions, FunctionName, 'ResourceNotFoundException'),
      'lambda.getFunctionConfiguration': ({ FunctionName }) =>
        ask(functions, FunctionName, 'ResourceNotFoundException'),
      'iam.deleteRole': ({ RoleName }) => take(roles, RoleName, 'NoSuchEntityException'),
      'iam.listAttachedRolePolicies': ({ RoleName }) => ask(roles, RoleName, 'NoSuchEntityException'),
      'iam.getRole': ({ RoleName }) => ask(roles, RoleName, 'NoSuchEntityException'),
    });
    const things = ['a', 'b', 'c'].flatMap((name) => [
      thing('aws_lambda_function', name, { uses: [`role-${name}`] }),
      thing('aws_iam_role', `role-${name}`),
    ]);
    const both = await Promise.all([remove(things, account), remove(things, account)]);
    for (const { states } of both) expect(new Set(Object.values(states))).toEqual(new Set(['removed']));
    expect([functions.size, roles.size]).toEqual([0, 0]);
    const gone = both.flatMap(({ details }) => Object.values(details).filter((each) => each !== null));
    expect(gone.length).toBe(things.length);
  });
});

describe('the journal', () => {
  it('has a row before each removal and one after it', async () => {
    const removing: string[] = [];
    const { rows } = await remove([thing('aws_iam_role', 'role', { arn: 'arn:aws:iam::1:role/role' })], {
      ...gonePresence,
      'iam.deleteRole': ({ RoleName }) => {
        removing.push(String(RoleName));
        return {};
      },
    });
    expect(removing).toEqual(['role']);
    expect(rows).toEqual([
      expect.objectContaining({
        step: 'sweep',
        name: 'aws_iam_role role',
        phase: 'begin',
        output: {
          type: 'aws_iam_role',
          id: 'role',
          name: 'role',
          arn: 'arn:aws:iam::1:role/role',
          region: 'eu-west-1',
        },
      }),
      expect.objectContaining({ phase: 'end', output: { state: 'removed', detail: null } }),
    ]);
  });

  it('comes first: what cannot be written down is not removed', async () => {
    const clients = fakeClients(gonePresence);
    const journal = createSweepJournal(
      { appendJournal: () => Promise.reject(new Error('the disk is full')) },
      'feature-auth',
      fakeClock(),
    );
    await expect(
      removeThings([thing('aws_iam_role', 'role')], {
        clientsFor: () => clients,
        clock: fakeClock(),
        host: fakeHost([]),
        signal: new AbortController().signal,
        journal,
      }),
    ).rejects.toThrow('the disk is full');
    expect(clients.calls('iam.deleteRole')).toBe(0);
  });
});

it('what is gone already counts as removed', async () => {
  const gone = failing(awsError('InvalidGroup.NotFound'));
  const { states, details } = await remove([thing('aws_security_group', 'sg')], {
    'ec2.describeSecurityGroups': gone,
    'ec2.deleteSecurityGroup': gone,
  });
  expect([states, details]).toEqual([{ sg: 'removed' }, { sg: 'it was gone already' }]);
});
