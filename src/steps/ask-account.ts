/** Step 6, before the proof: the account is asked whether the names that the plan would take are free. Changes nothing. */
import type { FoundItem } from '../aws/adapter.ts';
import type { AwsClients } from '../aws/clients.ts';
import { type PlannedThing, plannedTypes } from '../aws/planned.ts';
import { askNames, type NameAnswer } from '../aws/taken.ts';
import type { AccountAnswer, AskedPresence } from '../proof/account.ts';
import { ownershipTag } from '../sweep/classify.ts';
import { parentsOf } from '../sweep/derive.ts';
import { regionOfArn } from '../sweep/known.ts';
import type { PlanModel, StateModel } from '../terraform/model.ts';
import type { ResourceTypeTable, UniquenessScope } from '../terraform/types/facts.ts';
import { type Identity, identityOf } from '../terraform/types/identity.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { regionOf } from './region.ts';

export interface AskAccountInput {
  readonly plan: PlanModel;
  /** The source's: where its resources lie, their counterparts will. */
  readonly source: StateModel;
  /** The target's; what it holds is its own. */
  readonly state: StateModel | null;
  /** What the target's record says that this tool made. */
  readonly recorded: readonly RecordedResource[];
  readonly types: ResourceTypeTable;
  /** That of the clients; where most of the source is if it is not known. */
  readonly region?: string | null;
  /** Called only if there is something to ask. */
  readonly aws: () => Promise<AwsClients>;
}

type KnownIdentity = Extract<Identity, { kind: 'known' }>;

interface Asked extends PlannedThing {
  readonly identity: KnownIdentity;
  /** `null`: that of the clients. */
  readonly region: string | null;
}

const made: ReadonlySet<string> = new Set(['create', 'replace']);

/** Where a name can be somebody else's; a part goes with the thing that it is part of. */
const ownScopes: ReadonlySet<UniquenessScope> = new Set(['global', 'account', 'region']);

const askable: ReadonlySet<string> = new Set(plannedTypes);

/**
 * An answer for everything that would be made under a name that is known and not its own already. What gets its name
 * on creation, or from something that is not there yet, cannot be asked for: of that there is no answer.
 *
 * @throws ProvisionError `credentials-expired`, `interrupted`
 */
export async function askAccount({
  plan,
  source,
  state,
  recorded,
  types,
  region: here = null,
  aws,
}: AskAccountInput): Promise<readonly AccountAnswer[]> {
  const sources = regionOf(source);
  const main = here ?? sources;
  // What lies where most of the source does, has its counterpart where the target's provider acts.
  const counterpart = (address: string): string | null => {
    const region = regions.get(address) ?? null;
    return region === sources ? null : region;
  };
  const regions = new Map(source.resources.map(({ address, values }) => [address, regionIn(values)]));
  const ours = ownNames(state, recorded, types);
  const wanted = plan.changes.flatMap(({ mode, action, address, type, after, importId }): Asked[] => {
    // What is imported is meant to be there.
    if (mode !== 'managed' || !made.has(action) || importId !== undefined) return [];
    const values = after ?? {};
    const identity = identityOf(type, values, types);
    if (identity.kind !== 'known' || ours(type, identity)) return [];
    // A plan does not tell the region of a provider's alias.
    const region = regionIn(values) ?? counterpart(address);
    return [{ address, type, values, identity, region: region === main ? null : region }];
  });
  const asked = wanted.filter(({ type }) => askable.has(type));
  const rest = wanted.filter(
    ({ type, identity }) => type.startsWith('aws_') && !askable.has(type) && ownScopes.has(identity.scope),
  );
  const answers = asked.length === 0 ? [] : await ask(asked, aws);
  return [
    ...answers,
    ...rest.map(({ address, type, identity }) => ({
      address,
      name: identity.text,
      presence: { state: 'not-asked' as const, reason: `no adapter for type ${type}` },
    })),
  ];
}

async function ask(asked: readonly Asked[], aws: () => Promise<AwsClients>): Promise<AccountAnswer[]> {
  const byRegion = new Map<string | null, Asked[]>();
  for (const thing of asked) {
    const same = byRegion.get(thing.region);
    if (same) same.push(thing);
    else byRegion.set(thing.region, [thing]);
  }
  const answers = [...byRegion].map(async ([region, things]): Promise<AccountAnswer[]> => {
    const outcomes = await askIn(region, things, aws);
    return things.map(({ address, identity }, index) => ({
      address,
      name: identity.text,
      presence: presenceOf(outcomes[index] ?? { state: 'not-asked', reason: 'nobody asked' }),
    }));
  });
  return (await Promise.all(answers)).flat();
}

