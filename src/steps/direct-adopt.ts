/**
 * Finds again what was made by a run that was killed between the creation and the record of it. What can bear tags counts
 * only with the ownership tag, a part only within what this environment has.
 *
 * What can bear none has its name, and three facts: the account was asked whether the name is free before anything was begun
 * (`prove-before-apply`), the journal says that its creation was begun, and it is no older than that word. The last one is
 * what keeps a thing safe that somebody else had all along, or made between the question and the word: of such a thing the
 * service only says "exists already", which a journal cannot tell from a creation that went through without an answer.
 * Where a service tells no date, the thing has to say what was wanted, too.
 */
import { toResource, type CheckedResource } from '../aws/adapter.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Cloned } from '../aws/clone.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { adapterOf } from '../aws/registry.ts';
import { changesByItself } from '../live/facts.ts';
import { ownershipTag } from '../sweep/classify.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

export interface AdoptInput {
  readonly environment: string;
  readonly type: string;
  /** As it was to be made. */
  readonly values: JsonObject;
  /** What the environment has of the type that this one is a part of. */
  readonly parents: readonly CheckedResource[];
  /** When the journal says that its creation was begun: ISO 8601, UTC. */
  readonly begunAt: string;
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

/** The most by which clocks differ: AWS refuses requests that are signed with a greater difference. */
const clocksMs = 5 * 60_000;

async function findWhole({
  environment,
  type,
  values,
  begunAt,
  clients,
}: AdoptInput): Promise<Cloned | null> {
  const whole = adapterOf(type)?.whole;
  if (!whole) return null;
  const likely: CheckedResource[] = [];
  // Those of which a tag or a date says nothing wrong, and nothing right: by id.
  const doubtful = new Set<string>();
  const notBefore = new Date(begunAt).getTime() - clocksMs;
  const candidates: Parameters<typeof whole.tagged>[0][] = [];
  const outcome = await whole.list(clients, (item) => candidates.push(item));
  if (outcome.state === 'unreadable') throw new Error(outcome.reason);
  for (const item of candidates) {
    if (item.leaving !== undefined || !goesBy(item.name, values)) continue;
    const answer = await whole.tagged(item, clients);
    if ('state' in answer) throw new Error(answer.reason);
    const { tags, createdAt } = answer;
    const mark = tags?.[ownershipTag];
    if (mark === undefined ? tags !== undefined && 'tags' in values : mark !== environment) continue;
    if (mark === undefined) {
      if (createdAt !== undefined && new Date(createdAt).getTime() < notBefore) continue;
      if (createdAt === undefined) doubtful.add(answer.id);
    }
    likely.push(toResource(answer));
  }
  const described = (await Promise.all(likely.map((resource) => describe(resource, clients)))).flat();
  const selves = described.filter(
    (each) =>
      each.type === type &&
      // Some listings tell no tags, and the description does.
      (!isJsonObject(each.values['tags']) || each.values['tags'][ownershipTag] === environment) &&
      (!doubtful.has(each.id) || isAsWanted(type, values, each.values)),
  );
  // Of several that go by one name (the mappings of a function), the one that says the same.
  const self = selves.length === 1 ? selves[0] : selves.find((each) => isAsWanted(type, values, each.values));
  return self === undefined ? null : { id: self.id, values: self.values };
}

/** A listing may call a thing by what it belongs to: the mapping of a queue by its function, whose ARN the values hold. */
function goesBy(name: string, values: JsonObject): boolean {
  return Object.values(values).some(
    (value) =>
      value === name || (typeof value === 'string' && value.startsWith('arn:') && value.endsWith(`:${name}`)),
  );
}

async function findPart({ type, values, parents, clients }: AdoptInput): Promise<Cloned | null> {
  for (const parent of parents) {
    const found = await describe(parent, clients);
    const self = found.find((each) => each.type === type && isAsWanted(type, values, each.values));
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

/** Texts and numbers at the top; a policy comes back in another spelling, and what is still being set up in another state. */
function isAsWanted(type: string, wanted: JsonObject, there: JsonObject): boolean {
  return Object.entries(wanted).every(([attribute, value]) => {
    const now = there[attribute];
    if (now === undefined || now === null || value === null || isStructured(value)) return true;
    if (changesByItself(type, attribute)) return true;
    return now === value;
  });
}

const isStructured = (value: Json): boolean =>
  isJsonObject(value) || Array.isArray(value) || (typeof value === 'string' && /^\s*[{[]/.test(value));
