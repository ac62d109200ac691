/**
 * The var-file of a target, made from the source's. Only the values that have to change do; comments, order,
 * formatting and line ends of everything else stay byte for byte.
 */
import { basename } from 'node:path';
import { setHclAttributes, setJsonMembers } from '../hcl/edit.ts';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { lineEndOf } from '../hcl/text.ts';
import { quote, toHcl } from '../hcl/values.ts';
import { wasRedacted } from '../redact/redactor.ts';
import type { VariableDeclaration } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import { didYouMean } from './near-names.ts';
import { parseSetValue, type SetValue } from './set-value.ts';
import { parseVarFile } from './var-file.ts';

export type ChangeReason = 'environment' | 'set' | 'log-retention';

export interface VarFileChange {
  readonly variable: string;
  /** Absent if the source's var-file does not set the variable, or if the variable is sensitive. */
  readonly from?: Json;
  /** `null` for a sensitive variable: its value is not shown. */
  readonly to: Json;
  readonly sensitive: boolean;
  readonly reason: ChangeReason;
}

export interface TargetVarFileRequest {
  readonly sourceText: string;
  /** The source's var-file; its form (`.json` or not) is that of the target's. */
  readonly sourceFile: string;
  /** The target's var-file as the header names it: relative to the project. */
  readonly targetFile: string;
  readonly sourceName: string;
  readonly targetName: string;
  readonly environmentVariable: string;
  /** Variables of the root module. */
  readonly variables: Readonly<Record<string, VariableDeclaration>>;
  /** `--set` by variable. */
  readonly set: Readonly<Record<string, string>>;
  /** See `logRetentionFor`; `null` leaves the retention as it is. */
  readonly logRetention: { readonly variable: string; readonly days: number } | null;
  readonly hcl?: HclParser | undefined;
}

export interface TargetVarFile {
  readonly text: string;
  readonly changes: readonly VarFileChange[];
}

/** The one line that a path takes in a comment, whatever is in it. */
const inComment = (path: string): string =>
  path.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '?').replaceAll('\\', '/');

const purposeOf = (name: string): string =>
  name.startsWith('feature-')
    ? 'Isolated environment for feature development'
    : `Isolated environment ${name}`;

/** A header as we write it, so that it is replaced and does not pile up when an environment of ours is the source. */
const ownHeader =
  /^\uFEFF?# [^\r\n]+\r?\n# Created from: [^\r\n]+\r?\n# Purpose: Isolated environment [^\r\n]+\r?\n(?:\r?\n)?/;

function withHeader(text: string, request: TargetVarFileRequest): string {
  const lineEnd = lineEndOf(request.sourceText);
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const header = [
    `# ${inComment(request.targetFile)}`,
    `# Created from: ${inComment(basename(request.sourceFile))}`,
    `# Purpose: ${purposeOf(request.targetName)}`,
    '',
  ];
  const rest = ownHeader.test(text) ? text.replace(ownHeader, '') : text.slice(mark.length);
  return `${mark}${header.join(lineEnd)}${rest === '' ? '' : lineEnd}${rest}`;
}

/** @throws ProvisionError `usage` if `set` names a variable that is not declared, or one that it may not give a value */
export function checkSet(
  request: Pick<TargetVarFileRequest, 'environmentVariable' | 'set' | 'sourceName' | 'variables'>,
): void {
  const declared = Object.keys(request.variables);
  for (const name of Object.keys(request.set)) {
    if (name === request.environmentVariable) {
      throw new ProvisionError('usage', `\`${name}\` names the environment and cannot be set otherwise.`, {
        hint: `The environment's name is its first argument: \`provision-env <name> from=${request.sourceName}\`.`,
      });
    }
    if (request.variables[name]?.sensitive && Object.hasOwn(request.variables, name)) {
      throw new ProvisionError('usage', `\`${name}\` is a sensitive variable: --set does not take it.`, {
        hint: `A secret in an argument is there for every process to see. Give it in the environment, as TF_VAR_${name}.`,
      });
    }
    if (Object.hasOwn(request.variables, name)) continue;
    const near = didYouMean(name, declared);
    throw new ProvisionError(
      'usage',
      `The configuration declares no variable \`${inComment(name)}\` to set.`,
      {
        hint: near || `Declared are: ${declared.toSorted().join(', ') || 'none'}.`,
      },
    );
  }
}

