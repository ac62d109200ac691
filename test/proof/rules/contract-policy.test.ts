import { describe, expect, it } from 'vitest';
import {
  applied,
  arn,
  blockedBy,
  declared,
  declaredIn,
  expression,
  held,
  judged,
  planned,
  policyOn,
  trust,
  undecidedOf,
  withAfter,
  withDeclared,
  withHeld,
  withHeldValues,
  withMade,
  withPlanned,
  world,
} from '../build.ts';

const id = 'contract-policy';
const policy = 'aws_iam_role_policy.bot';
const own = arn('dynamodb', 'table/app-items-feature-auth');
const statement = (more: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });

describe('finds', () => {
  it.each([
    ['an action that is missing', policyOn(own, []), 'lacks Allow dynamodb:getitem'],
    ['an action too many', policyOn(own, ['dynamodb:GetItem', 'dynamodb:DeleteItem']), 'dynamodb:deleteitem'],
    ['another resource', policyOn('*'), 'on *'],
    ['another effect', policyOn(own).replace('Allow', 'Deny'), 'Deny'],
    [
      'a condition',
      statement({ Action: 'dynamodb:GetItem', Resource: own, Condition: { Bool: { a: 'true' } } }),
      'condition',
    ],
    ['another version', policyOn(own).replace('2012-10-17', '2008-10-17'), 'version 2008-10-17'],
    ['another environment', policyOn(arn('dynamodb', 'table/app-items-staging')), 'app-items-staging'],
  ])('%s', (_title, text, message) => {
    const found = judged(id, withMade(applied(), policy, { policy: text }));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ severity, subject }) => severity === 'error' && subject === policy)).toBe(true);
    expect(found.map(({ message }) => message).join()).toContain(message);
    expect(blockedBy(withMade(applied(), policy, { policy: text }))).toEqual([id]);
    expect(judged(id, withAfter(world(), policy, { policy: text })).length).toBeGreaterThan(0);
  });

  it('another principal in a trust policy', () => {
    const text = trust.replace('lambda.amazonaws.com', 'ec2.amazonaws.com');
    expect(
      judged(id, withAfter(world(), 'aws_iam_role.bot', { assume_role_policy: text })).length,
    ).toBeGreaterThan(0);
  });

  it('another attached policy', () => {
    const logs = 'aws_iam_role_policy_attachment.logs';
    const found = judged(
      id,
      withAfter(world(), logs, { policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    );
    expect(found).toMatchObject([{ severity: 'error', subject: logs }]);
    expect(found[0]?.message).toContain(
      'lacks arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    );
    expect(found[0]?.message).toContain('has arn:aws:iam::aws:policy/AdministratorAccess');
  });

  it('one more attached policy, unless a variable brings it', () => {
    const address = 'aws_iam_role_policy_attachment.more';
    const more = planned(address, {
      role: 'app-bot-role-feature-auth',
      policy_arn: 'arn:aws:iam::aws:policy/X',
    });
    const input = withPlanned(world(), more);
    expect(judged(id, withDeclared(input, declared(address)))).toHaveLength(1);
    const optional = { ...declared(address), repetition: expression(['var.more']) };
    expect(judged(id, withDeclared(input, optional))).toEqual([]);
  });

  it('a policy of a type that is not in the table', () => {
    const source = withHeld(world(), held('example_thing.t', { policy: policyOn('*') }));
    const thing = declared('example_thing.t', { policy: expression([]) });
    const input = withDeclared(
      withPlanned(source, planned('example_thing.t', { policy: policyOn('x') })),
      thing,
    );
    expect(judged(id, input).length).toBeGreaterThan(0);
  });
});

describe('lets pass', () => {
  const base = policyOn([arn('dynamodb', 'table/app-items-dev'), arn('sqs', 'app-jobs-dev')], ['a:B', 'c:D']);
  const source = withHeldValues(applied(), policy, { policy: base });
  const jobs = arn('sqs', 'app-jobs-feature-auth');

  it.each([
    ['another order', policyOn([jobs, own], ['c:D', 'a:B'])],
    ['upper and lower case of actions', policyOn([own, jobs], ['A:b', 'c:d'])],
    [
      'statements split',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Sid: 'One', Effect: 'Allow', Action: 'a:B', Resource: [own, jobs] },
          { Sid: 'Two', Effect: 'Allow', Action: ['c:D'], Resource: own },
          { Effect: 'Allow', Action: ['c:D'], Resource: jobs },
        ],
      }),
    ],
    ['other white space', `\n  ${policyOn([own, jobs], ['a:B', 'c:D'])}`],
  ])('%s', (_title, text) => expect(judged(id, withMade(source, policy, { policy: text }))).toEqual([]));

  it('ids that the cloud gave, where they belong to counterparts', () => {
    const input = withHeldValues(applied(), policy, { policy: policyOn('sg-0123456789abcdef0') });
    expect(judged(id, withMade(input, policy, { policy: policyOn('sg-0fedcba9876543210') }))).toEqual([]);
    expect(
      judged(id, withMade(input, policy, { policy: policyOn('sg-0aaaaaaaaaaaaaaaa') })).length,
    ).toBeGreaterThan(0);
  });

  it('what variables say differently', () => {
    const variables = (region: string) => ({ environment: 'x', region });
    const input = withHeldValues(applied(), policy, { policy: policyOn('arn:aws:x:eu-west-1:1:t') });
    const moved = {
      ...withMade(input, policy, { policy: policyOn('arn:aws:x:us-east-2:1:t') }),
    };
    expect(judged(id, moved).length).toBeGreaterThan(0);
    const said = {
      ...moved,
      source: { ...moved.source, variables: variables('eu-west-1') },
      target: { ...moved.target, variables: variables('us-east-2') },
    };
    expect(judged(id, said)).toEqual([]);
  });

  it('policies that other resources attached, and a refresh wrote into the state', () => {
    const inline = [{ name: 'work', policy: policyOn('*') }];
    expect(judged(id, withHeldValues(applied(), 'aws_iam_role.bot', { inline_policy: inline }))).toEqual([]);
    expect(judged(id, withHeldValues(applied(), 'aws_sqs_queue.jobs', { policy: policyOn('*') }))).toEqual(
      [],
    );
  });
});

it('waits for a policy that is not known yet', () => {
  expect(undecidedOf(id, world())).toEqual([`${policy}.policy`]);
});

it('compares declared inline policies by their names', () => {
  const role = declaredIn(world(), 'aws_iam_role.bot');
  const attributes = {
    ...role.attributes,
    'inline_policy.policy': expression([]),
    'inline_policy.name': expression([]),
  };
  const inline = (name: string, resource: string) => ({
    inline_policy: [{ name, policy: policyOn(resource) }],
  });
  const base = withDeclared(withHeldValues(applied(), 'aws_iam_role.bot', inline('read-dev', 'a')), {
    ...role,
    attributes,
  });
  expect(judged(id, withMade(base, 'aws_iam_role.bot', inline('read-feature-auth', 'a')))).toEqual([]);
  expect(
    judged(id, withMade(base, 'aws_iam_role.bot', inline('read-feature-auth', 'b'))).length,
  ).toBeGreaterThan(0);
  expect(judged(id, withMade(base, 'aws_iam_role.bot', { inline_policy: [] }))[0]?.message).toContain(
    'is missing',
  );
});
