/** A record as it was read: of the environment that it was read for, whole, and leading nowhere outside of the project. */
import type { z } from 'zod';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { environmentRecordSchema } from './schemas.ts';

/** @throws Error that says what is wrong with it, for people */
export function parseRecord(value: unknown, environment: string): EnvironmentRecord {
  const parsed = environmentRecordSchema.safeParse(value);
  if (!parsed.success) throw new Error(problemsIn(parsed.error));
  const record = parsed.data as EnvironmentRecord;
  if (record.name !== environment)
    throw new Error(`it is the record of ${JSON.stringify(record.name)}, put in the place of another`);
  return record;
}

/** A few of them show what it is that was read instead. */
const most = 3;

function problemsIn({ issues }: z.ZodError): string {
  const shown = issues.slice(0, most).map(({ path, message }) => `${path.join('.')}: ${message}`);
  const more = issues.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** What is wrong with a record, for the end of a message. */
export const problemOf = (cause: unknown): string => (cause instanceof Error ? ` (${cause.message})` : '');
