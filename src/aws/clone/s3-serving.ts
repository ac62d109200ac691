/** How a copy of a bucket is served, and to whom. */
import type {
  BucketAccelerateStatus,
  Grant,
  Payer,
  Permission,
  Protocol,
  RoutingRule,
  S3,
  Type,
} from '@aws-sdk/client-s3';
import type { CloneDefinition } from '../clone.ts';
import { errorCode } from '../errors.ts';
import { StateValues } from '../state-values.ts';
import { setting } from './s3-setting.ts';

function routingRule(rule: StateValues): RoutingRule {
  const [condition, redirect] = [rule.block('condition'), rule.block('redirect')];
  return {
    ...(condition && {
      Condition: {
        HttpErrorCodeReturnedEquals: condition.text('http_error_code_returned_equals'),
        KeyPrefixEquals: condition.text('key_prefix_equals'),
      },
    }),
    Redirect: {
      HostName: redirect?.text('host_name'),
      HttpRedirectCode: redirect?.text('http_redirect_code'),
      Protocol: redirect?.word<Protocol>('protocol'),
      ReplaceKeyPrefixWith: redirect?.text('replace_key_prefix_with'),
      ReplaceKeyWith: redirect?.text('replace_key_with'),
    },
  };
}

async function putWebsite(Bucket: string, values: StateValues, client: S3): Promise<void> {
  const all = values.block('redirect_all_requests_to');
  const index = values.block('index_document')?.text('suffix');
  const error = values.block('error_document')?.text('key');
  const rules = values.blocks('routing_rule').map(routingRule);
  await client.putBucketWebsite({
    Bucket,
    WebsiteConfiguration: {
      ...(all && {
        RedirectAllRequestsTo: {
          HostName: all.needed('host_name'),
          Protocol: all.word<Protocol>('protocol'),
        },
      }),
      ...(index === undefined ? {} : { IndexDocument: { Suffix: index } }),
      ...(error === undefined ? {} : { ErrorDocument: { Key: error } }),
      ...(rules.length === 0 ? {} : { RoutingRules: rules }),
    },
  });
}

/** For access control lists, and for the lists of what is written into a bucket of logs. */
export function grantOf(values: StateValues): Grant {
  const grantee = values.block('grantee');
  return {
    Permission: values.word<Permission>('permission'),
    Grantee: {
      Type: grantee?.word<Type>('type'),
      ID: grantee?.text('id'),
      EmailAddress: grantee?.text('email_address'),
      URI: grantee?.text('uri'),
    },
  };
}

/** Since 2023 lists mean nothing in a new bucket; in one without controls, as older ones are, they do. */
async function letListsCount(Bucket: string, sourceBucket: string, client: S3): Promise<void> {
  try {
    await client.getBucketOwnershipControls({ Bucket: sourceBucket });
  } catch (error) {
    if (errorCode(error) !== 'OwnershipControlsNotFoundError') throw error;
    await client.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    });
  }
}

export const serving: Readonly<Record<string, CloneDefinition<S3>>> = {
  aws_s3_bucket_website_configuration: setting(['s3:PutBucketWebsite'], putWebsite),
  aws_s3_bucket_acl: setting(
    ['s3:PutBucketAcl', 's3:GetBucketOwnershipControls', 's3:PutBucketOwnershipControls'],
    async (Bucket, values, client, source) => {
      await letListsCount(Bucket, new StateValues(source.values).needed('bucket'), client);
      const policy = values.block('access_control_policy');
      await client.putBucketAcl({
        Bucket,
        AccessControlPolicy: {
          Grants: policy?.blocks('grant').map(grantOf) ?? [],
          Owner: { ID: policy?.block('owner')?.needed('id') },
        },
      });
    },
    {
      // A list for everybody is refused until the block says that there may be one.
      after: [
        {
          types: ['aws_s3_bucket_ownership_controls', 'aws_s3_bucket_public_access_block'],
          sharing: ['bucket'],
        },
      ],
      refuses: (values) =>
        values.block('access_control_policy') === undefined
          ? 'its list is told by a word alone, and what the word means was not read'
          : null,
    },
  ),
  aws_s3_bucket_accelerate_configuration: setting(
    ['s3:PutAccelerateConfiguration'],
    (Bucket, values, client) =>
      client.putBucketAccelerateConfiguration({
        Bucket,
        AccelerateConfiguration: { Status: values.word<BucketAccelerateStatus>('status') },
      }),
  ),
  aws_s3_bucket_request_payment_configuration: setting(
    ['s3:PutBucketRequestPayment'],
    (Bucket, values, client) =>
      client.putBucketRequestPayment({
        Bucket,
        RequestPaymentConfiguration: { Payer: values.needed('payer') as Payer },
      }),
  ),
};
