/**
 * The clients of the AWS SDK, made on first use: loading seven of them takes half a second, most commands need two.
 *
 * Region, credentials, profile and `AWS_ENDPOINT_URL` are read by the SDK itself. Every request has a time limit and
 * a bounded number of attempts; adaptive retries slow all callers of one service down together when it throttles.
 */

import { once } from '../transfer/once.ts';

/**
 * `adaptive` also limits its own rate once it is throttled, down to one call in two seconds: for commands that ask
 * little. `standard` only waits longer before each attempt: for what asks thousands of times, and bounds by itself
 * how much is under way.
 */
type RetryMode = 'adaptive' | 'standard';

/** What every client is made with. */
interface ClientSettings {
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: CredentialSource;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly retryMode: RetryMode;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

const loaders = {
  apigateway: async (s: ClientSettings) => new (await import('@aws-sdk/client-api-gateway')).APIGateway(s),
  apigatewayv2: async (s: ClientSettings) =>
    new (await import('@aws-sdk/client-apigatewayv2')).ApiGatewayV2(s),
  cloudfront: async (s: ClientSettings) => new (await import('@aws-sdk/client-cloudfront')).CloudFront(s),
  cloudwatch: async (s: ClientSettings) => new (await import('@aws-sdk/client-cloudwatch')).CloudWatch(s),
  dynamodb: async (s: ClientSettings) => new (await import('@aws-sdk/client-dynamodb')).DynamoDB(s),
  ec2: async (s: ClientSettings) => new (await import('@aws-sdk/client-ec2')).EC2(s),
  ecr: async (s: ClientSettings) => new (await import('@aws-sdk/client-ecr')).ECR(s),
  eventbridge: async (s: ClientSettings) => new (await import('@aws-sdk/client-eventbridge')).EventBridge(s),
  iam: async (s: ClientSettings) => new (await import('@aws-sdk/client-iam')).IAM(s),
  kms: async (s: ClientSettings) => new (await import('@aws-sdk/client-kms')).KMS(s),
  lambda: async (s: ClientSettings) => new (await import('@aws-sdk/client-lambda')).Lambda(s),
  logs: async (s: ClientSettings) => new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogs(s),
  pricing: async (s: ClientSettings) => new (await import('@aws-sdk/client-pricing')).Pricing(s),
  rds: async (s: ClientSettings) => new (await import('@aws-sdk/client-rds')).RDS(s),
  tagging: async (s: ClientSettings) =>
    new (await import('@aws-sdk/client-resource-groups-tagging-api')).ResourceGroupsTaggingAPI(s),
  s3: async (s: ClientSettings) =>
    new (await import('@aws-sdk/client-s3')).S3({
      ...s,
      followRegionRedirects: true,
      // A stand-in on this machine has no name per bucket.
      forcePathStyle: customEndpoint(),
    }),
  scheduler: async (s: ClientSettings) => new (await import('@aws-sdk/client-scheduler')).Scheduler(s),
  secretsmanager: async (s: ClientSettings) =>
    new (await import('@aws-sdk/client-secrets-manager')).SecretsManager(s),
  sfn: async (s: ClientSettings) => new (await import('@aws-sdk/client-sfn')).SFN(s),
  sns: async (s: ClientSettings) => new (await import('@aws-sdk/client-sns')).SNS(s),
  sqs: async (s: ClientSettings) => new (await import('@aws-sdk/client-sqs')).SQS(s),
  ssm: async (s: ClientSettings) => new (await import('@aws-sdk/client-ssm')).SSM(s),
  sts: async (s: ClientSettings) => new (await import('@aws-sdk/client-sts')).STS(s),
};

export type ServiceName = keyof typeof loaders;

export type ClientOf<S extends ServiceName> = Awaited<ReturnType<(typeof loaders)[S]>>;

export interface ClientOptions {
  /** Absent: the one that the SDK finds in the environment or the profile. */
  readonly region?: string | undefined;
  /** Aborts what is under way and everything that comes after. */
  readonly signal?: AbortSignal | undefined;
  /** Attempts for one call, the first included. */
  readonly maxAttempts?: number;
  /** `adaptive` if not given. */
  readonly retryMode?: RetryMode;
  /** Milliseconds for one attempt. */
  readonly requestTimeoutMs?: number;
  /** As whom they act; as whom the environment says if absent. */
  readonly actor?: Actor | undefined;
}

/** As whom clients act. The same object for all clients of a run: who that is is then asked once. */
export interface Actor {
  readonly profile?: string | undefined;
  readonly credentials?: CredentialSource | undefined;
  /** Where the security token service is, if not where all else is. */
  readonly stsEndpoint?: string | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Asked for anew shortly before. */
  readonly expiration?: Date;
}

export type CredentialSource = () => Promise<AwsCredentials>;

/** Whom the credentials belong to. */
export interface CallerIdentity {
  readonly partition: string;
  readonly account: string;
  readonly arn: string;
}

export interface AwsClients {
  get<S extends ServiceName>(service: S): Promise<ClientOf<S>>;
  /** Asked once, however many clients are made by `with`. @throws Error of the SDK */
  identity(): Promise<CallerIdentity>;
  /** The same clients with other settings, for example another region, or one attempt with a long time limit. */
  with(options: ClientOptions): AwsClients;
  /** Closes the connections. The clients made by `with` have to be closed on their own. */
  close(): void;
}

export function createClients(options: ClientOptions = {}): AwsClients {
  const open: AwsClients = clientsWith(
    options,
    once(() => callerOf(open)),
  );
  return open;
}

async function callerOf(clients: AwsClients): Promise<CallerIdentity> {
  const region = await regionOfClients(clients).catch(() => 'us-east-1');
  // It is asked before everything else: who waits for it is told soon where it cannot be reached.
  const own = clients.with({ region, maxAttempts: 2, requestTimeoutMs: 10_000 });
  try {
    const { Account, Arn = '' } = await (await own.get('sts')).getCallerIdentity({});
    if (Account === undefined) throw new Error('the answer of sts:GetCallerIdentity has no account');
    return { account: Account, arn: Arn, partition: Arn.split(':')[1] || 'aws' };
  } finally {
    own.close();
  }
}

function clientsWith(options: ClientOptions, identity: () => Promise<CallerIdentity>): AwsClients {
  const { actor = {} } = options;
  const settings: ClientSettings = {
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(actor.profile === undefined ? {} : { profile: actor.profile }),
    ...(actor.credentials === undefined ? {} : { credentials: actor.credentials }),
    maxAttempts: options.maxAttempts ?? 5,
    retryMode: options.retryMode ?? 'adaptive',
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: options.requestTimeoutMs ?? 20_000,
      throwOnRequestTimeout: true,
    },
  };
  const made = new Map<ServiceName, Promise<Closable>>();

