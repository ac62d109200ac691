/**
 * What Terraform's complaints mean for the person who runs us: which code, what was wrong, what to do about it.
 *
 * Terraform gives no codes, so its texts are all there is. They are read here, at the one place where a command's
 * output is at hand. Real outputs under `test/golden/diagnostics/` hold most patterns. Written from documentation and
 * not yet seen: the digest mismatch of a lock table, and a state that a newer Terraform wrote.
 */
import path from 'node:path';
import type { ErrorCode } from '../transfer/error-codes.ts';
import { ProvisionError, type SourceLocation } from '../transfer/errors.ts';
import { cloudTrouble } from './cloud-trouble.ts';
import type { Diagnostic } from './diagnostics.ts';
import { diskTrouble } from './disk-trouble.ts';

export interface DiagnoseOptions {
  /** Where Terraform ran: it names files relative to that. */
  readonly folder: string;
  /** What was tried, for example `terraform plan`. */
  readonly doing: string;
  /** For what none of the patterns knows. */
  readonly fallback: ErrorCode;
}

/** What a pattern makes of a diagnostic. `where` is the diagnostic's own place unless it is said. */
interface Reading {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly where?: SourceLocation | null;
}

type Reader = (diagnostic: Diagnostic, all: readonly Diagnostic[], folder: string) => Reading | null;

const match = (pattern: RegExp, text: string): string | null => pattern.exec(text)?.[1] ?? null;

const stateLock: Reader = ({ summary, detail }) => {
  if (!/acquiring the state lock/i.test(summary)) return null;
  const lock = detail.includes('Lock Info:') ? detail : '';
  const id = match(/^\s*ID:\s*(\S+)/m, lock);
  // Without lock info something else failed, for example a permission: the reasons below know it.
  if (id === null && cloudTrouble(`${summary}\n${detail}`) !== null) return null;
  const who = match(/^\s*Who:\s*(\S.*)/m, lock);
  const since = match(/^\s*Created:\s*([\d-]+ [\d:]+)/m, lock);
  const operation = match(/^\s*Operation:\s*(?:OperationType)?(\S+)/m, lock);
  const held = [
    who && `by ${who}`,
    since && `since ${since} UTC`,
    operation && `for ${operation.toLowerCase()}`,
  ];
  const free = id === null ? 'terraform force-unlock <ID>' : `terraform force-unlock ${id}`;
  return {
    code: 'state-locked',
    message: `The lock of the Terraform state is held${held
      .filter(Boolean)
      .map((text) => ` ${text}`)
      .join('')}${id ? ` (ID ${id})` : ''}.`,
    hint: `Wait until that run has ended. Only if it is sure that nobody runs Terraform there any more: ${free}`,
  };
};

const terraformTooOld: Reader = ({ summary, detail, subject }) => {
  if (summary === 'Unsupported Terraform Core version') {
    const found = match(/Terraform version (\S+?)\.(?:\s|$)/, detail);
    return {
      code: 'tool-too-old',
      message: `The configuration needs Terraform ${subject ?? 'of another version'}; this is ${found ?? 'not it'}.`,
      hint: 'Install a Terraform that fits, or name it in PROVISION_ENV_TERRAFORM.',
    };
  }
  const newer = match(
    /(?:created|written) by (?:a newer version of )?Terraform v?(\d[^\s,;]*\d)/i,
    `${summary}\n${detail}`,
  );
  if (newer === null || !/newer/i.test(`${summary}\n${detail}`)) return null;
  return {
    code: 'tool-too-old',
    message: `The state was written by Terraform ${newer}, which is newer than this one.`,
    hint: `Install Terraform ${newer} or newer, or name it in PROVISION_ENV_TERRAFORM.`,
  };
};

const variables: Reader = ({ summary, detail, subject, where, message }, all, folder) => {
  switch (summary) {
    case 'Invalid value for variable': {
      // The place of the rule is where a person has to look: the var-file may be a draft that is deleted again.
      const rule = /validation rule at (?<file>.+?):(?<line>\d+),(?<column>\d+)/.exec(detail)?.groups;
      const reason = detail.split(/\n\s*\n/)[0]?.trim() ?? '';
      const at = rule ? ` (${rule['file']}:${rule['line']})` : '';
      return {
        code: 'variable-refused',
        message: `The validation of variable ${subject ?? '(unnamed)'}${at} refuses its value: ${reason}`,
        hint: 'Choose a name or value that the validation accepts, or change the validation.',
        where: rule
          ? {
              file: path.resolve(folder, rule['file'] ?? ''),
              line: Number(rule['line']),
              column: Number(rule['column']),
            }
          : where,
      };
    }
    case 'Invalid value for input variable':
      return {
        code: 'var-file-invalid',
        message,
        hint: 'Give the variable a value of the type it is declared with.',
      };
    case 'No value for required variable': {
      const names = all
        .filter((one) => one.summary === summary)
        .map((one) => match(/input variable "([^"]+)"/, one.detail))
        .filter((name) => name !== null);
      const [first = 'x'] = names;
      return {
        code: 'var-file-invalid',
        message: `No value is given for ${names.length > 1 ? 'the variables' : 'the variable'} ${names.join(', ') || first}.`,
        hint: `Write it into the var-file, give --set ${first}=…, or, for a secret, set TF_VAR_${first} in the environment.`,
      };
    }
    case 'Failed to read variables file':
      return { code: 'var-file-invalid', message, hint: 'Does the var-file exist, and may you read it?' };
    default:
      if (where === null || !/\.tfvars(?:\.json)?$/.test(where.file)) return null;
      return {
        code: 'var-file-invalid',
        message: `The var-file is not valid: ${message}`,
        hint: 'Correct that line.',
      };
  }
};

