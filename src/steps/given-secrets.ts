/** The secrets of a run: what Terraform's child finds in its environment, and nobody finds in a text. */
import type { Redactor } from '../redact/redactor.ts';
import { learnValues } from '../secrets/learn.ts';
import { SecretValues } from '../secrets/in-memory.ts';

export interface GivenSecrets {
  /** As they were given last. The same object throughout, so that the next process started sees it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  give(environment: Readonly<Record<string, string | undefined>>): void;
}

export function createGivenSecrets(redactor: Redactor): GivenSecrets {
  const environment: Record<string, string | undefined> = {};
  return {
    environment,
    give(next) {
      for (const name of Object.keys(environment)) delete environment[name];
      Object.assign(environment, next);
      const given = Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== undefined);
      learnValues(redactor, new SecretValues(given));
    },
  };
}
