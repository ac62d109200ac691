/**
 * Finds again what was made by a run that was killed between the creation and the record of it. Only what bears the
 * ownership tag, or is a part of what this environment has, counts.
 */
import { toResource, type CheckedResource, type FoundItem } from '../aws/adapter.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Cloned } from '../aws/clone.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { adapterOf } from '../aws/registry.ts';
import { ownershipTag } from '../sweep/classify.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

export interface AdoptInput {
  readonly environment: string;
  readonly type: string;
  /** As it was to be made. */
  readonly values: JsonObject;
  /** What the environment has of the type that this one is a part of. */
  readonly parents: readonly CheckedResource[];
  /** Ids of what the environment's record has of the type: each is the copy of something else. */
  readonly recorded?: readonly string[];
  readonly clients: AwsClients;
}

/** @throws ProvisionError where it cannot be told: going on might make it twice */
export async function findMade(input: AdoptInput): Promise<Cloned | null> {
  const { type } = input;
  try {
    return await (adapterOf(type)?.whole ? findWhole(input) : findPart(input));
  } catch (error) {
    throw awsError(error, `looking whether ${type} was made before`);
  }
}

async function findWhole({
  environment,
  type,
  values,
  clients,
  recorded = [],
}: AdoptInput): Promise<Cloned | null> {
  const whole = adapterOf(type)?.whole;
  if (!whole) return null;
  const marked: CheckedResource[] = [];
  let named = false;
  const candidates: Parameters<typeof whole.tagged>[0][] = [];
  const outcome = await whole.list(clients, (item) => candidates.push(item));
  if (outcome.state === 'unreadable') throw new Error(outcome.reason);
  for (const item of candidates) {
    if (item.leaving !== undefined || recorded.includes(item.id)) continue;
    const itsName = Object.values(values).some((value) => value === item.name);
    if (!itsName && !isNamedByTags(item, environment)) continue;
    const answer = await whole.tagged(item, clients);
    if ('state' in answer) throw new Error(answer.reason);
    const mark = answer.tags?.[ownershipTag];
    // What cannot bear tags has its name alone, and the journal's word that it was begun.
    if (mark === environment || (mark === undefined && !('tags' in values))) {
      marked.push(toResource(answer));
      named ||= itsName;
    }
  }
  const described = (await Promise.all(marked.map((resource) => describe(resource, clients)))).flat();
  const selves = described.filter((each) => each.type === type);
  // Of several that go by one name (the mappings of a function), the one that says the same; so too where the name is
  // but a tag, which many may bear: what was begun and lacks a setting is not taken, and the sweep finds it.
  const self =
    named && selves.length === 1 ? selves[0] : selves.find((each) => isAsWanted(values, each.values));
  return self === undefined ? null : { id: self.id, values: self.values };
}

/** Most of EC2 has no name but a tag, or none at all: the mark alone tells whose it is. */
const isNamedByTags = ({ id, name, tags }: FoundItem, environment: string): boolean =>
  tags?.[ownershipTag] === environment && (name === id || name === tags['Name']);

async function findPart({ type, values, parents, clients }: AdoptInput): Promise<Cloned | null> {
  for (const parent of parents) {
    const found = await describe(parent, clients);
    const self = found.find((each) => each.type === type && isAsWanted(values, each.values));
    if (self) return { id: self.id, values: self.values };
  }
  return null;
}

async function describe(
  resource: CheckedResource,
  clients: AwsClients,
): Promise<readonly { type: string; id: string; values: JsonObject }[]> {
  const found = await describerOf(resource.type)?.describe(resource, clients);
  if (found === undefined || found.state === 'absent') return [];
  if (found.state === 'unreadable') throw new Error(found.reason);
  return found.resources;
}

/** Texts and numbers at the top; a policy comes back in another spelling. */
function isAsWanted(wanted: JsonObject, there: JsonObject): boolean {
  return Object.entries(wanted).every(([attribute, value]) => {
    const now = there[attribute];
    if (now === undefined || now === null || value === null || isStructured(value)) return true;
    return now === value;
  });
}

const isStructured = (value: Json): boolean =>
  isJsonObject(value) || Array.isArray(value) || (typeof value === 'string' && /^\s*[{[]/.test(value));
