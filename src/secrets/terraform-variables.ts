/**
 * What a child process gets of the secrets: each under its own name and as the variable that Terraform reads, the way
 * `doppler run` and `doppler run --name-transformer tf-var` give them. In the child's environment only.
 */
import type { SecretValues } from './in-memory.ts';
import { canonicalKey, terraformVariableName } from './names.ts';

export interface ChildEnvironmentOptions {
  /** Every secret that is known of, in any spelling: those without a value must not reach the child from elsewhere. */
  readonly known: Iterable<string>;
  /** Variables of the root module as they are declared: Terraform minds their case. */
  readonly variables?: readonly string[];
  /** The environment that the child would inherit. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
}

/**
 * Variables to add to the child's environment; `undefined` takes an inherited one away. Under `doppler run --config dev`
 * the caller's environment holds the source's credentials: one that the target lacks would be replaced by them.
 */
export function childEnvironment(
  values: SecretValues,
  { known, variables = [], inherited = process.env }: ChildEnvironmentOptions,
): Readonly<Record<string, string | undefined>> {
  const result: Record<string, string | undefined> = {};
  const names = new Set([...known, ...values.keys()].map(canonicalKey));
  for (const name of Object.keys(inherited)) if (names.has(canonicalKey(name))) result[name] = undefined;
  const declared = new Map(variables.map((name) => [canonicalKey(name), name] as const));
  for (const [key, value] of values.revealAll()) {
    // An empty one stands for "no value": Terraform then uses the variable's default, or names the variable.
    if (value === '') continue;
    const variable = declared.get(canonicalKey(key));
    const own = /^tf_var_/i.test(key) ? canonicalKey(key) : key;
    result[own] = value;
    result[terraformVariableName(key)] = value;
    if (variable !== undefined) result[`TF_VAR_${variable}`] = value;
  }
  return result;
}
