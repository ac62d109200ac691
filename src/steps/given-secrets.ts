/** The secrets of a run: what Terraform's child finds in its environment, and nobody finds in a text. */
import { SecretValues } from '../secrets/in-memory.ts';
import { redactor } from '../secrets/redactor.ts';
import type { Declarations } from '../terraform/model.ts';
import type { Json } from '../transfer/json.ts';

export interface GivenSecrets {
  /** As they were given last. The same object throughout, so that the next process started sees it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  give(environment: Readonly<Record<string, string | undefined>>): void;
  /** Takes every value out of a text, those of sensitive variables too. */
  redact(text: string): string;
}

/** @param values of the target's var-file */
export function createGivenSecrets(
  declarations: Declarations,
  values: Readonly<Record<string, Json>>,
): GivenSecrets {
  const environment: Record<string, string | undefined> = {};
  const sensitive = sensitiveValues(declarations, values);
  let takeOut = redactor(sensitive);
  return {
    environment,
    give(next) {
      for (const name of Object.keys(environment)) delete environment[name];
      Object.assign(environment, next);
      const given = Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== undefined);
      takeOut = redactor(sensitive, new SecretValues(given));
    },
    redact: (text) => takeOut(text),
  };
}

/** Values of the sensitive variables of the root module, from the caller's environment and from the var-file. */
function sensitiveValues(declarations: Declarations, values: Readonly<Record<string, Json>>): SecretValues {
  const variables = Object.values(declarations.modules['']?.variables ?? {});
  return new SecretValues(
    variables
      .filter(({ sensitive }) => sensitive)
      .flatMap(({ name }) =>
        [process.env[`TF_VAR_${name}`], values[name]].flatMap((value) => textsIn(name, value)),
      ),
  );
}

/** A list or an object holds its secrets one by one. */
function textsIn(name: string, value: Json | undefined): (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(`${name}.${key}`, inner));
}
