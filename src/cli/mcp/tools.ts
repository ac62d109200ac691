/** The tools of the MCP server, as data: what each takes, and which command line it is. */
import type { ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { ProvisionError } from '../../transfer/errors.ts';
import {
  confirm,
  details,
  digest,
  existingName,
  option,
  targetName,
  transferOptions,
  transferShape,
  ttl,
} from './inputs.ts';

/** What a call would change, once a person has agreed to it. */
export interface Change {
  readonly verb: 'provision' | 'destroy';
  /** Of the environment: what `confirm` has to be. */
  readonly name: string;
  /** The command line that does what was shown with this digest, and nothing else. */
  args(digest: string): readonly string[];
  /** Of what a person agreed to, as the call says; `null` if it does not say so. Any agent can say so. */
  readonly confirmed: string | null;
  /** For the answer of a call that was not confirmed. */
  readonly message: string;
}

export interface ToolCall {
  /**
   * The word of the command, its options, and after `--` its positional arguments. It changes nothing: where there is a
   * `change` it shows what that would do.
   */
  readonly args: readonly string[];
  readonly change?: Change;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: z.ZodObject;
  /** Milliseconds that it may take. */
  readonly timeoutMs: number;
  /** Milliseconds that it may take to end after an interrupt. */
  readonly graceMs: number;
  /** Exit codes beside 0 that are an answer, as long as the document holds no error. */
  readonly answers?: readonly number[];
  /** @throws ProvisionError `usage` where the confirmation is that of something else */
  call(input: unknown): ToolCall;
}

type Confirmation = { readonly confirm?: string | undefined; readonly digest?: string | undefined };

const minutes = 60_000;

/** An apply is let come to its end: a database cluster alone takes a quarter of an hour. */
const longWork = { timeoutMs: 180 * minutes, graceMs: 60 * minutes } as const;

/** Of what is recorded here, or of the report of the last run. */
const readsRecords: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };
/** Asks the account and Terraform; writes nothing but its own report. */
const reads: ToolAnnotations = { readOnlyHint: true, openWorldHint: true };
const changes: ToolAnnotations = { readOnlyHint: false, destructiveHint: true, openWorldHint: true };

interface ToolSpec<Input extends z.ZodObject> extends Omit<Tool, 'input' | 'call'> {
  readonly input: Input;
  call(input: z.output<Input>): ToolCall;
}

/** The input is checked once more: a tool is safe whoever calls it. */
function defineTool<Input extends z.ZodObject>(spec: ToolSpec<Input>): Tool {
  return { ...spec, call: (input) => spec.call(spec.input.parse(input)) };
}

const command = (
  word: string,
  options: readonly string[],
  positionals: readonly (string | number)[] = [],
): readonly string[] => [word, '--json', ...options, '--', ...positionals.map(String)];

/**
 * @returns the digest of what the call confirms; `null` for one that confirms nothing
 * @throws ProvisionError `usage` for a confirmation of something else, or of nothing in particular
 */
function confirmedBy(what: string, name: string, given: Confirmation): string | null {
  if (given.confirm === undefined) return null;
  if (given.confirm !== name) {
    throw new ProvisionError(
      'usage',
      `\`confirm\` is ${JSON.stringify(given.confirm)}, but ${what} is asked for ${name}: nothing was changed.`,
      { hint: `Ask a person first; then \`confirm\` has to be ${JSON.stringify(name)}.` },
    );
  }
  if (given.digest !== undefined) return given.digest;
  throw new ProvisionError('usage', '`confirm` goes with `digest`: nothing was changed.', {
    hint: `Call ${what} without them, show a person what it answers, and once they agree give back the \`digest\` of that.`,
  });
}

