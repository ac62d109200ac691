/** What `provision-env.config.*` may say. Every key is optional; what is not said is found by looking. */
import { z } from 'zod';
import { durationProblem, parseDuration } from '../environment/time-to-live.ts';
import { secretClasses } from '../proof/secrets.ts';
import type { Json } from '../transfer/json.ts';
import { invokeSettings } from '../transfer/invoke.ts';

const withEnvironment = z.string().refine((pattern) => pattern.includes('{env}'), {
  error: 'must have `{env}` in it, where the name of the environment stands',
});

const path = z.string().min(1);

const settings = z.record(z.string(), z.string());

const costs = z.strictObject({
  max: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      'US dollars that a new environment may add in a month. Over it nothing is changed (exit code 3). `--max-monthly` overrules it.',
    ),
  usage: z
    .record(z.string(), z.record(z.string(), z.number().nonnegative()))
    .default({})
    .describe(
      'What one resource of a type is assumed to do in a month, by type and meter: `{ "aws_lambda_function": { "requests": 1000000 } }`. docs/prices.md lists the meters. What is not said is 0: an environment that lies idle.',
    ),
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: 'must be the code of a region, for example ap-southeast-1' })
    .optional()
    .describe('Region of the prices. Read from the ARNs of the source if absent.'),
  prices: z
    .enum(['bundled', 'live', 'infracost'])
    .default('bundled')
    .describe(
      '`bundled`: the table that comes with the tool. `live`: the AWS Price List API, asked each time. `infracost`: what the Infracost CLI says, the table for the rest.',
    ),
});

const terraform = z.strictObject({
  dir: path
    .optional()
    .describe(
      'Folder of the root module, relative to the file. Found if absent: `.`, `terraform/`, `infra/`, `infrastructure/`.',
    ),
  binary: path.optional().describe('Program to run: `terraform`, `tofu`, or a path. Found if absent.'),
  variable: z
    .string()
    .regex(/^[\p{ID_Start}_][\p{ID_Continue}-]*$/u, { error: 'must be the name of a variable' })
    .optional()
    .describe('Variable that names the environment. Found if absent.'),
  parallelism: z.int().min(1).max(256).optional().describe("Terraform's `-parallelism`."),
  timeoutMinutes: z.number().positive().default(60).describe('Longest time for one run of Terraform.'),
});

const environmentOverride = z.strictObject({
  varFile: path.optional().describe('Var-file of this environment, relative to the root module.'),
  backendFile: path.optional().describe('Backend file of this environment, relative to the root module.'),
  backendConfig: settings
    .optional()
    .describe('Backend settings of this environment, given as `-backend-config=key=value`.'),
});

const account = z.strictObject({
  id: z
    .string({ error: 'must be the twelve digits of an account in quotes: a number loses its leading zeros' })
    .regex(/^\d{12}$/, { error: 'must be the twelve digits of an account, in quotes' })
    .describe('Id of the account.'),
  role: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, { error: 'must be the ARN of a role' })
    .optional()
    .describe('Role that leads there: named to who is in another account.'),
  profile: z
    .string()
    .min(1)
    .optional()
    .describe('Profile that leads there: named to who is in another account.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, { error: 'must be the code of a region, for example ap-southeast-1' })
    .optional()
    .describe('Region that its environments lie in. Any if absent.'),
});

const environments = z.strictObject({
  varFile: withEnvironment
    .optional()
    .describe(
      'Where the var-file of an environment lies, relative to the root module: `config/{env}.tfvars`.',
    ),
  backendFile: withEnvironment
    .optional()
    .describe(
      'Where the backend file of an environment lies, relative to the root module: `config/{env}.backend.hcl`.',
    ),
  accounts: settings
    .default({})
    .describe(
      'The account of each environment, by its key in `accounts`: `{ "prod": "prod", "*": "dev" }`; `*` stands for any text, the name itself comes first. An environment of which nothing is said here belongs into the account of its source.',
    ),
  overrides: z
    .record(z.string(), environmentOverride)
    .default({})
    .describe('What differs for single environments, by name.'),
});

const functionRequest = z.strictObject({
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET')
    .describe('HTTP method. Only GET is ever chosen where nothing is said.'),
  path: z.string().startsWith('/').describe('Path of a route that leads to the function.'),
  body: z.json().optional().describe('Sent as JSON.'),
});

