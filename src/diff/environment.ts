/** Environment variables of functions, containers and jobs: keys, and values where they are no secret. */
import { underAny } from '../proof/values.ts';
import { type EnvironmentValue, environmentValues } from './environment-values.ts';
import type { Comparison, Difference, DiffInput } from './model.ts';
import type { Sameness } from './sameness.ts';

const idOf = ({ place, key }: EnvironmentValue): string => `${place}\n${key}`;

/** True if a value must not be shown nor compared as text: it is compared by fingerprint, among the secrets. */
export function isHiddenValue(
  value: EnvironmentValue,
  sensitivePaths: readonly string[],
  mayBeSecret: (key: string) => boolean,
): boolean {
  if (value.isReference) return false;
  return mayBeSecret(value.key) || underAny(sensitivePaths, value.path.split('.'));
}

export function compareEnvironment(input: DiffInput, sameness: Sameness): Comparison {
  const { proof, index } = input;
  const [a, b] = [proof.source.name, proof.target.name];
  const differences: Difference[] = [];
  let compared = 0;
  const sensitiveInB = new Map(
    (proof.target.state?.resources ?? []).map(({ address, sensitivePaths }) => [address, sensitivePaths]),
  );
  for (const { source, target } of index.pairing.pairs) {
    const before = new Map(environmentValues(source.values).map((value) => [idOf(value), value]));
    const after = new Map(environmentValues(target.values).map((value) => [idOf(value), value]));
    const marked = [...source.sensitivePaths, ...(sensitiveInB.get(target.address) ?? [])];
    const isHidden = (value: EnvironmentValue): boolean =>
      isHiddenValue(value, marked, (key) => input.mayBeSecret(key));
    const show = (value: EnvironmentValue): string | null =>
      isHidden(value) ? null : input.shown(value.text);
    const subject = target.address;
    const add = (
      change: Difference['change'],
      { key, place }: EnvironmentValue,
      values: Pick<Difference, 'a' | 'b'>,
      message: string,
    ): void => {
      const what = place === '' ? key : `${key} of the container ${place}`;
      const explanation = change === 'different' ? explain(input, target.address, key) : null;
      differences.push({ kind: 'environment', change, subject, what, ...values, message, explanation });
    };
    const where = ({ place }: EnvironmentValue): string => (place === '' ? '' : ` (container ${place})`);
    for (const [id, value] of before) {
      compared += 1;
      const other = after.get(id);
      const { key } = value;
      if (!other) {
        const text = `${subject}${where(value)} lacks the environment variable ${key} in ${b}`;
        add('missing', value, { a: show(value), b: null }, text);
        continue;
      }
      // A secret may stand in a variable of any name: what either side hides is hidden on both.
      if (isHidden(value) || isHidden(other)) continue;
      if (sameness.same(value.text, other.text)) continue;
      const sameForm = sameness.translator.ofSource(value.text) === sameness.translator.ofTarget(other.text);
      const leaning = sameForm ? sameness.leansOn(other.text) : null;
      const text =
        leaning === null
          ? `${subject}${where(value)}: ${key} is another in ${b}`
          : `${subject}${where(value)}: ${key} of ${b} names ${leaning}`;
      add(leaning === null ? 'different' : 'not-own', value, { a: show(value), b: show(other) }, text);
    }
    for (const [id, value] of after) {
      if (before.has(id)) continue;
      compared += 1;
      const text = `${subject}${where(value)} has the environment variable ${value.key} in ${b}, and not in ${a}`;
      add('extra', value, { a: null, b: show(value) }, text);
    }
  }
  return { differences, compared };
}

/** A variable of the configuration by the key's own name that differs between the two. */
function explain({ index }: DiffInput, address: string, key: string): string | null {
  const target = index.target.byAddress.get(address);
  const declaration = target && index.expressions.declaration(target);
  if (!target || !declaration) return null;
  const path = `environment.variables.${key}`;
  const inputs = index.expressions.attribute(
    target.modulePath,
    declaration,
    declaration.attributes[path] === undefined ? 'environment.variables' : path,
  );
  const named = [...inputs.variables].filter((name) => index.differing.has(name));
  // Of a whole map only the variable that is called like the key is sure to be meant.
  const variable =
    declaration.attributes[path] === undefined
      ? named.find((name) => name.toLowerCase() === key.toLowerCase())
      : named[0];
  return variable === undefined ? null : `var.${variable} differs`;
}
