/**
 * The clients of the AWS SDK on an account that is plain data: the calls that the adapters of its types make are
 * answered from it, all others say that there is nothing.
 */
import type { AwsClients, ClientOptions } from '../../src/aws/clients.ts';
import type { S3BackendClients } from '../../src/terraform/s3-backend.ts';
import { type Account, findThing, removeThing, type Thing } from './stand-in-terraform/account.ts';

type Input = Readonly<Record<string, unknown>>;
type Operations = Readonly<Record<string, (input: Input) => unknown>>;

/** An error as the SDK throws it. */
function refusal(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

const denial = (service: string): Error =>
  refusal('AccessDeniedException', `User is not authorized to perform: ${service}:Any`, 403);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function operationsIn(account: Account, region: string): Operations {
  const all = (type: string): readonly Thing[] =>
    account.things.filter(
      (thing) => thing.type === type && (thing.region === 'global' || thing.region === region),
    );
  const one = (type: string, name: unknown, error: string): Thing => {
    const found = findThing(account, type, region, text(name));
    if (found === undefined) throw refusal(error, `${text(name)} does not exist`);
    return found;
  };
  const remove = (type: string, name: unknown, error: string): object => {
    if (!removeThing(account, type, region, text(name))) throw refusal(error, `${text(name)} does not exist`);
    return {};
  };
  const queueName = (url: unknown): string => text(url).slice(text(url).lastIndexOf('/') + 1);
  const noQueue = 'QueueDoesNotExist';
  const parameter = ({ name, values }: Thing): object => ({ Name: name, ARN: values['arn'] });
  return {
    'dynamodb.listTables': () => ({ TableNames: all('aws_dynamodb_table').map(({ name }) => name) }),
    'dynamodb.describeTable': ({ TableName }) => {
      const { name, values } = one('aws_dynamodb_table', TableName, 'ResourceNotFoundException');
      return { Table: { TableName: name, TableArn: values['arn'], TableStatus: 'ACTIVE' } };
    },
    'dynamodb.deleteTable': ({ TableName }) =>
      remove('aws_dynamodb_table', TableName, 'ResourceNotFoundException'),
    'iam.listRoles': () => ({
      Roles: all('aws_iam_role').map(({ name, values }) => ({
        RoleName: name,
        Arn: values['arn'],
        Path: '/',
      })),
    }),
    'iam.getRole': ({ RoleName }) => {
      const { name, values } = one('aws_iam_role', RoleName, 'NoSuchEntityException');
      return { Role: { RoleName: name, Arn: values['arn'], RoleId: values['unique_id'] } };
    },
    'iam.deleteRole': ({ RoleName }) => remove('aws_iam_role', RoleName, 'NoSuchEntityException'),
    'logs.describeLogGroups': ({ logGroupNamePrefix }) => ({
      logGroups: all('aws_cloudwatch_log_group')
        .filter(({ name }) => name.startsWith(text(logGroupNamePrefix)))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, values }) => ({ logGroupName: name, arn: `${text(values['arn'])}:*` })),
    }),
    'logs.deleteLogGroup': ({ logGroupName }) =>
      remove('aws_cloudwatch_log_group', logGroupName, 'ResourceNotFoundException'),
    'sqs.listQueues': () => ({ QueueUrls: all('aws_sqs_queue').map(({ values }) => values['url']) }),
    'sqs.getQueueUrl': ({ QueueName }) => ({
      QueueUrl: one('aws_sqs_queue', QueueName, noQueue).values['url'],
    }),
    'sqs.getQueueAttributes': ({ QueueUrl }) => ({
      Attributes: { QueueArn: one('aws_sqs_queue', queueName(QueueUrl), noQueue).values['arn'] },
    }),
    'sqs.deleteQueue': ({ QueueUrl }) => remove('aws_sqs_queue', queueName(QueueUrl), noQueue),
    'ssm.describeParameters': ({ ParameterFilters }) => {
      const [filter] = (ParameterFilters ?? []) as readonly { readonly Values?: readonly string[] }[];
      return {
        Parameters: all('aws_ssm_parameter')
          .filter(({ name }) => filter === undefined || filter.Values?.includes(name))
          .map(parameter),
      };
    },
    'ssm.deleteParameter': ({ Name }) => remove('aws_ssm_parameter', Name, 'ParameterNotFound'),
    'sts.getCallerIdentity': () => ({
      Account: account.id,
      Arn: `arn:aws:iam::${account.id}:user/tester`,
      UserId: 'AIDATESTER',
    }),
    ...objectOperations(account),
  };
}

function objectOperations(account: Account): Operations {
  const place = ({ Bucket, Key }: Input): string => `${text(Bucket)}/${text(Key)}`;
  return {
    's3.getObject': (input) => {
      const object = place(input);
      if (account.unreadable.includes(object)) throw denial('s3');
      const body = account.objects[object];
      if (body === undefined) throw refusal('NoSuchKey', 'The specified key does not exist.', 404);
      return { Body: { transformToString: () => Promise.resolve(body) }, ETag: `"${body.length}"` };
    },
    's3.deleteObject': (input) => {
      delete account.objects[place(input)];
      return {};
    },
  };
}

/** @param service what may be denied; its first word is the service's name */
function clientOf(service: string, operations: Operations, account: Account, region: string): object {
  return new Proxy(
    {},
    {
      get: (_target, name) => {
        // What is awaited must not look like a promise.
        if (typeof name !== 'string' || name === 'then') return undefined;
        if (name === 'config') return { region: () => Promise.resolve(region) };
        if (name === 'destroy') return () => undefined;
        return async (input: Input = {}) => {
          // A turn of the event loop, as any real call takes.
          await Promise.resolve();
          if (account.denied.includes(service)) throw denial(service);
          const operation = `${service.split(' ')[0]}.${name}`;
          const refused = account.refused[operation];
          if (refused !== undefined)
            throw refusal(refused, `User is not authorized to perform: ${operation}`, 403);
          return operations[operation]?.(input) ?? {};
        };
      },
    },
  );
}

/** @param home the region of clients that are told none */
export function accountClients(account: Account, home: string, options: ClientOptions = {}): AwsClients {
  const region = options.region ?? home;
  const operations = operationsIn(account, region);
  return {
    get: ((service: string) =>
      Promise.resolve(clientOf(service, operations, account, region))) as AwsClients['get'],
    with: (changed) => accountClients(account, home, { ...options, ...changed }),
    identity: () =>
      Promise.resolve({
        account: account.id,
        partition: 'aws',
        arn: `arn:aws:iam::${account.id}:user/tester`,
      }),
    close: () => undefined,
  };
}

/** The same for the buckets with the states. */
export function accountBackendClients(account: Account): S3BackendClients {
  const operations = objectOperations(account);
  return {
    s3: clientOf('s3 of the backend', operations, account, '') as S3BackendClients['s3'],
    dynamodb: () => Promise.resolve(clientOf('dynamodb of the backend', {}, account, '') as never),
    close: () => undefined,
  };
}