const functionCheck = z.strictObject({
  event: z
    .json()
    .optional()
    .describe(
      'Event to invoke the function with, directly. It is then called, whatever starts it otherwise.',
    ),
  request: z
    .union([z.literal(false), functionRequest])
    .optional()
    .describe(
      'How the function is asked through its Function URL, API or load balancer, in place of a GET of a path that is there. `false`: not at all.',
    ),
  invoke: z
    .boolean()
    .optional()
    .describe(
      '`false`: never call this function, neither directly nor by its URL. `true`: invoke it whatever starts it otherwise, without an `event` by `{ "source": "provision-env", "check": "health" }`.',
    ),
  skip: z
    .string()
    .min(1)
    .optional()
    .describe('As `invoke: false`; the text says why and stands in the report.'),
  allowPlainText: z.boolean().optional().describe('The body of the answer need not be JSON.'),
});

const urlCheck = z
  .strictObject({
    output: z.string().min(1).optional().describe('Output of the root module that holds the URL.'),
    url: z.url().optional().describe('The URL itself; `{env}` stands for the environment.'),
    path: z.string().startsWith('/').optional().describe('Added to the URL.'),
    expectStatus: z.int().min(100).max(599).default(200).describe('HTTP status that the answer must have.'),
  })
  .refine((check) => (check.output === undefined) !== (check.url === undefined), {
    error: 'needs either `output` or `url`',
  });

const verify = z.strictObject({
  invoke: z
    .enum(invokeSettings)
    .default('safe')
    .describe(
      '`safe`: a verification calls what is there to be called from outside (Function URL, GET route) and what has an `event`, `request` or `invoke: true`; all else is looked at without a call. `all`: every function, with its event or `{ "source": "provision-env", "check": "health" }`. `none`: nothing. `--invoke` overrules it. Layer 4 is not concerned: `channels` says what is tried there.',
    ),
  functions: z
    .record(z.string(), functionCheck)
    .default({})
    .describe(
      'Whether and how single functions are called, by name or address; `*` stands for any text. The most specific entry wins.',
    ),
  urls: z.array(urlCheck).default([]).describe('More URLs that must answer.'),
  timeoutSeconds: z.number().positive().default(120).describe('Longest wait for one check.'),
  codeMinutes: z
    .number()
    .positive()
    .max(7 * 24 * 60)
    .default(30)
    .describe('How long the code of layer 4 may take to come back.'),
});

const secretRule = z.strictObject({
  key: z.string().min(1).describe('Key in any spelling; `*` stands for any text.'),
  class: z
    .enum(secretClasses)
    .describe(
      '`shared`: the same value. `isolated`: one of its own. `generated`: a new random one. `from-output`: an output of the configuration.',
    ),
  output: z.string().min(1).optional().describe('For `from-output`: the output that holds the value.'),
});

const secrets = z.strictObject({
  provider: z
    .enum(['doppler', 'env', 'dotenv', 'aws-secrets-manager', 'aws-ssm'])
    .optional()
    .describe(
      'Where secrets are kept. `doppler` if there is a `doppler.yaml` and a DOPPLER_TOKEN, otherwise `env`: the environment of the command.',
    ),
  project: z.string().min(1).optional().describe("Doppler's project; `doppler.yaml` says it too."),
  pattern: withEnvironment
    .optional()
    .describe('Where the secrets of an environment lie, for `dotenv` and AWS: `daily-report/{env}`.'),
  configs: settings.optional().describe('Environment to config, where the names do not say it.'),
  rules: z.array(secretRule).default([]).describe('What happens to single keys. The first that fits counts.'),
});

const duration = z.string().superRefine((text, context) => {
  const problem = durationProblem(text);
  if (problem !== null) context.addIssue({ code: 'custom', message: `${problem}: write 12h, 3d, 2w` });
});

const ttl = z
  .strictObject({
    default: duration
      .optional()
      .describe('Time to live of an environment that is made without `--ttl`, for example `3d`.'),
    max: duration
      .optional()
      .describe('Longest time from now to the end; also the default where there is none.'),
    maxTotal: duration
      .optional()
      .describe('Longest time from the making to the end, however often it is extended.'),
    noticeBefore: duration.default('1d').describe('How long before the end `gc` gives notice of it.'),
    noticeUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'URL that `gc` tells once of each environment that ends within `noticeBefore`: a POST signed as Standard Webhooks, with the secret in PROVISION_ENV_NOTICE_SECRET.',
      ),
  })
  .superRefine((given, context) => {
    for (const cap of ['max', 'maxTotal'] as const) {
      const [wanted, longest] = [given.default, given[cap]];
      if (wanted === undefined || longest === undefined) continue;
      if (durationProblem(wanted) !== null || durationProblem(longest) !== null) continue;
      if (parseDuration(wanted) > parseDuration(longest))
        context.addIssue({ code: 'custom', path: ['default'], message: `is longer than \`${cap}\`` });
    }
  });

