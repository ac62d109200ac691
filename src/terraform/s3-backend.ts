/**
 * The object in which the S3 backend keeps a state, by the AWS SDK.
 *
 * Reading it this way starts no process and asks for one permission only (`s3:GetObject`); once the SDK is loaded it
 * is much quicker than `terraform init` and `state pull`. The backend's settings are honoured; those that are not
 * are named by `unsupportedSettings`, and then Terraform itself has to read.
 */
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { S3 } from '@aws-sdk/client-s3';
import process from 'node:process';
import { awsError, classify } from '../aws/errors.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

type Settings = Readonly<Record<string, Json>>;

/** What is honoured here, or changes nothing about reading and deleting an object. */
const known = new Set(
  `bucket key region profile access_key secret_key token
   endpoint endpoints dynamodb_endpoint sts_endpoint iam_endpoint sts_region
   assume_role role_arn session_name external_id
   use_path_style force_path_style use_lockfile dynamodb_table workspace_key_prefix
   encrypt kms_key_id acl max_retries retry_mode
   skip_credentials_validation skip_metadata_api_check skip_region_validation
   skip_requesting_account_id skip_s3_checksum`.split(/\s+/),
);

const assumeRoleKnown = new Set([
  'role_arn',
  'session_name',
  'external_id',
  'duration',
  'policy',
  'policy_arns',
  'sts_region',
]);

/** Settings that only Terraform can honour, for example `http_proxy` or `shared_config_files`. */
export function unsupportedSettings(settings: Settings): string[] {
  const role = settings['assume_role'];
  const inner = isJsonObject(role) ? Object.keys(role).filter((name) => !assumeRoleKnown.has(name)) : [];
  return [
    ...Object.entries(settings).flatMap(([name, value]) => (value === null || known.has(name) ? [] : [name])),
    ...inner.map((name) => `assume_role.${name}`),
  ];
}

export interface S3BackendClients {
  readonly s3: S3;
  /** Made on first use: most backends have no lock table. */
  dynamodb(): Promise<DynamoDB>;
  close(): void;
}

const text = (settings: Settings, name: string): string | undefined => {
  const value = settings[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

function endpointOf(
  settings: Settings,
  service: 's3' | 'dynamodb' | 'sts',
  legacy: string,
): string | undefined {
  const endpoints = settings['endpoints'];
  return (isJsonObject(endpoints) ? text(endpoints, service) : undefined) ?? text(settings, legacy);
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What every client of the SDK takes. */
interface ClientConfig {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}

/** What the block says, without what is not there: an `undefined` would hide the SDK's own defaults. */
function clientConfig(settings: Settings, endpoint: string | undefined): ClientConfig {
  const region = text(settings, 'region') ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const profile = text(settings, 'profile');
  const accessKeyId = text(settings, 'access_key');
  const secretAccessKey = text(settings, 'secret_key');
  const sessionToken = text(settings, 'token');
  return {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
        }),
  };
}

/** The role that the backend says to take on, if any. */
async function assumedRole(settings: Settings): Promise<Credentials | undefined> {
  const block = settings['assume_role'];
  const role: JsonObject = isJsonObject(block) ? block : settings;
  const arn = text(role, 'role_arn');
  if (arn === undefined) return undefined;
  const { STS } = await import('@aws-sdk/client-sts');
  const sts = new STS(clientConfig(settings, endpointOf(settings, 'sts', 'sts_endpoint')));
  const externalId = text(role, 'external_id');
  const policy = text(role, 'policy');
  try {
    const { Credentials: issued } = await sts.assumeRole({
      RoleArn: arn,
      RoleSessionName: text(role, 'session_name') ?? 'provision-env',
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
      ...(policy === undefined ? {} : { Policy: policy }),
    });
    if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken) {
      throw new ProvisionError('access-denied', `AWS gave no credentials for the role ${arn}.`);
    }
    return {
      accessKeyId: issued.AccessKeyId,
      secretAccessKey: issued.SecretAccessKey,
      sessionToken: issued.SessionToken,
    };
  } finally {
    sts.destroy();
  }
}

export async function createBackendClients(settings: Settings): Promise<S3BackendClients> {
  const [{ S3 }, credentials] = await Promise.all([import('@aws-sdk/client-s3'), assumedRole(settings)]);
  const role = credentials === undefined ? {} : { credentials };
  const s3Endpoint = endpointOf(settings, 's3', 'endpoint');
  const atEndpoint = s3Endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const pathStyle = settings['use_path_style'] === true || settings['force_path_style'] === true;
  const s3 = new S3({
    ...clientConfig(settings, s3Endpoint),
    ...role,
    forcePathStyle: pathStyle || atEndpoint !== undefined,
    // A stand-in for S3 may send no checksums, or others.
    ...(settings['skip_s3_checksum'] === true ? { responseChecksumValidation: 'WHEN_REQUIRED' } : {}),
  });
  let dynamodb: Promise<DynamoDB> | undefined;
  return {
    s3,
    dynamodb() {
      dynamodb ??= import('@aws-sdk/client-dynamodb').then(
        ({ DynamoDB }) =>
          new DynamoDB({
            ...clientConfig(settings, endpointOf(settings, 'dynamodb', 'dynamodb_endpoint')),
            ...role,
          }),
      );
      return dynamodb;
    },
    close() {
      s3.destroy();
      dynamodb?.then(
        (client) => client.destroy(),
        () => undefined,
      );
    },
  };
}

export interface S3Place {
  readonly bucket: string;
  readonly key: string;
}

/** Where the state lies. Terraform takes no leading slash in a key. */
export function placeOf(settings: Settings): S3Place {
  const bucket = text(settings, 'bucket');
  const key = text(settings, 'key');
  if (bucket !== undefined && key !== undefined) return { bucket, key: key.replace(/^\/+/, '') };
  throw new ProvisionError(
    'backend-invalid',
    `The backend \`s3\` has no \`${bucket === undefined ? 'bucket' : 'key'}\`.`,
    {
      hint: 'Write it into the backend block or the backend file.',
    },
  );
}

/** The error for what the SDK threw about a backend. */
export function backendError(error: unknown, { bucket, key }: S3Place, what: string): ProvisionError {
  if (error instanceof ProvisionError) return error;
  if (classify(error, ['NoSuchBucket']).kind === 'not-found') {
    return new ProvisionError(
      'backend-invalid',
      `The bucket ${bucket} does not exist, or lies in another account.`,
      {
        hint: 'Correct `bucket` and `region` of the backend, choose the right profile, or make the bucket first.',
        cause: error,
      },
    );
  }
  if (error instanceof Error && error.name === 'PermanentRedirect') {
    return new ProvisionError('backend-invalid', `The bucket ${bucket} lies in another region.`, {
      hint: 'Correct `region` of the backend.',
      cause: error,
    });
  }
  return awsError(error, `${what} s3://${bucket}/${key}`);
}

/** Text of an object; `null` if there is none. */
export async function readObject(
  clients: S3BackendClients,
  { bucket, key }: S3Place,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const { Body } = await clients.s3.getObject(
      { Bucket: bucket, Key: key },
      signal === undefined ? {} : { abortSignal: signal },
    );
    return (await Body?.transformToString('utf8')) ?? '';
  } catch (error) {
    if (classify(error, ['NoSuchKey', 'NotFound']).kind === 'not-found') return null;
    throw error;
  }
}
