/**
 * Step 2 on `--live`: each managed resource of a state as it is in the account, compared with what Terraform recorded
 * of it. Reads, and changes nothing.
 */
import type { Presence } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import { checkResources, toChecked } from '../aws/check.ts';
import type { AwsClients } from '../aws/clients.ts';
import { awsError } from '../aws/errors.ts';
import type { DescribedResource, Describer, Description } from '../aws/describe.ts';
import { compareValues } from '../live/compare.ts';
import { madeByPeople, shownBy } from '../live/facts.ts';
import type { DriftedResource, SourceDrift, UnreadableThing } from '../live/model.ts';
import { regionOfArn } from '../sweep/known.ts';
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { identityOf, physicalName } from '../terraform/types/identity.ts';
import type { Clock, Host } from '../transfer/host.ts';
import { isJsonObject, type JsonObject } from '../transfer/json.ts';
import { progressOf } from './search-progress.ts';

export interface DriftInput {
  readonly state: StateModel;
  readonly types: ResourceTypeTable;
  /** Of resources whose ARN names none. */
  readonly region: string;
  readonly clientsFor: (region: string) => AwsClients;
  /** Who reads a type; `null` where nobody can. */
  readonly describerOf: (type: string) => Describer | null;
  readonly clock: Clock;
  readonly host: Host;
}

/** As many as are checked at once. */
const atOnce = 16;

/** Waits before what is not seen is looked at again (ms): what was just made may not be there for every reader yet. */
const secondLooks = [1_000, 2_000];

/** @throws ProvisionError where nothing can be read at all: no or expired credentials, an interrupt */
export async function findDrift(input: DriftInput): Promise<SourceDrift> {
  const { state, types } = input;
  const managed = state.resources.filter(
    ({ mode, type }) => mode === 'managed' && types.get(type)?.scope !== 'local',
  );
  const descriptions = await describeAll(managed, input);
  const parts = indexParts(descriptions.values(), types);
  const mirrors = indexMirrors(managed);

  const drifted: DriftedResource[] = [];
  const unreadable: UnreadableThing[] = [];
  const toCheck: StateResource[] = [];
  let compared = 0;
  let attributes = 0;
  for (const resource of managed) {
    const description = descriptions.get(resource);
    if (description?.state === 'absent') {
      drifted.push(entry(resource, types, 'gone'));
      continue;
    }
    if (description?.state === 'unreadable') {
      const { reason, permission = null } = description;
      unreadable.push({ subject: resource.address, reason, permission });
      continue;
    }
    const live = description ? description.resources[0] : parts.find(resource);
    if (live === undefined) {
      toCheck.push(resource);
      continue;
    }
    const result = compareValues(resource.type, resource, live, (attribute) =>
      mirrors(resource, shownBy(resource.type, attribute)),
    );
    compared += 1;
    attributes += result.compared;
    if (result.differences.length > 0)
      drifted.push({ ...entry(resource, types, 'differs'), attributes: result.differences });
  }
  const keys = new Set(
    managed.flatMap(({ type, values }) => keysOf(type, text(values, 'id'), values, types)),
  );
  for (const [resource, description] of descriptions) {
    if (description.state !== 'described') continue;
    for (const part of description.resources.slice(1))
      if (!isManaged(part, keys, types) && isAdded(part, resource, managed))
        drifted.push({ ...entry(resource, types, 'added'), type: part.type, name: partName(part, types) });
  }

  const present = new Map<string, number>();
  const notAsked = new Map<string, number>();
  for (const { resource, presence } of await checkAll(toCheck, input)) {
    const count = presence.state === 'not-asked' ? notAsked : present;
    if (presence.state === 'absent') drifted.push(entry(resource, types, 'gone'));
    else if (presence.state === 'unreadable') {
      const { reason, permission = null } = presence;
      unreadable.push({ subject: resource.address, reason, permission });
    } else if (presence.state !== 'not-applicable')
      count.set(resource.type, (count.get(resource.type) ?? 0) + 1);
  }
  return {
    compared,
    attributes,
    drifted: drifted.sort((a, b) => a.address.localeCompare(b.address)),
    present: byType(present),
    notAsked: byType(notAsked),
    unreadable,
    complete: unreadable.length === 0,
  };
}

async function describeAll(
  resources: readonly StateResource[],
  input: DriftInput,
): Promise<ReadonlyMap<StateResource, Description>> {
  const { describerOf, types } = input;
  const jobs = resources.flatMap((resource) => {
    const describer = describerOf(resource.type);
    return describer ? [{ resource, describer }] : [];
  });
  let done = 0;
  const tell = progressOf(input, () => `comparing with the account: ${done} of ${jobs.length} read`);
  const described = await lookAgain(
    jobs,
    async ({ resource, describer }) => {
      try {
        const checked = toChecked(resource, identityText(resource.type, resource.values, types));
        return await describer.describe(checked, clientsOf(resource, input));
      } catch (error) {
        throw awsError(error, `reading ${resource.address}`);
      } finally {
        done = Math.min(done + 1, jobs.length);
        tell();
      }
    },
    input,
  );
  return new Map([...described].map(([{ resource }, description]) => [resource, description]));
}

/** What nobody can describe may still be looked for. */
async function checkAll(
  resources: readonly StateResource[],
  input: DriftInput,
): Promise<readonly { readonly resource: StateResource; readonly presence: Presence }[]> {
  const checked = await lookAgain(
    resources,
    async (resource): Promise<Presence> => {
      const asked = toChecked(resource, identityText(resource.type, resource.values, input.types));
      const [answer] = await checkResources([asked], clientsOf(resource, input));
      return answer?.presence ?? { state: 'not-asked', reason: '' };
    },
    input,
  );
  return [...checked].map(([resource, presence]) => ({ resource, presence }));
}