/** A record or a journal said it, and had to leave it out. */
function valueLost(
  name: string,
  { targetName, sourceName }: Pick<TargetVarFileRequest, 'targetName' | 'sourceName'>,
): ProvisionError {
  return new ProvisionError(
    'usage',
    `The value of --set ${name} is not known any more: it held a secret, and was not written down.`,
    {
      hint: `Begin again and give it: \`provision-env ${targetName} from=${sourceName} --set ${name}=<value>\`.`,
    },
  );
}

/**
 * @throws ProvisionError `var-file-invalid` if the source's text does not parse, `usage` if `set` names a variable
 *   that is not declared or gives it a value of another kind
 */
export async function makeTargetVarFile(request: TargetVarFileRequest): Promise<TargetVarFile> {
  const { environmentVariable, logRetention, targetName, variables } = request;
  checkSet(request);
  const hcl = request.hcl ?? (await createHclParser());
  const source = parseVarFile(request.sourceText, request.sourceFile, hcl);
  const present = (name: string): Json | undefined =>
    Object.hasOwn(source.values, name) ? source.values[name] : undefined;

  const wanted = new Map<string, SetValue & { readonly reason: ChangeReason }>();
  wanted.set(environmentVariable, { value: targetName, hcl: quote(targetName), reason: 'environment' });
  if (logRetention && !Object.hasOwn(request.set, logRetention.variable)) {
    const { days, variable } = logRetention;
    wanted.set(variable, { value: days, hcl: toHcl(days), reason: 'log-retention' });
  }
  for (const [name, raw] of Object.entries(request.set)) {
    if (wasRedacted(raw)) throw valueLost(name, request);
    wanted.set(name, {
      ...parseSetValue(name, raw, present(name) ?? variables[name]?.default, hcl),
      reason: 'set',
    });
  }

  const changes = [...wanted].map(([variable, { value, reason }]): VarFileChange => {
    const sensitive = variables[variable]?.sensitive ?? false;
    const from = sensitive ? undefined : present(variable);
    return {
      variable,
      ...(from === undefined ? {} : { from }),
      to: sensitive ? null : value,
      sensitive,
      reason,
    };
  });
  const text =
    source.source.form === 'json'
      ? setJsonMembers(source.source.json, new Map([...wanted].map(([name, { value }]) => [name, value])))
      : withHeader(
          setHclAttributes(
            source.source.hcl,
            new Map([...wanted].map(([name, { hcl: written }]) => [name, written])),
          ),
          request,
        );
  return { text, changes };
}

/** Names under which projects keep the retention of their logs, the most usual first. */
const logRetentionNames = [
  'log_retention_days',
  'log_retention_in_days',
  'log_retention',
  'logs_retention_days',
  'logs_retention_in_days',
  'cloudwatch_log_retention_days',
  'cloudwatch_log_retention_in_days',
  'cloudwatch_logs_retention_in_days',
  'lambda_log_retention_days',
  'lambda_log_retention_in_days',
  'retention_in_days',
];

/**
 * The variable that would be shortened, or `null` if none is declared, or none keeps logs longer than `days`.
 * To CloudWatch 0 means for ever.
 */
export function logRetentionFor(
  values: Readonly<Record<string, Json>>,
  variables: Readonly<Record<string, VariableDeclaration>>,
  days: number | false,
): { readonly variable: string; readonly days: number } | null {
  if (days === false) return null;
  for (const variable of logRetentionNames) {
    if (!Object.hasOwn(variables, variable)) continue;
    const present = Object.hasOwn(values, variable) ? values[variable] : variables[variable]?.default;
    const number = typeof present === 'string' && /^\d+$/.test(present) ? Number(present) : present;
    if (typeof number === 'number' && (number > days || number === 0)) return { variable, days };
  }
  return null;
}
