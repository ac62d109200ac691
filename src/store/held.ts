import { ProvisionError } from '../transfer/errors.ts';

/** A lock lets its holder write of its own environment only. */
export function ownName(environment: string, name: string): string {
  if (name === environment) return name;
  throw new ProvisionError('unexpected', `Under the lock of ${environment} nothing is written of ${name}.`);
}