/** Asks for each; for what is not there, a second and a third time. */
async function lookAgain<T, Answer extends { readonly state: string }>(
  things: readonly T[],
  ask: (thing: T) => Promise<Answer>,
  { clock }: DriftInput,
): Promise<ReadonlyMap<T, Answer>> {
  const answers = new Map<T, Answer>();
  const askAll = (open: readonly T[]): Promise<unknown> =>
    mapBounded(open, atOnce, async (thing) => answers.set(thing, await ask(thing)));
  await askAll(things);
  for (const pause of secondLooks) {
    const absent = things.filter((thing) => answers.get(thing)?.state === 'absent');
    if (absent.length === 0) break;
    await clock.sleep(pause);
    await askAll(absent);
  }
  return answers;
}

function clientsOf({ values }: StateResource, { region, clientsFor }: DriftInput): AwsClients {
  const arn = values['arn'];
  return clientsFor((typeof arn === 'string' ? regionOfArn(arn) : undefined) ?? region);
}

function identityText(type: string, values: JsonObject, types: ResourceTypeTable): string | null {
  const identity = identityOf(type, values, types);
  return identity.kind === 'known' ? identity.text : null;
}

const byType = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));

function text(values: JsonObject, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value : '';
}

/** Parts, found by what makes them one of a kind: an attachment has an id that the provider has made up. */
function indexParts(
  descriptions: Iterable<Description>,
  types: ResourceTypeTable,
): { find(resource: StateResource): DescribedResource | undefined } {
  const byIdentity = new Map<string, DescribedResource>();
  const byId = new Map<string, DescribedResource | null>();
  for (const description of descriptions) {
    if (description.state !== 'described') continue;
    for (const part of description.resources.slice(1)) {
      const identity = identityText(part.type, part.values, types);
      if (identity !== null) byIdentity.set(`${part.type} ${identity}`, part);
      const key = `${part.type} ${part.id}`;
      // Two functions may each have a permission of one id: then it tells nothing.
      byId.set(key, byId.has(key) ? null : part);
    }
  }
  return {
    find({ type, values }) {
      const identity = identityText(type, values, types);
      const exact = identity === null ? undefined : byIdentity.get(`${type} ${identity}`);
      return exact ?? byId.get(`${type} ${text(values, 'id')}`) ?? undefined;
    },
  };
}

/** Whether the state holds a resource of one of the types that names this one. */
function indexMirrors(
  managed: readonly StateResource[],
): (resource: StateResource, types: readonly string[]) => boolean {
  const named = new Map<string, Set<string>>();
  for (const { type, values } of managed) {
    const texts = named.get(type) ?? new Set();
    named.set(type, texts);
    for (const value of Object.values(values)) {
      for (const each of Array.isArray(value) ? value : [value])
        if (typeof each === 'string') texts.add(each);
    }
  }
  return ({ values }, types) => {
    const own = ['id', 'arn', 'name', 'url', 'bucket'].map((key) => text(values, key)).filter(Boolean);
    return types.some((type) => own.some((each) => named.get(type)?.has(each)));
  };
}

/** What something goes by: what makes it one of a kind first, its id last. */
function keysOf(type: string, id: string, values: JsonObject, types: ResourceTypeTable): readonly string[] {
  const identity = identityText(type, values, types);
  return [...(identity === null ? [] : [`${type} is ${identity}`]), `${type} ${id}`];
}

/** By its id only where nothing else tells: two functions may each have a permission of one id. */
function isManaged(
  { type, id, values }: DescribedResource,
  keys: ReadonlySet<string>,
  types: ResourceTypeTable,
): boolean {
  const [first] = keysOf(type, id, values, types);
  return first !== undefined && keys.has(first);
}

/** True for a part that somebody made and that no other way of writing the same in Terraform explains. */
function isAdded(part: DescribedResource, whole: StateResource, managed: readonly StateResource[]): boolean {
  if (!madeByPeople.has(part.type)) return false;
  const policy = text(part.values, 'policy_arn');
  if (policy !== '') {
    const arns = whole.values['managed_policy_arns'];
    if (Array.isArray(arns) && arns.includes(policy)) return false;
    return !managed.some(
      ({ type, values }) => type === 'aws_iam_policy_attachment' && text(values, 'policy_arn') === policy,
    );
  }
  if (opensUrl(part, managed)) return false;
  const inline = whole.values['inline_policy'];
  const name = text(part.values, 'name');
  return !(
    Array.isArray(inline) && inline.some((each) => isJsonObject(each) && name !== '' && each['name'] === name)
  );
}

/** The provider gives a function the permission for its URL by itself, and keeps it in no state. */
function opensUrl({ type, values }: DescribedResource, managed: readonly StateResource[]): boolean {
  if (type !== 'aws_lambda_permission' || !text(values, 'statement_id').startsWith('FunctionURLAllow'))
    return false;
  const called = text(values, 'function_name');
  return managed.some((url) => {
    if (url.type !== 'aws_lambda_function_url') return false;
    return [text(url.values, 'function_name'), text(url.values, 'function_arn')].includes(called);
  });
}

function partName({ type, id, values }: DescribedResource, types: ResourceTypeTable): string {
  return text(values, 'policy_arn') || physicalName(type, values, types) || id;
}

function entry(
  { address, type, values }: StateResource,
  types: ResourceTypeTable,
  change: DriftedResource['change'],
): DriftedResource {
  return { address, type, name: physicalName(type, values, types) ?? address, change, attributes: [] };
}
