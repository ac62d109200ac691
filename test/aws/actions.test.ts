/**
 * Every call that an adapter makes is among the actions that it names, and none is named that no call needs: the policy
 * that `doctor --iam` prints is the least that works. Read in the sources, because what a call needs, only its name tells.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cloners } from '../../src/aws/clone/index.ts';
import { describers } from '../../src/aws/describe/index.ts';
import { services } from '../../src/aws/registry.ts';

const folder = new URL('../../src/aws/', import.meta.url);

const filesOf = (part: string): string[] =>
  readdirSync(new URL(part, folder)).flatMap((file) =>
    file.endsWith('.ts') && file !== 'index.ts' ? [`${part}${file}`] : [],
  );

const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** Calls whose action has another name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const renamed: Readonly<Record<string, readonly string[]>> = {
  'cloudfront:CreateDistributionWithTags': ['cloudfront:CreateDistribution'],
  's3:DeleteObjects': ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  's3:GetBucketAccelerateConfiguration': ['s3:GetAccelerateConfiguration'],
  's3:GetBucketCors': ['s3:GetBucketCORS'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketNotificationConfiguration': ['s3:GetBucketNotification'],
  's3:GetBucketReplication': ['s3:GetReplicationConfiguration'],
  's3:GetObjectLockConfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:HeadObject': ['s3:GetObject'],
  's3:ListBucketAnalyticsConfigurations': ['s3:GetAnalyticsConfiguration'],
  's3:ListBucketIntelligentTieringConfigurations': ['s3:GetIntelligentTieringConfiguration'],
  's3:ListBucketInventoryConfigurations': ['s3:GetInventoryConfiguration'],
  's3:ListBucketMetricsConfigurations': ['s3:GetMetricsConfiguration'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:PutBucketAccelerateConfiguration': ['s3:PutAccelerateConfiguration'],
  's3:PutBucketCors': ['s3:PutBucketCORS'],
  's3:PutBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:PutBucketLifecycleConfiguration': ['s3:PutLifecycleConfiguration'],
  's3:PutBucketNotificationConfiguration': ['s3:PutBucketNotification'],
  's3:PutBucketReplication': ['s3:PutReplicationConfiguration'],
  's3:PutObjectLockConfiguration': ['s3:PutBucketObjectLockConfiguration'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
};

/** API Gateway asks IAM for the verb of the request. */
const verbs: readonly (readonly [RegExp, string])[] = [
  [/^(?:Get|Head)/, 'GET'],
  [/^Delete/, 'DELETE'],
  [/^Create/, 'POST'],
  [/^Put/, 'PUT'],
  [/^Update/, 'PATCH'],
];

/** What a call needs besides its own action: marks, what is handed over to the service, and what that does with it. */
const besides =
  /:(?:Tag\w+|CreateTags|AddTagsToResource|ListTagsForResource|PassRole|CreateServiceLinkedRole|CreateGrant|CreateSecret|ReplicateSecretToRegions|UpdateRestApiPolicy|BatchDeleteImage|PutBucketObjectLockConfiguration)$/;

const prefixes: Readonly<Record<string, string>> = {
  apigatewayv2: 'apigateway',
  eventbridge: 'events',
  sfn: 'states',
};

function callsIn(files: readonly string[], service: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of files) {
    for (const [, other, call = ''] of textOf(file).matchAll(
      /(?:\b(?:client|ec2)|get\('(\w+)'\)\))\s*\.\s*([a-z]\w+)\(/g,
    )) {
      if (call === 'get') continue;
      const name = call.charAt(0).toUpperCase() + call.slice(1);
      const prefix = prefixes[other ?? service] ?? other ?? service;
      const verb = prefix === 'apigateway' ? verbs.find(([pattern]) => pattern.test(name))?.[1] : undefined;
      for (const action of renamed[`${prefix}:${name}`] ?? [`${prefix}:${verb ?? name}`]) found.add(action);
    }
  }
  return found;
}

const serviceOf = (file: string): string => /([^/.-]+)[^/]*$/.exec(file)?.[1] ?? '';

const own = filesOf('').filter((file) => services.some(({ service }) => file.startsWith(`${service}-`)));

const parts: readonly (readonly [string, readonly string[], (service: string) => readonly string[]])[] = [
  [
    'checks, lists and removes',
    [...filesOf('services/'), ...own],
    (service) =>
      services
        .filter((each) => each.service === service)
        .flatMap(({ types }) =>
          types.flatMap(({ actions, whole }) => Object.values(whole?.actions ?? actions).flat()),
        ),
  ],
  [
    'describes',
    filesOf('describe/'),
    (service) => describers.filter((each) => each.service === service).flatMap(({ actions }) => actions),
  ],
  [
    'clones',
    filesOf('clone/'),
    (service) => cloners.filter((each) => each.service === service).flatMap(({ actions }) => actions),
  ],
];

describe.each(parts)('what %s', (_what, files, actionsOf) => {
  it.each(services.map(({ service }) => service))(
    'in %s names the actions of its calls, and no more',
    (service) => {
      const calls = callsIn(
        files.filter((file) => serviceOf(file) === service),
        service,
      );
      const named = new Set(actionsOf(service));
      expect([...calls].filter((action) => !named.has(action))).toEqual([]);
      // What clones looks at what it made with the eyes of those who describe.
      const read = callsIn(
        filesOf('describe/').filter((file) => serviceOf(file) === service),
        service,
      );
      const needed = (action: string): boolean =>
        calls.has(action) || read.has(action) || besides.test(action);
      expect([...named].filter((action) => !needed(action))).toEqual([]);
    },
  );
});
