/**
 * What the stand-in's provider knows of the resource types of the tests: one of each kind that matters for ownership.
 * Attributes are those of the AWS provider 5.100; what is left out here nobody reads. The contract test
 * (test/e2e/stand-in-terraform.test.ts) holds them to the real one.
 */
import type { Json, JsonObject } from '../../../src/transfer/json.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
  /** Of this thing only: stands for what a service makes up. */
  readonly serial: number;
}

export interface ResourceType {
  readonly service: 'dynamodb' | 'iam' | 'logs' | 'sqs' | 'ssm';
  readonly scope: 'global' | 'regional';
  /** What an attribute is that the configuration does not set. */
  readonly defaults: JsonObject;
  /** What the service makes of what is not set. */
  readonly filled: JsonObject;
  /** Attributes that only the service knows: unknown until the thing is made. */
  computed(name: string, place: Place): JsonObject;
  /** Nested blocks, kept as lists of objects. */
  readonly blocks: readonly string[];
  /** Attributes beside the name of which a change makes a new thing. */
  readonly replacedBy: readonly string[];
  readonly sensitive: readonly string[];
  /** What the provider says where the name is taken; `null` for a service that gives out the one that is there. */
  readonly taken: ((name: string) => string) | null;
  readonly schemaVersion: number;
}

const none: JsonObject = { tags: null };

export const types: Readonly<Record<string, ResourceType>> = {
  aws_cloudwatch_log_group: {
    service: 'logs',
    scope: 'regional',
    defaults: { ...none, kms_key_id: null, retention_in_days: 0, skip_destroy: false },
    filled: { kms_key_id: '' },
    computed: (name, { account, region }) => ({
      id: name,
      arn: `arn:aws:logs:${region}:${account}:log-group:${name}`,
      log_group_class: '',
      name_prefix: '',
      tags_all: {},
    }),
    blocks: [],
    replacedBy: [],
    sensitive: [],
    taken: (name) =>
      `creating CloudWatch Logs Log Group (${name}): operation error CloudWatch Logs: CreateLogGroup, https response error StatusCode: 400, RequestID: 0000, ResourceAlreadyExistsException: The specified log group already exists`,
    schemaVersion: 0,
  },
  aws_dynamodb_table: {
    service: 'dynamodb',
    scope: 'regional',
    defaults: {
      ...none,
      billing_mode: 'PROVISIONED',
      deletion_protection_enabled: null,
      hash_key: null,
      range_key: null,
      stream_enabled: null,
      attribute: [],
    },
    filled: { deletion_protection_enabled: false, stream_enabled: false },
    computed: (name, { account, region }) => ({
      id: name,
      arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
      stream_arn: '',
      tags_all: {},
    }),
    blocks: ['attribute'],
    replacedBy: ['hash_key', 'range_key'],
    sensitive: [],
    taken: (name) =>
      `creating AWS DynamoDB Table (${name}): operation error DynamoDB: CreateTable, https response error StatusCode: 400, RequestID: 0000, ResourceInUseException: Table already exists: ${name}`,
    schemaVersion: 1,
  },
  aws_iam_role: {
    service: 'iam',
    scope: 'global',
    defaults: {
      ...none,
      assume_role_policy: null,
      description: null,
      force_detach_policies: false,
      max_session_duration: 3600,
      path: '/',
      permissions_boundary: null,
    },
    filled: { description: '', permissions_boundary: '' },
    computed: (name, { account, serial }) => ({
      id: name,
      arn: `arn:aws:iam::${account}:role/${name}`,
      create_date: '2026-01-02T03:04:05Z',
      name_prefix: '',
      tags_all: {},
      unique_id: `AROA${String(serial).padStart(16, '0')}`,
    }),
    blocks: [],
    replacedBy: ['path'],
    sensitive: [],
    taken: (name) =>
      `creating IAM Role (${name}): operation error IAM: CreateRole, https response error StatusCode: 409, RequestID: 0000, EntityAlreadyExists: Role with name ${name} already exists.`,
    schemaVersion: 0,
  },
  aws_sqs_queue: {
    service: 'sqs',
    scope: 'regional',
    defaults: {
      ...none,
      delay_seconds: 0,
      fifo_queue: false,
      message_retention_seconds: 345_600,
      visibility_timeout_seconds: 30,
    },
    filled: {},
    computed: (name, { account, region }) => {
      const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
      return {
        id: url,
        url,
        arn: `arn:aws:sqs:${region}:${account}:${name}`,
        name_prefix: '',
        policy: '',
        redrive_policy: '',
        tags_all: {},
      };
    },
    blocks: [],
    replacedBy: ['fifo_queue'],
    sensitive: [],
    taken: null,
    schemaVersion: 0,
  },
  aws_ssm_parameter: {
    service: 'ssm',
    scope: 'regional',
    defaults: { ...none, description: null, type: 'String', value: null },
    filled: { description: '' },
    computed: (name, { account, region }) => ({
      id: name,
      arn: `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
      data_type: 'text',
      tags_all: {},
      tier: 'Standard',
      version: 1,
    }),
    blocks: [],
    replacedBy: [],
    sensitive: ['value_wo', 'value'],
    taken: (name) =>
      `creating SSM Parameter (${name}): operation error SSM: PutParameter, https response error StatusCode: 400, RequestID: 0000, ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.`,
    schemaVersion: 0,
  },
};

export const typeOf = (type: string): ResourceType | undefined =>
  Object.hasOwn(types, type) ? types[type] : undefined;

/** The place of a plan that knows no place yet: only the keys count. */
const nowhere: Place = { account: '', region: '', serial: 0 };

export const computedKeys = (known: ResourceType): readonly string[] =>
  Object.keys(known.computed('', nowhere));

export const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
