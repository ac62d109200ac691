/**
 * What is set of a bucket beside its contents. The emulator forgets most of a replication's rules, and has no payer; website and
 * acceleration are held to the real provider in test/e2e/describe-data.test.ts.
 */
import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  PutBucketAclCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketReplicationCommand,
  PutBucketRequestPaymentCommand,
  PutBucketWebsiteCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/transfer/json.ts';
import { awsError, inputsOf, stubbedAws } from '../stubs.ts';

const { clients, mocked, describeIt, copyOf } = stubbedAws();

afterAll(() => {
  clients.close();
});

const owner = { ID: 'owner', Type: 'CanonicalUser' } as const;
const everybody = { URI: 'http://acs.amazonaws.com/groups/global/AllUsers', Type: 'Group' } as const;
const own = { Grantee: owner, Permission: 'FULL_CONTROL' } as const;
const open = { Grantee: everybody, Permission: 'READ' } as const;

async function settingsOf(bucket: string): Promise<ReadonlyMap<string, JsonObject>> {
  const found = await describeIt('aws_s3_bucket', bucket);
  if (found.state !== 'described') throw new Error(JSON.stringify(found));
  return new Map(found.resources.slice(1).map(({ type, values }) => [type, values]));
}

const renamed = (value: Json): Json => {
  if (typeof value === 'string') return value.replaceAll('dev', 'copy');
  if (Array.isArray(value)) return value.map((each: Json) => renamed(each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each)]));
};

/** Describes one setting of `data-dev`, and copies it to `data-copy`. */
async function copied(type: string): Promise<void> {
  const values = (await settingsOf('data-dev')).get(type) ?? {};
  await copyOf(type, renamed(values) as JsonObject, { id: 'data-dev', values });
}

/** As the service leaves out what was not set. */
const without = (value: object): object => JSON.parse(JSON.stringify(value)) as object;

describe('a bucket of which nothing was set', () => {
  it('is described without settings', async () => {
    const mock = await mocked('s3');
    mock.on(GetBucketAclCommand).resolves({ Owner: owner, Grants: [own] });
    mock.on(GetBucketRequestPaymentCommand).resolves({ Payer: 'BucketOwner' });
    mock.on(GetBucketAccelerateConfigurationCommand).rejects(awsError('MethodNotAllowed'));
    mock.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration'));
    mock.on(GetObjectLockConfigurationCommand).resolves({
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    });
    const types = [...(await settingsOf('data-dev')).keys()];
    expect(types.filter((type) => !type.endsWith('_notification'))).toEqual([]);
  });
});

