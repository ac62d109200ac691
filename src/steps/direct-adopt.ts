/**
 * Finds again what was made by a run that was killed between the creation and the record of it. Only what bears the
 * ownership tag, or is a part of what this environment has, counts.
 */
import { type CheckedResource, type FoundItem, toResource, type WholeAdapter } from '../aws/adapter.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Cloned } from '../aws/clone.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { adapterOf } from '../aws/registry.ts';
import { askNames } from '../aws/taken.ts';
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
  readonly clients: AwsClients;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** When its creation was begun (ms since 1970): what was made a moment ago may not be listed yet. */
  readonly begun?: number | undefined;
}

/** How long after its creation a thing may not be listed (ms). */
const longestUnseenMs = 20_000;

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
  const { type, values, clients, clock, signal, begun = 0 } = input;
  const whole = adapterOf(type)?.whole;
  if (!whole) return null;
  for (let pause = 1_000; ; pause *= 2) {
    const listed = await listedAs(whole, values, clients);
    const exact = listed.length > 0 ? null : await askExactly(type, values, clients);
    const candidates = exact?.item === undefined ? listed : [exact.item];
    const found = await adopted(whole, candidates, input);
    if (found !== null) return found;
    // Only where the cloud gives the id would a second one be made: a name that is taken is refused.
    const sure = exact === null || exact.asked;
    if (sure || clock.now().getTime() + pause > begun + longestUnseenMs) return null;
    await clock.sleep(pause, signal);
  }
}

async function listedAs(
  whole: WholeAdapter,
  values: JsonObject,
  clients: AwsClients,
): Promise<readonly FoundItem[]> {
  const texts = new Set(Object.values(values));
  const items: FoundItem[] = [];
  const outcome = await whole.list(clients, (item) => {
    if (item.leaving === undefined && texts.has(item.name)) items.push(item);
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
  { environment, type, values, clients }: AdoptInput,
): Promise<Cloned | null> {
  const marked: CheckedResource[] = [];
  for (const item of candidates) {
    const answer = await whole.tagged(item, clients);
    if ('state' in answer) throw new Error(answer.reason);
    const mark = answer.tags?.[ownershipTag];
    // What cannot bear tags has its name alone, and the journal's word that it was begun.
    if (mark === environment || (mark === undefined && !('tags' in values))) marked.push(toResource(answer));
  }
  const described = (await Promise.all(marked.map((resource) => describe(resource, clients)))).flat();
  const selves = described.filter((each) => each.type === type);
  // Of several that go by one name (the mappings of a function), the one that says the same.
  const self = selves.length === 1 ? selves[0] : selves.find((each) => isAsWanted(values, each.values));
  return self === undefined ? null : { id: self.id, values: self.values };
}

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
