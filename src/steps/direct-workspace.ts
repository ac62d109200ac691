/**
 * The direct engine behind the same interface as Terraform's: plans from what is live, makes copies through the AWS
 * SDK, and knows what it made from the record. There is no state beside that: what there is, the account says.
 */
import pLimit from 'p-limit';
import { adapterOf } from '../aws/registry.ts';
import { mapBounded } from '../aws/bounded.ts';
import { checkResources, toChecked } from '../aws/check.ts';
import type { CheckedResource } from '../aws/adapter.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describerOf } from '../aws/describe/index.ts';
import { awsError } from '../aws/errors.ts';
import { type Begun, begunCreations, madeSince } from '../direct/begun.ts';
import { type Identifier, identifierAt, identifiersOf, searchFor } from '../direct/identifiers.ts';
import { type LiveResource, liveState, stateValues } from '../direct/live-state.ts';
import { dependenciesOf } from '../direct/order.ts';
import { directPlan } from '../direct/plan.ts';
import { rewriteValues, type RewriteFacts } from '../direct/rewrite.ts';
import type { Rename } from '../environment/rename.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';
import { ownershipTag } from '../sweep/classify.ts';
import type { PlanModel, StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { identityOf } from '../terraform/types/identity.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import type { HeldStore, JournalRow } from '../transfer/store.ts';
import { findMade } from './direct-adopt.ts';
import { createCopies } from './direct-create.ts';
import { isPart, orderFacts, withoutLeft } from './direct-order.ts';
import { outlooksOf } from './direct-outlook.ts';
import { removeCopies } from './direct-remove.ts';
import type { Applied, Workspace } from './workspace.ts';

export type SecretOf = RewriteFacts['secret'];

export interface DirectOptions {
  readonly target: string;
  readonly rename: Rename;
  readonly types: ResourceTypeTable;
  readonly store: HeldStore;
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** All of the source: what is live and managed by nothing else, and what Terraform manages. */
  source(): Promise<StateModel>;
  /** Terraform's workspace, where it manages a part; what it makes is there before. */
  readonly managed: Workspace | null;
  /** True for what all environments share by declaration. */
  isShared(resource: StateResource): boolean;
  aws(): Promise<AwsClients>;
  /** The target's values of functions' variables, by the secrets as they were given last. */
  secrets(): Promise<SecretOf>;
  /** The password that the target's functions have for its database; `null` if none is known. */
  databasePassword(): string | null;
  readonly journal: (row: Pick<JournalRow, 'name' | 'phase' | 'output' | 'error'>) => Promise<void>;
  readonly redact: (text: string) => string;
}

interface Draft {
  readonly plan: PlanModel;
  readonly cloned: readonly StateResource[];
  readonly facts: RewriteFacts;
  readonly actual: Map<string, string>;
  readonly identifiers: readonly Identifier[];
}

/** How long after its creation a thing may not be seen by every reader (ms), and how long each further look waits. */
const longestUnseenMs = 60_000;
const secondLooks = [1_000, 2_000, 4_000, 8_000];

export function createDirectWorkspace(options: DirectOptions): Workspace {
  const { target, types, store } = options;
  let drafted: Promise<Draft> | undefined;
  let removing: readonly RecordedResource[] | null = null;
  const tags = { [ownershipTag]: target };

  const recorded = async (): Promise<EnvironmentRecord | null> => store.readRecord(target);
  const own = async (): Promise<readonly RecordedResource[]> =>
    ((await recorded())?.resources ?? []).filter(({ address }) => isLiveAddress(address));

  const state = async (): Promise<StateModel | null> => {
    const resources = await own();
    if (resources.length === 0) return null;
    const clients = await options.aws();
    const { clock, signal } = options;
    const made = madeSince(await store.readJournal(target), clock.now().getTime() - longestUnseenMs);
    let live = await describeRecorded(resources, clients, types);
    for (const pause of secondLooks) {
      const there = new Set(live.map(({ address }) => address));
      // What was made a moment ago and is not seen would be made again.
      if (!resources.some(({ address }) => made.has(address) && !there.has(address))) break;
      await clock.sleep(pause, signal);
      live = await describeRecorded(resources, clients, types);
    }
    return liveState(live, { lineage: `direct:${target}`, types, rename: options.rename, mayBeSecret });
  };

  const draft = async (): Promise<Draft> => {
    const [source, existing, secret] = await Promise.all([options.source(), state(), options.secrets()]);
    const outlooks = outlooksOf(source.resources, options);
    const cloned = source.resources.filter(({ address }) => outlooks.get(address)?.refused === null);
    const terraform = options.managed === null ? [] : (await options.managed.plan()).changes;
    const addresses = new Set([...cloned, ...terraform].map(({ address }) => address));
    const identifiers = identifiersOf(source.resources, options.rename, isPart);
    const actual = actualOf(identifiers, existing);
    const facts: RewriteFacts = {
      rename: options.rename,
      search: searchFor(identifiers),
      isCloned: (address) => addresses.has(address),
      actual,
      secret,
    };
    return { plan: directPlan({ cloned, existing, facts, tags }), cloned, facts, actual, identifiers };
  };
  const current = (): Promise<Draft> => (drafted ??= draft());

  /** One writer at a time: creations run side by side. */
  const oneWriter = pLimit(1);
  const change = (
    edit: (resources: readonly RecordedResource[]) => readonly RecordedResource[],
  ): Promise<void> =>
    oneWriter(async () => {
      const record = await recorded();
      if (record === null) throw new ProvisionError('unexpected', `There is no record of ${target}.`);
      await store.writeRecord({ ...record, resources: edit(record.resources) });
    });

  const begun = async (): Promise<ReadonlyMap<string, Begun>> =>
    begunCreations(await store.readJournal(target));

  const create = async (): Promise<Applied> => {
    const { plan, cloned, facts, actual, identifiers } = await current();
    const wanted = new Set(
      plan.changes.filter(({ action }) => action === 'create').map(({ address }) => address),
    );
    const clients = await options.aws();
    // By now Terraform has made its part.
    const managed = (await options.managed?.state()) ?? null;
    for (const [text, value] of actualOf(identifiers, managed)) actual.set(text, value);
    const open = await begun();
    const dependencies = dependenciesOf(cloned.map(withoutLeft), facts.search, orderFacts);
    return createCopies({
      clients,
      host: options.host,
      signal: options.signal,
      sources: new Map(
        cloned.filter(({ address }) => wanted.has(address)).map((resource) => [resource.address, resource]),
      ),
      dependencies,
      actual,
      valuesFor({ address, type, values }, own = new Map()) {
        const known = { ...facts, actual: new Map([...actual, ...own]) };
        const rewritten = rewriteValues(address, values, tags, known);
        const password = passwordAttribute[type];
        const given = password === undefined ? null : options.databasePassword();
        if (password === undefined || given === null) return rewritten;
        return { ...rewritten, values: { ...rewritten.values, [password]: given } };
      },
      async findOurs({ address, type }, values) {
        const creation = open.get(address);
        if (creation === undefined) return null;
        const partOf = adapterOf(type)?.partOf ?? null;
        const there = await own();
        const { clock, signal } = options;
        return findMade({
          environment: target,
          type,
          values,
          parents: there.filter((resource) => resource.type === partOf),
          recorded: there.flatMap((each) => (each.type === type ? (each.id ?? []) : [])),
          begun: creation,
          clients,
          clock,
          signal,
        });
      },
      async remember(source, { id, values: known }, values) {
        const resource = { ...source, values: { ...values, ...known, id } };
        const identity = identityOf(source.type, resource.values, types);
        const entry = toChecked(resource, identity.kind === 'known' ? identity.text : null);
        await change((resources) => [
          ...resources.filter(({ address }) => address !== source.address),
          entry,
        ]);
      },
      journal: options.journal,
      redact: options.redact,
    });
  };

  const removal = async (): Promise<readonly RecordedResource[]> => {
    // As Terraform does: what is not there any more is not planned.
    const there = new Set((await state())?.resources.map(({ address }) => address));
    return (await own()).filter(({ address }) => there.has(address));
  };

  return {
    init: () => Promise.resolve(),
    plan: async () => (await current()).plan,
    replan() {
      drafted = undefined;
      return this.plan();
    },
    apply: async () => (removing === null ? create() : removeCopies(removing, await options.aws(), options)),
    async planDestroy() {
      removing = await removal();
      return removalPlan(removing);
    },
    state,
    begun: async () => new Set((await begun()).keys()),
    async forget(addresses) {
      if (addresses.length === 0) return;
      const kept = new Set(addresses);
      await change((resources) => resources.filter(({ address }) => !kept.has(address)));
    },
    // What was begun is found again when it is made again.
    adopt: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Nobody can read the password of a database: that of the copy is among the target's secrets. */
const passwordAttribute: Readonly<Record<string, string>> = {
  aws_rds_cluster: 'master_password',
  aws_db_instance: 'password',
};

function removalPlan(resources: readonly RecordedResource[]): PlanModel {
  return {
    terraformVersion: '',
    changes: resources.map((resource) => ({
      address: resource.address,
      mode: 'managed',
      type: resource.type,
      name: resource.address,
      modulePath: '',
      action: 'delete',
      before: valuesOf(resource),
      after: null,
      afterUnknown: {},
      afterSensitive: {},
    })),
    dataSources: [],
    variables: {},
    outputChanges: {},
  };
}

/** What the target has of what the source's identifiers stand for. */
function actualOf(identifiers: readonly Identifier[], existing: StateModel | null): Map<string, string> {
  const there = new Map((existing?.resources ?? []).map(({ address, values }) => [address, values]));
  return new Map(
    identifiers.flatMap(({ text, address, attribute }): [string, string][] => {
      const value = identifierAt(there.get(address) ?? {}, attribute);
      return value === null ? [] : [[text, value]];
    }),
  );
}

const atOnce = 8;

/** @throws ProvisionError where something cannot be read: a part that is missing would be made again */
async function describeRecorded(
  resources: readonly RecordedResource[],
  clients: AwsClients,
  types: ResourceTypeTable,
): Promise<readonly LiveResource[]> {
  const wholes = resources.filter(({ type }) => describerOf(type) !== null);
  const described = await mapBounded(wholes, atOnce, async (resource) => {
    const found = await describerOf(resource.type)
      ?.describe(resource, clients)
      .catch((error: unknown) => {
        throw awsError(error, `describing ${resource.address}`);
      });
    if (found === undefined || found.state === 'absent') return [];
    if (found.state === 'described') return found.resources;
    throw new ProvisionError('access-denied', `${resource.address} cannot be read: ${found.reason}`, {
      hint:
        found.permission === undefined
          ? 'Try again.'
          : `Allow ${found.permission} for the identity that runs provision-env.`,
    });
  });
  // Parts of two things may have one id: what tells them apart is the whole identity.
  const addresses = new Map(
    resources.map(({ type, id, identity, address }) => [`${type} ${identity ?? id ?? ''}`, address]),
  );
  const found = described.flat().flatMap((each) => {
    const address = addresses.get(`${each.type} ${nameIn(each, types)}`);
    return address === undefined ? [] : [{ ...each, address }];
  });
  const seen = new Set(found.map(({ address }) => address));
  const rest = resources.filter(({ address }) => !seen.has(address));
  // What no description shows, the account is asked for by itself.
  const checked = await checkResources(rest, clients);
  return [
    ...found,
    ...checked.flatMap(({ resource, presence }) =>
      presence.state === 'absent'
        ? []
        : [
            {
              type: resource.type,
              id: resource.id ?? '',
              values: valuesOf(resource),
              address: resource.address,
            },
          ],
    ),
  ];
}

/** As the record has it. */
function nameIn(resource: LiveResource, types: ResourceTypeTable): string {
  const identity = identityOf(resource.type, stateValues(resource, types), types);
  return identity.kind === 'known' ? identity.text : resource.id;
}

const valuesOf = ({ id, arn, attributes }: CheckedResource): Record<string, string | null> => ({
  id,
  arn,
  ...attributes,
});
