/**
 * Whether two descriptions are of one thing in the cloud: by ARN, by identity, by id. Never by address: a copied state
 * has the addresses of the environment that it was copied from.
 */
import { localTypes } from '../terraform/types/local.ts';
import type { RecordedResource } from '../transfer/record.ts';

export type Thing = Pick<RecordedResource, 'type' | 'identity' | 'id' | 'arn'>;

/** `*` at the end stands for what is in it, as in the ARN of a log group. */
const bareArn = (arn: string): string => arn.replace(/:\*$/, '');

/** The provider has two names for some types. */
const canonicalType = (type: string): string =>
  type.replace(/^aws_alb(?=_|$)/, 'aws_lb').replace(/^aws_s3_bucket_object$/, 'aws_s3_object');

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';

/** What says most decides: where both have an ARN, nothing else counts. */
export function isSameThing(one: Thing, other: Thing): boolean {
  if (canonicalType(one.type) !== canonicalType(other.type)) return false;
  if (isText(one.arn) && isText(other.arn)) return bareArn(one.arn) === bareArn(other.arn);
  if (isText(one.identity) && isText(other.identity)) return one.identity === other.identity;
  return isText(one.id) && isText(other.id) && one.id === other.id;
}

export interface ThingIndex<Value> {
  /** What was put in for this thing; the first if there are several. */
  find(thing: Thing): Value | undefined;
  all(thing: Thing): readonly Value[];
}

/** Finds the same thing again among many. What is in no cloud is nobody's, and never found. */
export function indexThings<Value>(entries: Iterable<readonly [Thing, Value]>): ThingIndex<Value> {
  const byKey = new Map<string, (readonly [Thing, Value])[]>();
  for (const entry of entries) {
    for (const key of keysOf(entry[0])) {
      const list = byKey.get(key);
      if (list) list.push(entry);
      else byKey.set(key, [entry]);
    }
  }
  const all = (thing: Thing): readonly Value[] => {
    const hits = new Set(keysOf(thing).flatMap((key) => byKey.get(key) ?? []));
    return [...hits].filter(([other]) => isSameThing(other, thing)).map(([, value]) => value);
  };
  return { all, find: (thing) => all(thing)[0] };
}

function keysOf({ type: raw, arn, identity, id }: Thing): readonly string[] {
  if (localTypes.test(raw)) return [];
  const type = canonicalType(raw);
  return [
    ...(isText(arn) ? [`${type} arn ${bareArn(arn)}`] : []),
    ...(isText(identity) ? [`${type} identity ${identity}`] : []),
    ...(isText(id) ? [`${type} id ${id}`] : []),
  ];
}

/** By what people know it. */
export const nameOfThing = ({ arn, identity, id }: Thing): string => identity ?? id ?? arn ?? '';
