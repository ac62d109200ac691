/** What the tools of the MCP server take, and how it becomes arguments of the command line. */
import { z } from 'zod';
import { durationProblem, never } from '../../environment/time-to-live.ts';
import { checkEnvironmentName, checkExistingName } from '../../environment/names.ts';
import { priceChoices } from '../../steps/costs.ts';
import { toProvisionError } from '../../transfer/errors.ts';

/** Names are checked here already: what is refused never reaches a command line. */
function nameThat(check: (name: string) => void, description: string): z.ZodString {
  return z
    .string()
    .check(({ value, issues }) => {
      try {
        check(value);
      } catch (thrown) {
        const { message, hint } = toProvisionError(thrown);
        issues.push({ code: 'custom', input: value, message: `${message} ${hint ?? ''}`.trim() });
      }
    })
    .describe(description);
}

export const targetName = nameThat(checkEnvironmentName, 'Environment to make, for example feature-auth.');

export const existingName = (description = 'Name of the environment.'): z.ZodString =>
  nameThat(checkExistingName, description);

export const confirm = z
  .string()
  .optional()
  .describe(
    'The name of the environment again, once a person has agreed to what the call without it showed. Without it nothing is changed.',
  );

export const digest = z
  .string()
  .min(1)
  .optional()
  .describe('The digest of what the person agreed to, from the answer that showed it. Goes with `confirm`.');

export const details = z
  .boolean()
  .default(false)
  .describe('True: with the outputs of the steps, which are long. Everything else is always there.');

/** What `plan`, `provision` and `cost` take beside the name. */
export const transferShape = {
  source_env: existingName(
    'Environment to copy from. Default: what the configuration says, else dev.',
  ).optional(),
  set: z
    .record(z.string().regex(/^[A-Za-z_][\w-]*$/, { error: 'is not the name of a variable' }), z.string())
    .optional()
    .describe('Values of Terraform variables in the target, by name. Never secrets.'),
  keep_log_retention: z.boolean().optional().describe('Leave the log retention as it is in the source.'),
  max_monthly: z
    .number()
    .nonnegative()
    .max(1_000_000_000)
    .optional()
    .describe('Block if more than this many US dollars are added in a month.'),
  prices: z.enum(priceChoices).optional().describe('Where prices are taken from. Default: bundled.'),
};

export const ttl = z
  .string()
  .refine((text) => text === never || durationProblem(text) === null, {
    error: 'is no duration: write 12h, 3d, 2w, or never',
  })
  .optional()
  .describe('Time to live from now: 12h, 3d, 2w, or never.');

type TransferInput = z.output<z.ZodObject<typeof transferShape>>;

/** `--name=value` in one word: as two, a value such as `from=dev` would be taken for the short form of an option. */
export function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

export function transferOptions(input: TransferInput): readonly string[] {
  return [
    ...option('from', input.source_env),
    ...Object.entries(input.set ?? {}).flatMap(([key, value]) => option('set', `${key}=${value}`)),
    ...(input.keep_log_retention ? ['--keep-log-retention'] : []),
    ...option('max-monthly', input.max_monthly?.toFixed(2)),
    ...option('prices', input.prices),
  ];
}