  const make = async (service: ServiceName): Promise<Closable> => {
    const own = service === 'sts' && actor.stsEndpoint !== undefined ? { endpoint: actor.stsEndpoint } : {};
    const client = await loaders[service]({ ...settings, ...own });
    if (options.signal) abortWith(client, options.signal);
    return client;
  };
  return {
    get: <S extends ServiceName>(service: S): Promise<ClientOf<S>> => {
      let client = made.get(service);
      if (!client) {
        client = make(service);
        made.set(service, client);
      }
      return client as Promise<ClientOf<S>>;
    },
    identity,
    // Another actor is somebody else.
    with: (changed) =>
      'actor' in changed
        ? createClients({ ...options, ...changed })
        : clientsWith({ ...options, ...changed }, identity),
    close: () => {
      for (const client of made.values()) {
        client.then(
          (open) => open.destroy(),
          () => undefined,
        );
      }
      made.clear();
    },
  };
}

interface Closable {
  readonly config: { readonly requestHandler: object };
  destroy(): void;
}

interface Handler {
  handle(request: object, options?: object): Promise<object>;
}

/**
 * Gives every request of a client the signal. The SDK takes a signal per call only; asking each of some hundred
 * calls to pass it on would be forgotten at one of them.
 */
function abortWith(client: Closable, signal: AbortSignal): void {
  const handler = client.config.requestHandler as Handler;
  const handle = handler.handle.bind(handler);
  handler.handle = (request, options) => handle(request, { abortSignal: signal, ...options });
}

/**
 * The region that clients ask.
 * @throws Error of the SDK where none is set
 */
export async function regionOfClients(clients: AwsClients): Promise<string> {
  const { config } = await clients.get('sts');
  return config.region();
}

function customEndpoint(): boolean {
  return Boolean(process.env['AWS_ENDPOINT_URL'] ?? process.env['AWS_ENDPOINT_URL_S3']);
}
