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
import { type CheckedResource, type FoundItem, toResource, type WholeAdapter } from '../aws/adapter.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Cloned } from '../aws/clone.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { adapterOf } from '../aws/registry.ts';
import { askNames } from '../aws/taken.ts';
import type { Begun } from '../direct/begun.ts';
import { changesByItself } from '../live/facts.ts';
import { ownershipTag } from '../sweep/classify.ts';
import type { Clock } from '../transfer/host.ts';
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
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** What the journal says: what was made a moment ago may not be listed yet, and what is older is somebody else's. */
  readonly begun: Begun;
}

/** How long after its creation a thing may not be listed (ms). */
const longestUnseenMs = 20_000;

/** The most by which clocks differ (ms): AWS refuses requests that are signed with a greater difference. */
const longestClockErrorMs = 5 * 60_000;

/** @throws ProvisionError where it cannot be told: going on might make it twice */
export async function findMade(input: AdoptInput): Promise<Cloned | null> {
  const { type } = input;
  try {
    return await (adapterOf(type)?.whole ? findWhole(input) : findPart(input));
  } catch (error) {
    throw awsError(error, `looking whether ${type} was made before`);
  }
}

async function findWhole(input: AdoptInput): Promise<Cloned | null> {
  const { type, values, clients, clock, signal, begun } = input;
  const whole = adapterOf(type)?.whole;
  if (!whole) return null;
  for (let pause = 1_000; ; pause *= 2) {
    const listed = await listedAs(whole, input);
    const exact = listed.length > 0 ? null : await askExactly(type, values, clients);
    const candidates = exact?.item === undefined ? listed : [exact.item];
    const found = await adopted(whole, candidates, input);
    if (found !== null) return found;
    // Only where the cloud gives the id would a second one be made: a name that is taken is refused.
    const sure = exact === null || exact.asked;
    if (sure || clock.now().getTime() + pause > begun.last + longestUnseenMs) return null;
    await clock.sleep(pause, signal);
  }
}

async function listedAs(
  whole: WholeAdapter,
  { environment, values, recorded = [], clients }: AdoptInput,
): Promise<readonly FoundItem[]> {
  const items: FoundItem[] = [];
  const outcome = await whole.list(clients, (item) => {
    if (item.leaving !== undefined || recorded.includes(item.id)) return;
    if (goesBy(item.name, values) || isNamedByTags(item, environment)) items.push(item);
  });
  if (outcome.state === 'unreadable') throw new Error(outcome.reason);
  return items;
}

/** What no listing shows is asked for by the name that it would have; `asked` is false where it has none of its own. */
async function askExactly(
  type: string,
  values: JsonObject,
  clients: AwsClients,
): Promise<{ readonly asked: boolean; readonly item?: FoundItem }> {
  const [answer] = await askNames([{ address: type, type, values }], clients);
  if (answer?.state === 'unreadable') throw new Error(answer.reason);
  if (answer?.state === 'taken' && answer.condition === 'there') return { asked: true, item: answer.item };
  return { asked: answer !== undefined && answer.state !== 'not-asked' };
}

async function adopted(
  whole: WholeAdapter,
  candidates: readonly FoundItem[],
  { environment, type, values, begun, clients }: AdoptInput,
): Promise<Cloned | null> {
  const likely: CheckedResource[] = [];
  // Those of which a tag or a date says nothing wrong, and nothing right: by id.
  const doubtful = new Set<string>();
  for (const item of candidates) {
    const answer = await whole.tagged(item, clients);
    if ('state' in answer) throw new Error(answer.reason);
    const { tags, createdAt } = answer;
    const mark = tags?.[ownershipTag];
    if (mark === undefined ? tags !== undefined && 'tags' in values : mark !== environment) continue;
    if (mark === undefined) {
      if (createdAt !== undefined && Date.parse(createdAt) < begun.first - longestClockErrorMs) continue;
      if (createdAt === undefined) doubtful.add(answer.id);
    }
    if (!goesBy(item.name, values)) doubtful.add(answer.id);
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

/** Most of EC2 has no name but a tag, or none at all: the mark tells whose it is, and what it says which one. */
const isNamedByTags = ({ id, name, tags }: FoundItem, environment: string): boolean =>
  tags?.[ownershipTag] === environment && (name === id || name === tags['Name']);

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
