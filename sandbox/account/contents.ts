/** What lies in the big account: four kinds of things, of which every so manieth belongs to one environment. */
import { type Answer, answerOf, type Call, notThere } from './wire.ts';

export interface AccountSize {
  readonly functions: number;
  readonly tables: number;
  readonly logGroups: number;
  readonly roles: number;
}

/** The environment that has something in it, and how often. */
export interface Share {
  readonly environment: string;
  readonly every: number;
}

const account = '123456789012';
const region = 'eu-west-1';

/** Name of the thing with a number: sorted as the services sort them. */
export function nameOf(kind: string, index: number, { environment, every }: Share): string {
  const number = String(index).padStart(6, '0');
  return `app-${number}-${kind}-${index % every === 0 ? environment : 'prod'}`;
}

interface Page {
  readonly names: readonly string[];
  readonly next: string | undefined;
}

/** A page from a token, which is the number of its first thing. */
function page(kind: string, count: number, size: number, token: unknown, share: Share): Page {
  const from = typeof token === 'string' && token !== '' ? Number(token) : 0;
  const until = Math.min(from + size, count);
  const names = Array.from({ length: until - from }, (_, index) => nameOf(kind, from + index, share));
  return { names, next: until < count ? String(until) : undefined };
}

const arn = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;

const limit = (wanted: unknown, most: number): number => Math.min(Number(wanted ?? most) || most, most);

/** About as much as the service tells of a real function: 1 KB. */
const functionOf = (FunctionName: string): object => ({
  FunctionName,
  FunctionArn: arn('lambda', `function:${FunctionName}`),
  Runtime: 'nodejs22.x',
  Role: `arn:aws:iam::${account}:role/${FunctionName}`,
  Handler: 'index.handler',
  CodeSize: 1_048_576,
  Description: 'x'.repeat(120),
  Timeout: 30,
  MemorySize: 512,
  LastModified: '2026-01-31T10:00:00.000+0000',
  CodeSha256: 'x'.repeat(44),
  Version: '$LATEST',
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: 'x'.repeat(36),
  PackageType: 'Zip',
  Architectures: ['arm64'],
  EphemeralStorage: { Size: 512 },
  Environment: { Variables: { LOG_LEVEL: 'info', NODE_OPTIONS: '--enable-source-maps', STAGE: 'prod' } },
  LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${FunctionName}` },
});

const groupOf = (name: string): object => ({
  logGroupName: name,
  arn: `${arn('logs', `log-group:${name}`)}:*`,
  creationTime: 1_769_853_600_000,
  storedBytes: 4096,
  metricFilterCount: 0,
});

/** What is asked of one function; it has no URL, no policy and no other part. */
const ofFunction = /^GET \/\d{4}-\d\d-\d\d\/functions\/([^/]+)(?:\/(.+))?$/;

function aboutFunction(call: Call): Answer {
  const [, name = '', part] = ofFunction.exec(call.operation) ?? [];
  const Configuration = { ...functionOf(name), State: 'Active', LastUpdateStatus: 'Successful' };
  if (part === 'configuration') return answerOf(call, Configuration);
  if (part === undefined) return answerOf(call, { Configuration, Code: { RepositoryType: 'S3' }, Tags: {} });
  return part === 'policy' ? notThere() : answerOf(call);
}

/** With its trust policy, percent-encoded, as IAM answers it. */
const roleXml = (name: string): string =>
  `<member><Path>/</Path><RoleName>${name}</RoleName><RoleId>AROA${name}</RoleId><Arn>arn:aws:iam::${account}:role/${name}</Arn>` +
  `<CreateDate>2026-01-31T10:00:00Z</CreateDate><AssumeRolePolicyDocument>${encodeURIComponent('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}')}</AssumeRolePolicyDocument></member>`;

/** The largest page of each service; of `ListFunctions` it is 50 whatever is asked for. */
export function answer(call: Call, size: AccountSize, share: Share): Answer {
  const { input } = call;
  switch (call.operation) {
    case 'GET /2015-03-31/functions/':
    case 'GET /2015-03-31/functions': {
      const { names, next } = page(
        'function',
        size.functions,
        limit(input['MaxItems'], 50),
        input['Marker'],
        share,
      );
      return answerOf(call, { Functions: names.map(functionOf), NextMarker: next });
    }
    case 'ListTables': {
      const token =
        typeof input['ExclusiveStartTableName'] === 'string' ? input['ExclusiveStartTableName'] : '';
      // Its token is the last name: the number is in it.
      const from = token === '' ? '' : String(Number(token.slice('app-'.length, 'app-000000'.length)) + 1);
      const { names, next } = page('table', size.tables, limit(input['Limit'], 100), from, share);
      return answerOf(call, {
        TableNames: names,
        LastEvaluatedTableName: next === undefined ? undefined : names.at(-1),
      });
    }
    case 'DescribeLogGroups': {
      const { logGroupNamePrefix: only } = input;
      if (typeof only === 'string') return answerOf(call, { logGroups: [groupOf(only)] });
      const { names, next } = page(
        'group',
        size.logGroups,
        limit(input['limit'], 50),
        input['nextToken'],
        share,
      );
      return answerOf(call, { logGroups: names.map(groupOf), nextToken: next });
    }
    case 'ListRoles': {
      const { names, next } = page(
        'role',
        size.roles,
        limit(input['MaxItems'], 1000),
        input['Marker'],
        share,
      );
      const more =
        next === undefined
          ? '<IsTruncated>false</IsTruncated>'
          : `<IsTruncated>true</IsTruncated><Marker>${next}</Marker>`;
      return answerOf(call, `<Roles>${names.map(roleXml).join('')}</Roles>${more}`);
    }
    case 'DescribeTable': {
      const TableName = String(input['TableName']);
      return answerOf(call, {
        Table: { TableName, TableArn: arn('dynamodb', `table/${TableName}`), TableStatus: 'ACTIVE' },
      });
    }
    case 'GetRole':
      return answerOf(call, roleXml(String(input['RoleName'])).replaceAll('member>', 'Role>'));
    case 'ListRoleTags':
      return answerOf(call, '<Tags/><IsTruncated>false</IsTruncated>');
    case 'GetCallerIdentity':
      return answerOf(
        call,
        `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/ci</Arn><UserId>AIDA</UserId>`,
      );
    default:
      if (call.service === 'lambda' && ofFunction.test(call.operation)) return aboutFunction(call);
      // Every other listing is empty.
      return answerOf(call);
  }
}
