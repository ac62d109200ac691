/** Where things lie, by what a state and a record say. */
import { describe, expect, it } from 'vitest';
import { recordLiesIn, regionsOfState, stateLiesIn } from '../../src/proof/place.ts';
import type { StateModel, StateResource } from '../../src/terraform/model.ts';
import { nowhere } from '../../src/transfer/place.ts';
import { aRecord } from '../support/record.ts';

const own = '111111111111';
const arn = (region: string, account = own, partition = 'aws'): string =>
  `arn:${partition}:dynamodb:${region}:${account}:table/t`;

const resource = (values: object, more: Partial<StateResource> = {}): StateResource => ({
  address: 'aws_dynamodb_table.t',
  mode: 'managed',
  type: 'aws_dynamodb_table',
  name: 't',
  modulePath: '',
  values: values as StateResource['values'],
  sensitivePaths: [],
  tainted: false,
  ...more,
});
const state = (...resources: StateResource[]): StateModel => ({
  lineage: 'l',
  serial: 1,
  terraformVersion: '1.11.4',
  resources,
  outputs: {},
  sensitiveOutputs: [],
});

describe('a state', () => {
  it('lies where most of its things do, each part by itself', () => {
    const told = stateLiesIn(
      state(
        resource({ arn: arn('eu-west-1') }),
        resource({ arn: `arn:aws:iam::${own}:role/r` }),
        resource({ arn: arn('us-east-1', '222222222222') }),
        resource({ arn: arn('eu-west-1') }),
      ),
    );
    expect(told).toEqual({ partition: 'aws', account: own, region: 'eu-west-1' });
  });

  it('says nothing where two are equally frequent', () => {
    const told = stateLiesIn(
      state(resource({ arn: arn('eu-west-1') }), resource({ arn: arn('us-east-1', '222222222222') })),
    );
    expect(told).toEqual({ partition: 'aws', account: null, region: null });
  });

  it('is told by an owner where the ARN has no account', () => {
    expect(stateLiesIn(state(resource({ arn: 'arn:aws:s3:::bucket', owner_id: own }))).account).toBe(own);
  });

  it('is told by the data source of the provider only where no thing says it', () => {
    const caller = resource(
      { account_id: '222222222222' },
      { mode: 'data', type: 'aws_caller_identity', address: 'data.aws_caller_identity.me' },
    );
    expect(stateLiesIn(state(caller)).account).toBe('222222222222');
    expect(stateLiesIn(state(caller, resource({ arn: arn('eu-west-1') }))).account).toBe(own);
    expect(stateLiesIn(state(caller, { ...caller, values: { account_id: own } })).account).toBeNull();
  });

  it('takes no data source of somebody else for its own', () => {
    const image = resource({ arn: arn('eu-west-1', '999999999999') }, { mode: 'data', type: 'aws_ami' });
    expect(stateLiesIn(state(image))).toEqual(nowhere);
    expect(regionsOfState(state(image, resource({ arn: arn('us-east-1') })))).toEqual(['us-east-1']);
  });

  it('of another partition says so', () => {
    expect(stateLiesIn(state(resource({ arn: arn('cn-north-1', own, 'aws-cn') }))).partition).toBe('aws-cn');
  });
});

describe('a record', () => {
  const thing = (text: string | null) => ({
    address: 'a',
    type: 'aws_dynamodb_table',
    identity: 't',
    id: 't',
    arn: text,
  });

  it('lies where it says, whatever its things say', () => {
    const place = { partition: 'aws', account: own, region: 'eu-west-1' };
    expect(recordLiesIn(aRecord({ name: 't1', place, resources: [thing(arn('us-east-1'))] }))).toEqual(place);
  });

  it('of an older version is told by the ARNs of its things', () => {
    const resources = [thing(arn('us-east-1')), thing(null), thing('no-arn')];
    expect(recordLiesIn(aRecord({ name: 't1', resources }))).toEqual({
      partition: 'aws',
      account: own,
      region: 'us-east-1',
    });
    expect(recordLiesIn(aRecord({ name: 't1', resources: [] }))).toEqual(nowhere);
  });
});