const channel = z.strictObject({
  apiBase: z
    .url()
    .optional()
    .describe("Root of the service's API, where a proxy or a stand-in takes its place."),
  webhookOutput: z
    .string()
    .min(1)
    .optional()
    .describe('Output of the root module that holds the webhook URL. Found by its name if absent.'),
  webhookUrl: z
    .string()
    .min(1)
    .optional()
    .describe('The webhook URL itself; `{env}` stands for the environment.'),
  webhookPath: z
    .string()
    .min(1)
    .optional()
    .describe('Path behind the URL that was found, where the webhook is not at its root.'),
  tester: z
    .union([z.string().min(1), settings])
    .optional()
    .describe(
      'Who is sent the code of layer 4: the id of a user of this service, or one for each environment (`*`: all others). LINE gives a user another id at each provider.',
    ),
  skip: z
    .string()
    .min(1)
    .optional()
    .describe('Leave this channel alone and do not verify it; the text says why and stands in the report.'),
});

export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Where this schema lies, for editors.'),
    terraform: terraform.prefault({}).describe('The Terraform project and how it is run.'),
    environments: environments.prefault({}).describe('Where the files of the environments lie.'),
    accounts: z
      .record(z.string(), account)
      .default({})
      .describe(
        'The AWS accounts, by a key of your own: `{ "dev": { "id": "111111111111", "profile": "dev" } }`. `environments.accounts` says which environments belong into which: nothing is made in another.',
      ),
    protected: z
      .array(z.string().min(1))
      .default(['production', 'prd', 'preprod', 'main', 'master', 'live'])
      .describe('Environments that are never destroyed, beside `dev`, `staging` and `prod`.'),
    shared: z
      .array(z.string().min(1))
      .default([])
      .describe('Addresses of resources that all environments share; `*` stands for any text.'),
    accept: z
      .array(
        z.string().regex(/^contract-(?:environment-keys|handler|policy|resources):\S/, {
          error:
            'must be `<rule>:<subject>` of a rule of the contract, for example `contract-policy:aws_iam_role_policy.x`',
        }),
      )
      .default([])
      .describe(
        "Where the configuration is meant to be ahead of the source: findings of the contract with the source (`contract-environment-keys`, `contract-handler`, `contract-policy`, `contract-resources`) that are overruled, as `--accept` does. Nothing of an environment's isolation can be overruled here.",
      ),
    logRetentionDays: z
      .union([z.int().positive(), z.literal(false)])
      .default(3)
      .describe(
        'Days that environments which are not protected keep their logs, where a variable says so. `false` leaves it alone.',
      ),
    costs: costs.prefault({}).describe('What environments may cost, and how that is reckoned.'),
    ttl: ttl.prefault({}).describe('How long environments live, and who is told before they end.'),
    verify: verify.prefault({}).describe('How the functionality of a new environment is checked.'),
    secrets: secrets
      .prefault({})
      .describe('Where secrets are kept, and which belong to one environment alone.'),
    store: z
      .string()
      .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w!.*'()/-]*)?$/, {
        error: 'must have the form `s3://bucket/prefix`',
      })
      .optional()
      .describe(
        'Where the records of the environments lie: `s3://bucket/prefix`, for teams and for CI. Absent: below `.provision-env/` of this machine.',
      ),
    channels: z
      .record(z.string(), channel)
      .default({})
      .describe('Chat channels by kind: `line`, `telegram`, `signed-webhook`.'),
    engine: z
      .enum(['terraform', 'direct'])
      .default('terraform')
      .describe(
        'Who makes environments. `direct` copies what is live through the AWS SDK, and leaves to Terraform what it manages.',
      ),
    defaultSource: z.string().min(1).default('dev').describe('Environment to copy from where none is named.'),
  })
  .superRefine(({ accounts, environments: { accounts: table } }, context) => {
    const keys = Object.keys(accounts);
    for (const [environment, key] of Object.entries(table)) {
      if (keys.includes(key)) continue;
      context.addIssue({
        code: 'custom',
        path: ['environments', 'accounts', environment],
        message: `names no account: \`accounts\` has ${keys.join(', ') || 'none'}`,
      });
    }
  })
  .describe('Configuration of provision-env');

/** The configuration with all defaults filled in. */
export type Config = z.output<typeof configSchema>;

/** The configuration as it is written. */
export type UserConfig = z.input<typeof configSchema>;

/** The configuration of a project that has none. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}

/** The JSON Schema of the configuration, for editors and for the documentation. */
export function configJsonSchema(): Json {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' }) as Json;
}