export const tools: readonly Tool[] = [
  defineTool({
    name: 'plan',
    title: 'Plan an environment',
    description:
      'What provision would make: mapping, Terraform plan, proof that the source stays untouched, monthly cost. Changes nothing. Ends as an error with status `blocked` where the proof does not hold.',
    annotations: reads,
    input: z.strictObject({ target_env: targetName, ...transferShape, details }),
    timeoutMs: 30 * minutes,
    graceMs: minutes,
    call: (input) => ({ args: command('plan', transferOptions(input), [input.target_env]) }),
  }),
  defineTool({
    name: 'list',
    title: 'List environments',
    description: 'The environments that provision-env made: state, age, time to live.',
    annotations: readsRecords,
    input: z.strictObject({}),
    timeoutMs: 2 * minutes,
    graceMs: 10_000,
    call: () => ({ args: command('list', []) }),
  }),
  defineTool({
    name: 'status',
    title: 'Status of an environment',
    description:
      'What is known of one environment: record, proof, evidence, checklist. Without a name, the records of all.',
    annotations: readsRecords,
    input: z.strictObject({ env: existingName().optional() }),
    timeoutMs: 2 * minutes,
    graceMs: 10_000,
    call: ({ env }) => ({ args: command('status', [], env === undefined ? [] : [env]) }),
  }),
  defineTool({
    name: 'diff',
    title: 'Compare two environments',
    description:
      'Two environments side by side, modulo their names: resources, functions, policies, secrets by fingerprint.',
    annotations: reads,
    input: z.strictObject({
      a: existingName('The environment compared with, for example dev.'),
      b: existingName('The environment that should be like it.'),
    }),
    timeoutMs: 30 * minutes,
    graceMs: minutes,
    // As `diff` ends: 1 is a difference, and that is an answer.
    answers: [1],
    call: ({ a, b }) => ({ args: command('diff', [], [a, b]) }),
  }),
  defineTool({
    name: 'verify',
    title: 'Verify an environment',
    description:
      'The proof on what exists now, and the evidence layer by layer. Not to be called just to look: it calls the functions that `calls` of the plan lists (by default those that are there to be called from outside, or have an event), which do what they do, and layer 4 sends a message to the tester each time. Status `waiting`: a person has to answer it with `provision-env confirm`.',
    annotations: { ...changes, idempotentHint: false },
    input: z.strictObject({
      env: existingName(),
      layer: z.int().min(1).max(4).optional().describe('Only this layer.'),
      details,
    }),
    timeoutMs: 60 * minutes,
    graceMs: minutes,
    call: ({ env, layer }) => ({ args: command('verify', option('layer', layer), [env]) }),
  }),
  defineTool({
    name: 'report',
    title: 'Evidence report',
    description: 'The report of the last run for an environment, with what was verified since.',
    annotations: readsRecords,
    input: z.strictObject({ env: existingName(), details }),
    timeoutMs: 2 * minutes,
    graceMs: 10_000,
    call: ({ env }) => ({ args: command('report', [], [env]) }),
  }),
  defineTool({
    name: 'cost',
    title: 'Cost of an environment',
    description: 'What an environment costs in a month, and what it adds: from its state, or from a plan.',
    annotations: reads,
    input: z.strictObject({ env: existingName('The environment, there or to be made.'), ...transferShape }),
    timeoutMs: 30 * minutes,
    graceMs: minutes,
    call: (input) => ({ args: command('cost', transferOptions(input), [input.env]) }),
  }),
  defineTool({
    name: 'provision',
    title: 'Make or update an environment',
    description:
      'Makes an environment, or updates one. Without `confirm` it answers with the plan and changes nothing. Show that to a person; once they agree, call it again with `confirm` and `digest` of that answer: where it would do something else by then, it answers with that and changes nothing. Status `waiting`: a person has to do something; `halfway`: `provision-env resume` goes on.',
    // Done again it verifies again: functions are called, and testers get another message.
    annotations: { ...changes, idempotentHint: false },
    input: z.strictObject({ target_env: targetName, ...transferShape, ttl, confirm, digest, details }),
    ...longWork,
    call(input) {
      const { target_env: name } = input;
      const options = transferOptions(input);
      return {
        args: command('plan', options, [name]),
        change: {
          verb: 'provision',
          name,
          args: (agreed) =>
            command(
              'provision',
              [...option('expect', agreed), ...option('ttl', input.ttl), ...options],
              [name],
            ),
          confirmed: confirmedBy('provision', name, input),
          message: `Nothing was changed. This is what would be made; once a person has agreed to it, call provision again with \`confirm\` and \`digest\` as they stand here.`,
        },
      };
    },
  }),
  defineTool({
    name: 'destroy',
    title: 'Destroy an environment',
    description:
      'Takes an environment away for good. Without `confirm` it answers with what would be destroyed and changes nothing. Show that to a person; once they agree, call it again with `confirm` and `digest` of that answer: where it would do something else by then, it answers with that and changes nothing. Never dev, staging, prod, or what provision-env did not make.',
    annotations: { ...changes, idempotentHint: true },
    input: z.strictObject({ env: existingName(), confirm, digest }),
    ...longWork,
    call({ env: name, ...given }) {
      return {
        args: command('destroy', ['--dry-run'], [name]),
        change: {
          verb: 'destroy',
          name,
          args: (agreed) => command('destroy', option('expect', agreed), [name]),
          confirmed: confirmedBy('destroy', name, given),
          message: `Nothing was changed. This is what would be destroyed for good; once a person has agreed to it, call destroy again with \`confirm\` and \`digest\` as they stand here.`,
        },
      };
    },
  }),
];
