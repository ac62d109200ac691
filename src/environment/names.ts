/**
 * Names of environments. A name becomes part of file names, state keys, resource names, DNS labels and of commands
 * that people copy, so what is allowed is the intersection of all of them.
 */
import { ProvisionError } from '../transfer/errors.ts';
import { shown } from '../hcl/text.ts';

/** The longest name. Lambda and IAM allow 64 characters for the whole name of a resource. */
export const longestName = 32;

const allowed = `lower-case letters, digits and single hyphens; it starts with a letter, ends with a letter or digit and has at most ${longestName} characters`;

const pattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Words that mean something else to Terraform, to our own commands, or to the people who read them. */
const reserved: ReadonlySet<string> = new Set([
  'all',
  'any',
  'auto',
  'backend',
  'common',
  'default',
  'env',
  'environment',
  'false',
  'global',
  'modules',
  'none',
  'null',
  'self',
  'shared',
  'source',
  'target',
  'terraform',
  'true',
  'undefined',
  'workspace',
  // Device names of Windows: no file may be called so, whatever its extension.
  'aux',
  'con',
  'nul',
  'prn',
  'com1',
  'lpt1',
]);

/** Environments that no command of ours destroys, whatever the configuration says. */
const alwaysProtected: ReadonlySet<string> = new Set(['dev', 'staging', 'prod']);

/** True for words that no environment is called by: a file `common.tfvars` belongs to none. */
export const isReservedName = (name: string): boolean => reserved.has(name.toLowerCase());

/** Why a name cannot be used; `null` if it can. */
export function problemOf(name: string): string | null {
  if (name === '') return 'is empty';
  if (name.trim() === '') return 'is blank';
  if (name.length > longestName) return `has ${name.length} characters`;
  if (name.includes('..')) return 'has `..` in it';
  if (/\p{Cc}/u.test(name)) return 'has a line break or another control character in it';
  if (/\s/.test(name)) return 'has a space in it';
  if (name.includes('/') || name.includes('\\')) return 'has a slash in it';
  if (/['"`]/.test(name)) return 'has a quote in it';
  if (/[A-Z]/.test(name)) return 'has upper-case letters';
  const [strange] = /[^a-z0-9-]/u.exec(name) ?? [];
  if (strange !== undefined) return `has ${shown(strange)} in it`;
  if (name.startsWith('-')) return 'starts with a hyphen';
  if (/^\d/.test(name)) return 'starts with a digit';
  if (name.endsWith('-')) return 'ends with a hyphen';
  if (name.includes('--')) return 'has two hyphens in a row';
  if (!pattern.test(name)) return 'has characters that are not allowed';
  if (reserved.has(name)) return 'is a reserved word';
  return null;
}

/** A valid name close to what was given, or `null` if nothing is left of it. `Feature/Auth` → `feature-auth`. */
export function suggestName(raw: string): string | null {
  const words = raw
    // Far more than any name: what comes after cannot matter.
    .slice(0, 1000)
    .replace(/^refs\/heads\//, '')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before}-${after}`)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+/, '')
    .slice(0, longestName)
    .replace(/-+$/, '');
  return problemOf(words) === null ? words : null;
}

/** @throws ProvisionError `name-invalid` unless the name can be that of a new environment */
export function checkEnvironmentName(name: string): void {
  const problem = problemOf(name);
  if (problem === null) return;
  const suggestion = suggestName(name);
  throw new ProvisionError('name-invalid', `The environment name ${shown(name)} ${problem}.`, {
    hint: `Allowed are ${allowed}.${suggestion === null ? '' : ` Try \`${suggestion}\`.`}`,
  });
}

/**
 * Names of environments that exist may be older than our rules; they only have to be safe in paths and messages.
 * @throws ProvisionError `name-invalid`
 */
export function checkExistingName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return;
  const suggestion = suggestName(name);
  throw new ProvisionError('name-invalid', `${shown(name)} cannot be the name of an environment.`, {
    hint: `It may have letters, digits, hyphens and underscores.${suggestion === null ? '' : ` Did you mean \`${suggestion}\`?`}`,
  });
}

/** @throws ProvisionError `name-invalid` unless the two can be the ends of one transfer */
export function checkTransferNames(source: string, target: string): void {
  checkEnvironmentName(target);
  checkExistingName(source);
  if (source.toLowerCase() === target.toLowerCase()) {
    throw new ProvisionError('name-invalid', `${shown(target)} cannot be made from itself.`, {
      hint: 'Name another target, or another source with `from=<environment>`.',
    });
  }
}

/** True for environments that are never destroyed: `dev`, `staging`, `prod`, and those that the config names. */
export function isProtected(name: string, config: { readonly protected: readonly string[] }): boolean {
  const lower = name.toLowerCase();
  return alwaysProtected.has(lower) || config.protected.some((other) => other.toLowerCase() === lower);
}
