/** What is known to belong to environments: found again by type and id, or by ARN. */
import type { RecordedResource } from '../transfer/record.ts';

/** Whatever has a type, an id and perhaps an ARN: a recorded resource or something listed. */
export interface Identified {
  readonly type: string;
  readonly id: string | null;
  readonly arn?: string | null;
}

export interface KnownResources<Owner> {
  /** The owner of exactly this thing. */
  ownerOf(thing: Identified): Owner | undefined;
  /** The owner of a thing of one of the types (none: of any) that goes by this name, id or ARN. */
  ownerOfNamed(types: readonly string[], name: string, region: string | undefined): Owner | undefined;
}

/** `arn:aws:lambda:eu-west-1:…` → `eu-west-1`; `undefined` where it has none. */
export function regionOfArn(arn: string | null | undefined): string | undefined {
  const region = arn?.startsWith('arn:') ? arn.split(':')[3] : undefined;
  return region === '' ? undefined : region;
}

interface Entry<Owner> {
  readonly owner: Owner;
  readonly region: string | undefined;
}

/** `*` at the end stands for what is in it, as in the ARN of a log group. */
const bareArn = (arn: string): string => arn.replace(/:\*$/, '');

export function knownResources<Owner>(
  resources: Iterable<readonly [RecordedResource, Owner]>,
): KnownResources<Owner> {
  const byArn = new Map<string, { readonly type: string; readonly owner: Owner }>();
  const byId = new Map<string, Entry<Owner>[]>();
  const put = (type: string, id: string | null | undefined, entry: Entry<Owner>): void => {
    if (id === null || id === undefined || id === '') return;
    const key = `${type} ${id}`;
    const entries = byId.get(key);
    if (entries) entries.push(entry);
    else byId.set(key, [entry]);
  };
  for (const [{ type, id, identity, arn }, owner] of resources) {
    const entry = { owner, region: regionOfArn(arn) };
    if (arn !== null) byArn.set(bareArn(arn), { type, owner });
    put(type, id ?? identity, entry);
    for (const name of namesIn(type, id, arn)) if (name !== id) put(`${type} named`, name, entry);
  }
  const find = (key: string, region: string | undefined): Owner | undefined =>
    // Two regions may each have a function of one name.
    byId
      .get(key)
      ?.find((entry) => entry.region === undefined || region === undefined || entry.region === region)?.owner;

  return {
    ownerOf({ type, id, arn }) {
      const exact = typeof arn === 'string' ? byArn.get(bareArn(arn)) : undefined;
      return exact?.owner ?? find(`${type} ${id ?? ''}`, regionOfArn(arn));
    },
    ownerOfNamed(types, name, region) {
      const exact = name.startsWith('arn:') ? byArn.get(bareArn(name)) : undefined;
      if (exact && (types.length === 0 || types.includes(exact.type))) return exact.owner;
      const where = regionOfArn(name) ?? region;
      for (const type of types) {
        const owner = find(`${type} ${name}`, where) ?? find(`${type} named ${name}`, where);
        if (owner !== undefined) return owner;
      }
      return undefined;
    },
  };
}

/** Other names of a thing whose id is none: that of a database is in its ARN, that of a layer has its version. */
function namesIn(type: string, id: string | null, arn: string | null): readonly string[] {
  const from = arn ?? (id?.startsWith('arn:') ? id : null);
  if (from === null) return [];
  const parts = from.split(':');
  if (type === 'aws_lambda_layer_version') return [parts[6] ?? '', parts.slice(0, 7).join(':')];
  if (type === 'aws_lambda_function') return [parts[6] ?? ''];
  const last = parts.at(-1) ?? '';
  return [last.slice(last.lastIndexOf('/') + 1)];
}
