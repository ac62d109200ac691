/**
 * Names of secrets. One secret has several spellings: `LINE_CHANNEL_SECRET` in a secret store and in a function's
 * environment, `TF_VAR_line_channel_secret` for Terraform, `line_channel_secret` as a variable of the configuration.
 */
import { wildcard } from '../transfer/patterns.ts';

const terraformPrefix = /^tf_var_/i;

/** The one spelling by which secrets are compared: `LINE_CHANNEL_SECRET`. */
export function canonicalKey(name: string): string {
  return name.replace(terraformPrefix, '').replaceAll(/[-.]/g, '_').toUpperCase();
}

/** Name of the variable that `doppler run --name-transformer tf-var` sets: `TF_VAR_` and the name in lower case. */
export function terraformVariableName(name: string): string {
  return `TF_VAR_${canonicalKey(name).toLowerCase()}`;
}

/** True if the two are spellings of the same name. */
export function sameKey(a: string, b: string): boolean {
  return canonicalKey(a) === canonicalKey(b);
}

/** Matches a pattern in which `*` stands for any text, in any spelling of the name. */
export function matchesKey(pattern: string, name: string): boolean {
  return wildcard(canonicalKey(pattern)).test(canonicalKey(name));
}
