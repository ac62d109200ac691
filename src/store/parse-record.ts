/** A record as it was read: of the environment that it was read for, whole, and leading nowhere outside of the project. */
import { z } from 'zod';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { environmentRecordSchema } from './schemas.ts';

/** @throws Error that says what is wrong with it, for people */
export function parseRecord(text: string, environment: string): EnvironmentRecord {
  const parsed = environmentRecordSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' '));
  const record = parsed.data as EnvironmentRecord;
  if (record.name !== environment)
    throw new Error(`it is the record of ${JSON.stringify(record.name)}, put in the place of another`);
  return record;
}

/** What is wrong with a record, for the end of a message. */
export const problemOf = (cause: unknown): string => (cause instanceof Error ? ` (${cause.message})` : '');