describe('a copy', () => {
  it('is a website as its source is', async () => {
    const mock = await mocked('s3');
    mock.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-central-1' });
    const website = {
      IndexDocument: { Suffix: 'index.html' },
      ErrorDocument: { Key: 'error.html' },
      RoutingRules: [
        {
          Condition: { KeyPrefixEquals: 'a/' },
          Redirect: { HostName: 'dev.example.com', Protocol: 'https' as const },
        },
      ],
    };
    mock.on(GetBucketWebsiteCommand).resolves(website);
    await copied('aws_s3_bucket_website_configuration');
    expect(inputsOf(mock.commandCalls(PutBucketWebsiteCommand))).toEqual([
      { Bucket: 'data-copy', WebsiteConfiguration: renamed(without(website) as Json) },
    ]);
    const [values] = [...(await settingsOf('data-dev')).values()];
    expect(values?.['website_endpoint']).toBe('data-dev.s3-website.eu-central-1.amazonaws.com');
  });

  it('sends everybody on as its source does', async () => {
    const mock = await mocked('s3');
    const all = { HostName: 'dev.example.com', Protocol: 'https' as const };
    mock.on(GetBucketWebsiteCommand).resolves({ RedirectAllRequestsTo: all });
    await copied('aws_s3_bucket_website_configuration');
    expect(inputsOf(mock.commandCalls(PutBucketWebsiteCommand))).toEqual([
      {
        Bucket: 'data-copy',
        WebsiteConfiguration: { RedirectAllRequestsTo: { ...all, HostName: 'copy.example.com' } },
      },
    ]);
  });

  it('writes its log as its source does', async () => {
    const mock = await mocked('s3');
    const LoggingEnabled = {
      TargetBucket: 'logs-dev',
      TargetPrefix: 'data/',
      TargetGrants: [{ Grantee: owner, Permission: 'READ' as const }],
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' as const } },
    };
    mock.on(GetBucketLoggingCommand).resolves({ LoggingEnabled });
    await copied('aws_s3_bucket_logging');
    expect(inputsOf(mock.commandCalls(PutBucketLoggingCommand))).toEqual([
      {
        Bucket: 'data-copy',
        BucketLoggingStatus: { LoggingEnabled: { ...LoggingEnabled, TargetBucket: 'logs-copy' } },
      },
    ]);
  });

  const replication = (bucket: string) => ({
    Role: 'arn:aws:iam::1:role/copy-dev',
    Rules: [
      {
        ID: 'all',
        Priority: 0,
        Status: 'Enabled' as const,
        Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'k', Value: 'v' }] } },
        DeleteMarkerReplication: { Status: 'Disabled' as const },
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' as const } },
        Destination: {
          Bucket: bucket,
          StorageClass: 'STANDARD_IA' as const,
          EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-central-1:1:key/k' },
          ReplicationTime: { Status: 'Enabled' as const, Time: { Minutes: 15 } },
          Metrics: { Status: 'Enabled' as const, EventThreshold: { Minutes: 15 } },
        },
      },
    ],
  });

  it('is replicated to where the copy of the other bucket is', async () => {
    const mock = await mocked('s3');
    const found = replication('arn:aws:s3:::backup-dev');
    mock.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration: found });
    await copied('aws_s3_bucket_replication_configuration');
    expect(inputsOf(mock.commandCalls(PutBucketReplicationCommand))).toEqual([
      { Bucket: 'data-copy', ReplicationConfiguration: renamed(without(found) as Json) },
    ]);
  });

  it('is refused where its objects would mix with those of the source, before anything is asked', async () => {
    const mock = await mocked('s3');
    const found = replication('arn:aws:s3:::backup');
    mock.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration: found });
    await expect(copied('aws_s3_bucket_replication_configuration')).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('arn:aws:s3:::backup') as string,
    });
    expect(mock.commandCalls(PutBucketReplicationCommand)).toEqual([]);
  });

  it.each([
    ['has', { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] } }, 0],
    ['has no', undefined, 1],
  ])('has the list of a source that %s controls, and lets it count', async (_what, controls, letIn) => {
    const mock = await mocked('s3');
    if (controls) mock.on(GetBucketOwnershipControlsCommand).resolves(controls);
    else mock.on(GetBucketOwnershipControlsCommand).rejects(awsError('OwnershipControlsNotFoundError'));
    mock.on(GetBucketAclCommand).resolves({ Owner: owner, Grants: [own, open] });
    await copied('aws_s3_bucket_acl');
    expect(mock.commandCalls(PutBucketOwnershipControlsCommand)).toHaveLength(letIn);
    expect(inputsOf(mock.commandCalls(PutBucketAclCommand))).toEqual([
      { Bucket: 'data-copy', AccessControlPolicy: { Grants: [own, open], Owner: { ID: 'owner' } } },
    ]);
    const after = clonerOf('aws_s3_bucket_acl')?.after.flatMap(({ types }) => types);
    expect(after).toEqual(['aws_s3_bucket_ownership_controls', 'aws_s3_bucket_public_access_block']);
  });

  it('has no list where the owner of the bucket owns all that is in it', async () => {
    const mock = await mocked('s3');
    mock.on(GetBucketOwnershipControlsCommand).resolves({
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    mock.on(GetBucketAclCommand).resolves({ Owner: owner, Grants: [own, open] });
    expect((await settingsOf('data-dev')).has('aws_s3_bucket_acl')).toBe(false);
  });

  it('lets those who ask pay, and keeps objects as long, as its source does', async () => {
    const mock = await mocked('s3');
    mock.on(GetBucketRequestPaymentCommand).resolves({ Payer: 'Requester' });
    mock.on(GetObjectLockConfigurationCommand).resolves({
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } },
      },
    });
    await copied('aws_s3_bucket_request_payment_configuration');
    await copied('aws_s3_bucket_object_lock_configuration');
    expect(inputsOf(mock.commandCalls(PutBucketRequestPaymentCommand))).toEqual([
      { Bucket: 'data-copy', RequestPaymentConfiguration: { Payer: 'Requester' } },
    ]);
    expect(inputsOf(mock.commandCalls(PutObjectLockConfigurationCommand))).toEqual([
      {
        Bucket: 'data-copy',
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } },
        },
      },
    ]);
  });
});
