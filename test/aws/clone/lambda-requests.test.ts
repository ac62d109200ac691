/** What Lambda is asked for: settings that it refuses where they mean nothing are left out. */
import { describe, expect, it } from 'vitest';
import { newFunction, newMapping } from '../../../src/aws/clone/lambda-requests.ts';
import { StateValues } from '../../../src/aws/state-values.ts';

const given = (request: object): object => JSON.parse(JSON.stringify(request)) as object;

describe('a function', () => {
  it('of an image has no runtime and no handler', () => {
    const values = new StateValues({
      function_name: 'api',
      role: 'arn:aws:iam::1:role/api',
      package_type: 'Image',
      runtime: '',
      handler: '',
      image_config: [{ command: ['run'], entry_point: [], working_directory: '' }],
      tags: { Owner: 'mali' },
      tags_all: { Owner: 'mali', Project: 'x' },
    });
    expect(given(newFunction(values, { ImageUri: 'registry/api:1' }))).toEqual({
      FunctionName: 'api',
      Role: 'arn:aws:iam::1:role/api',
      Code: { ImageUri: 'registry/api:1' },
      PackageType: 'Image',
      ImageConfig: { Command: ['run'] },
      Tags: { Owner: 'mali', Project: 'x' },
    });
  });

  it('without its role is refused before anything is asked', () => {
    expect(() => newFunction(new StateValues({ function_name: 'api' }), {})).toThrow(
      'the values have no role',
    );
  });
});

describe('an event source mapping', () => {
  const shared = {
    function_name: 'arn:aws:lambda:r:1:function:api',
    batch_size: 10,
    bisect_batch_on_function_error: false,
    maximum_record_age_in_seconds: 0,
    maximum_retry_attempts: 0,
    parallelization_factor: 0,
    starting_position: '',
    tumbling_window_in_seconds: 0,
  };

  it('of a queue has none of the settings of streams', () => {
    const values = new StateValues({ ...shared, event_source_arn: 'arn:aws:sqs:r:1:orders' });
    expect(given(newMapping(values))).toEqual({
      EventSourceArn: 'arn:aws:sqs:r:1:orders',
      FunctionName: 'arn:aws:lambda:r:1:function:api',
      BatchSize: 10,
      Tags: {},
    });
  });

  it('of a stream keeps that a record is tried for ever', () => {
    const values = new StateValues({
      ...shared,
      event_source_arn: 'arn:aws:dynamodb:r:1:table/orders/stream/x',
      maximum_retry_attempts: -1,
      maximum_record_age_in_seconds: -1,
      starting_position: 'LATEST',
    });
    expect(given(newMapping(values))).toMatchObject({
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      StartingPosition: 'LATEST',
    });
  });
});