async function askIn(
  region: string | null,
  things: readonly Asked[],
  aws: () => Promise<AwsClients>,
): Promise<readonly NameAnswer[]> {
  let clients: AwsClients | undefined;
  let shared: AwsClients | undefined;
  try {
    shared = await aws();
    clients = region === null ? shared : shared.with({ region });
    return await askNames(things, clients);
  } catch (error) {
    // The provider may have credentials or a region of its own, from the configuration: the plan was made all the same.
    if (!isProvisionError(error) || !['credentials-missing', 'place-mismatch'].includes(error.code))
      throw error;
    return things.map(() => ({ state: 'unreadable', reason: error.message }));
  } finally {
    if (clients !== shared) clients?.close();
  }
}

/** The region that a resource names (from version 6 of the provider on), or that its ARN does. */
function regionIn(values: JsonObject): string | null {
  if (typeof values['region'] === 'string' && values['region'] !== '') return values['region'];
  return typeof values['arn'] === 'string' ? (regionOfArn(values['arn']) ?? null) : null;
}

/** Tells what the target's state or record holds under the same name. */
function ownNames(
  state: StateModel | null,
  recorded: readonly RecordedResource[],
  types: ResourceTypeTable,
): (type: string, identity: KnownIdentity) => boolean {
  const keys = new Set<string>();
  for (const { mode, type, values } of state?.resources ?? []) {
    const identity = identityOf(type, values, types);
    if (mode === 'managed' && identity.kind === 'known') keys.add(identity.key);
  }
  const texts = new Set(recorded.map(({ type, identity }) => `${type} ${identity ?? ''}`));
  return (type, { key, text }) => keys.has(key) || texts.has(`${type} ${text}`);
}

function presenceOf(answer: NameAnswer): AskedPresence {
  if (answer.state !== 'taken') return answer;
  const { item, condition, detail } = answer;
  const { owner, madeFor } = ownerOf(item);
  return {
    state: 'taken',
    condition,
    ...(detail === undefined ? {} : { detail }),
    ...(owner === undefined ? {} : { owner }),
    ...(madeFor === undefined ? {} : { madeFor }),
  };
}

/** Tags by which teams say whose a thing is, in whatever case. */
const ownerTag =
  /^(?:environment|env|stage|managed-?_?by|owner|team|project|service|application|app|stack|workspace|aws:cloudformation:stack-name)$/i;

const kinds: Readonly<Record<string, string>> = {
  aws_lambda_function: 'Lambda function',
  aws_rds_cluster: 'database cluster',
  aws_db_instance: 'database',
  aws_db_proxy: 'database proxy',
  aws_codebuild_project: 'CodeBuild project',
  aws_sfn_state_machine: 'state machine',
};

/** Whose something is, as far as it says so itself. */
function ownerOf(item: FoundItem): { readonly owner?: string; readonly madeFor?: string } {
  const tags = Object.entries(item.tags ?? {});
  const mark = item.tags?.[ownershipTag];
  const words = tags.filter(([key]) => ownerTag.test(key)).map(([key, value]) => `${key} = ${value}`);
  const [parent] = parentsOf(item)[0] ?? [];
  const isLogGroup = item.type === 'aws_cloudwatch_log_group' && parent !== undefined;
  const madeFor = isLogGroup
    ? `${kinds[parent.types[0] ?? ''] ?? parent.types[0] ?? 'thing'} ${parent.name}`
    : undefined;
  const clauses = [
    ...(mark === undefined ? [] : [`its ownership tag says ${mark}`]),
    ...(words.length === 0 ? [] : [`its tags say ${words.join(', ')}`]),
    ...(madeFor === undefined ? [] : [`it is the log group of the ${madeFor}`]),
    ...(item.createdAt === undefined ? [] : [`made on ${item.createdAt.slice(0, 10)}`]),
  ];
  return {
    ...(clauses.length === 0 ? {} : { owner: clauses.join(', ') }),
    ...(madeFor === undefined ? {} : { madeFor }),
  };
}