const providers: Reader = ({ summary, detail, message }) => {
  if (
    /^(?:Required plugins are not installed|Inconsistent dependency lock file|Missing required provider)/.test(
      summary,
    )
  ) {
    return {
      code: 'provider-unavailable',
      message,
      hint: 'Run `terraform init` in the module and try again.',
    };
  }
  if (
    !/available provider packages|install provider|module registry|download module|Module not (?:found|installed)/i.test(
      summary,
    )
  ) {
    return null;
  }
  if (/no available releases match/.test(detail)) {
    return {
      code: 'provider-unavailable',
      message,
      hint: 'Loosen the version constraint, or add that version to the provider mirror.',
    };
  }
  const module = /module/i.test(summary);
  return {
    code: 'provider-unavailable',
    message,
    hint: module
      ? 'Is the network there? Offline, run `terraform get` beforehand where it is.'
      : 'Is the network there? Offline, give Terraform a provider mirror: a folder in TF_PLUGIN_CACHE_DIR, or `provider_installation` in the file that TF_CLI_CONFIG_FILE names.',
  };
};

const backend: Reader = ({ summary, detail, message, where }) => {
  const bucket = match(/S3 bucket "([^"]+)" does not exist/, `${summary}\n${detail}`);
  if (bucket !== null || /NoSuchBucket/.test(`${summary}\n${detail}`)) {
    return {
      code: 'backend-invalid',
      message: `The bucket ${bucket ?? 'of the backend'} does not exist, or lies in another region or account.`,
      hint: 'Correct `bucket` and `region` of the backend, choose the right profile, or make the bucket first.',
    };
  }
  if (/Backend (?:initialization required|configuration changed)|Backend type changed/.test(summary)) {
    return {
      code: 'backend-invalid',
      message: 'The backend configuration has changed since the environment was last initialised.',
      hint: 'If the state was moved, migrate it with `terraform init -migrate-state`; otherwise put the configuration back.',
    };
  }
  if (/state data in S3 does not have the expected content/.test(`${summary}\n${detail}`)) {
    return {
      code: 'state-unreadable',
      message: 'The state in S3 does not match the digest in its lock table.',
      hint: 'Wait a minute if it was just written. Otherwise somebody changed or deleted the object: restore its last version, or remove the item `<bucket>/<key>-md5` from the lock table.',
    };
  }
  if (
    /^(?:Missing Required Value|Invalid backend configuration|Unsupported backend|Failed to read file|Invalid Attribute)/.test(
      summary,
    ) ||
    (/backend/i.test(summary) && /Missing|Invalid|Conflict/.test(summary))
  ) {
    return {
      code: 'backend-invalid',
      message,
      hint: 'Correct the backend block or the backend file.',
      where,
    };
  }
  if (
    /Unsupported state file format|(?:load|read|refresh)\w* state|Failed to (?:load|read) state|state file/i.test(
      summary,
    )
  ) {
    if (cloudTrouble(`${summary}\n${detail}`) !== null) return null;
    return { code: 'state-unreadable', message, hint: 'Look at it with `terraform state pull`.' };
  }
  return null;
};

const stalePlan: Reader = ({ summary }) =>
  /^Saved plan (?:is stale|does not match)/.test(summary)
    ? {
        code: 'plan-failed',
        message: 'The state was changed after the plan was made, so the plan was not applied.',
        hint: 'Somebody else works on the same environment. Run the command again: it plans and proves anew.',
      }
    : null;

const disk: Reader = ({ summary, detail, message }) => {
  const trouble = diskTrouble(`${summary}\n${detail}`);
  return trouble && { ...trouble, message: `Terraform could not write or read a file: ${message}` };
};

const cloud: Reader = ({ summary, detail }) => cloudTrouble(`${summary}\n${detail}`);

const prevented: Reader = ({ summary, detail, message }) => {
  if (summary !== 'Instance cannot be destroyed') return null;
  const address = match(/^Resource (\S+) has/, detail) ?? 'it';
  return {
    code: 'configuration-invalid',
    message,
    hint: `Take prevent_destroy out of the lifecycle of ${address}. If it is to stay, declare it under \`shared\` in provision-env.config.*, or take it out of the state: terraform state rm '${address}'.`,
  };
};

const configuration: Reader = ({ where, address, message }) =>
  where !== null && address === null && /\.tf(?:\.json)?$/.test(where.file)
    ? {
        code: 'configuration-invalid',
        message,
        hint: 'Correct it; `terraform validate` checks it without a plan.',
      }
    : null;

/** The first that knows what is wrong decides: what is said exactly stands before what is only likely. */
const readers: readonly Reader[] = [
  stateLock,
  terraformTooOld,
  stalePlan,
  disk,
  variables,
  providers,
  backend,
  cloud,
  prevented,
  configuration,
];

/** The error that a person is shown for the complaints of one command. */
export function diagnose(diagnostics: readonly Diagnostic[], options: DiagnoseOptions): ProvisionError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const reader of readers) {
    for (const diagnostic of errors) {
      const reading = reader(diagnostic, errors, options.folder);
      if (reading === null) continue;
      const where = reading.where ?? diagnostic.where ?? undefined;
      return new ProvisionError(reading.code, reading.message, { hint: reading.hint, where });
    }
  }
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const subject = first?.address ? `${first.address}: ` : '';
  return new ProvisionError(
    options.fallback,
    first
      ? `\`${options.doing}\` failed: ${subject}${first.message}${more}`
      : `\`${options.doing}\` failed without saying why.`,
    { where: first?.where ?? undefined },
  );
}
