/** Options that several commands share, with their types. */
import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import type { TransferRequest } from '../steps/context.ts';
import { priceChoices } from '../steps/costs.ts';
import { invokeSettings } from '../transfer/invoke.ts';
import { durationProblem, never } from '../environment/time-to-live.ts';
import type { OptionSpec } from './define-command.ts';

export const sessionOptions: readonly OptionSpec[] = [
  { flags: '--json', description: 'print one JSON document to standard output' },
  { flags: '--markdown', description: 'print the result as Markdown' },
  { flags: '-q, --quiet', description: 'no progress, only warnings and the result' },
  { flags: '--plain', description: 'nothing coloured, nothing redrawn: progress line by line' },
  { flags: '-v, --verbose', description: 'show every Terraform process' },
  { flags: '-C, --project <dir>', description: 'folder of the project (default: the working directory)' },
];

export const sessionInput = {
  json: z.boolean().optional(),
  markdown: z.boolean().optional(),
  quiet: z.boolean().optional(),
  plain: z.boolean().optional(),
  verbose: z.boolean().optional(),
  project: z.string().optional(),
};

export const yesOption: OptionSpec = { flags: '-y, --yes', description: 'answer every question with yes' };

export const dataLossOption: OptionSpec = {
  flags: '--allow-data-loss',
  description: 'agree to an update that deletes or replaces what holds data: --yes alone does not',
};

export const unrecordedOption: OptionSpec = {
  flags: '--allow-unrecorded',
  description:
    'agree to destroying what is in the state and not in the record (imported, applied by hand): --yes alone does not',
};

export const acceptOption: OptionSpec = {
  flags: '--accept <rule:subject>',
  description: 'overrule one finding, as the refusal prints it; it goes on record; may be repeated',
  many: true,
};

export const transferOptions: readonly OptionSpec[] = [
  { flags: '--from <env>', description: 'environment to copy from; from=<env> says the same (default: dev)' },
  {
    flags: '--set <key=value>',
    description: 'value of a variable in the target; may be repeated',
    many: true,
  },
  {
    flags: '--accept <rule:subject>',
    description: 'overrule one finding of the proof; it goes on record; may be repeated',
    many: true,
  },
  { flags: '--keep-log-retention', description: 'leave the log retention as it is in the source' },
  {
    flags: '--engine <engine>',
    description: 'terraform, or direct: copies what is live and no Terraform manages (default: terraform)',
    choices: ['terraform', 'direct'],
  },
];

export const liveOption: OptionSpec = {
  flags: '--live',
  description: 'look at the source in the account too: what its state does not know, and what has drifted',
};

export const liveInput = { live: z.boolean().default(false) };

export const invokeOption: OptionSpec = {
  flags: '--invoke <which>',
  description:
    'functions that the verification calls: safe, those that are there to be called from outside or have an event; all; none (default: verify.invoke of the configuration, else safe)',
  choices: invokeSettings,
};

export const invokeInput = { invoke: z.enum(invokeSettings).optional() };

/** What an environment may cost, and at which prices. */
export const costOptions: readonly OptionSpec[] = [
  {
    flags: '--max-monthly <dollars>',
    description: 'block (exit code 3) if more than this is added in a month; overrules costs.max',
  },
  {
    flags: '--prices <where>',
    description:
      'bundled table, live from the AWS Price List API, or by the Infracost CLI (default: bundled)',
    choices: priceChoices,
  },
];
export const ttlOption: OptionSpec = {
  flags: '--ttl <duration>',
  description: 'time to live from now: 12h, 3d, 2w, or never; gc destroys what has expired',
};

export const ttlInput = z
  .string()
  .refine((text) => text === never || durationProblem(text) === null, {
    error: ({ input }) => `${durationProblem(String(input))}: write 12h, 3d, 2w, or never`,
  })
  .optional();

const assignment = z.string().regex(/^[^=\s]+=/, { error: 'must have the form key=value' });
const acceptance = z.string().regex(/^[a-z][a-z-]*:./s, { error: 'must have the form rule:subject' });

/** `--accept`, as transfers and all that takes away have it. */
export const acceptInput = z.array(acceptance).default([]);

export const transferInput = {
  from: z.string().optional(),
  engine: z.enum(['terraform', 'direct']).optional(),
  set: z.array(assignment).default([]),
  accept: acceptInput,
  keepLogRetention: z.boolean().default(false),
};

const money = z
  .string()
  .regex(/^\$?\d+(?:\.\d{1,2})?$/, { error: 'must be an amount in US dollars, for example 50 or 49.90' })
  .transform((text) => Number(text.replace('$', '')));

export const costInput = {
  maxMonthly: money.optional(),
  prices: z.enum(priceChoices).optional(),
};

/** `["a=1", "b=x=y"]` to `{ a: "1", b: "x=y" }`. */
export function assignments(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

type TransferInput = z.output<z.ZodObject<typeof transferInput & typeof liveInput & typeof costInput>>;

/** What `plan` and `provision` take from their options alike. */
export function transferOf(
  input: TransferInput,
  config: Config,
): Omit<TransferRequest, 'command' | 'target' | 'planOnly'> {
  const { accept, keepLogRetention, live, maxMonthly, prices, engine } = input;
  return {
    source: input.from ?? config.defaultSource,
    set: assignments(input.set),
    accept,
    keepLogRetention,
    live,
    maxMonthly,
    prices,
    engine,
  };
}
