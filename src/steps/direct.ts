/** Opens the direct engine for a transfer: what it finds of the source, and the workspace that copies it. */
import type { AwsClients } from '../aws/clients.ts';
import { clonerOf } from '../aws/clone/index.ts';
import type { Config } from '../config/schema.ts';
import { liveState } from '../direct/live-state.ts';
import type { Rename } from '../environment/rename.ts';
import { createSharedMatcher } from '../proof/counterparts.ts';
import type { ClassifiedSecret } from '../secrets/classify.ts';
import { isDatabasePassword } from '../secrets/known-keys.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';
import { canonicalKey } from '../secrets/names.ts';
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { physicalName } from '../terraform/types/identity.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import type { Finding } from '../transfer/finding.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock, Host } from '../transfer/host.ts';
import { once } from '../transfer/once.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { HeldStore, JournalRow } from '../transfer/store.ts';
import { type LiveFound, recordedLive, searchLive } from './direct-live.ts';
import { notCopied, outlookFinding, outlooksOf, reasonOf } from './direct-outlook.ts';
import { createDirectWorkspace, type SecretOf } from './direct-workspace.ts';
import { mergeStates, mixedWorkspace } from './mixed-workspace.ts';
import { resourcesOf } from './recorded-resources.ts';
import type { Workspace } from './workspace.ts';

export interface OpenDirectOptions {
  readonly rename: Rename;
  readonly types: ResourceTypeTable;
  readonly config: Config;
  readonly store: HeldStore;
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly records: readonly EnvironmentRecord[];
  /** To take an environment away, nothing of its source is needed. */
  readonly sourceMayBeEmpty: boolean;
  aws(): Promise<AwsClients>;
  /** Terraform's workspace; `null` where there is no Terraform. */
  readonly managed: Workspace | null;
  /** What Terraform manages of the source, as it was when the transfer began. */
  managedState(): Promise<StateModel | null>;
  /** The target's secrets as they were given last. */
  readonly given: Readonly<Record<string, string | undefined>>;
  classified(): Promise<readonly ClassifiedSecret[]>;
  readonly journal: (row: Pick<JournalRow, 'name' | 'phase' | 'output' | 'error'>) => Promise<void>;
  readonly redact: (text: string) => string;
}

export interface DirectEngine {
  readonly workspace: Workspace;
  /** What is live of the source, as the plan is made from it; looked for once. */
  source(): Promise<StateModel>;
  /** Looks at the account anew, to see whether anybody touched the source. */
  sourceAgain(): Promise<StateModel>;
  findings(): Promise<readonly Finding[]>;
}

export function openDirect(options: OpenDirectOptions): DirectEngine {
  const { rename, types, config, records, managed } = options;
  /** What was there on an earlier look, and need not be listed on a later one. */
  let seen = recordedLive(records, rename.source);
  const search = async (): Promise<LiveFound> => {
    const [clients, state] = await Promise.all([options.aws(), options.managedState()]);
    const live = await searchLive({
      environment: rename.source,
      names: (text) => rename.namesSource(text),
      known: [
        ...records.flatMap(({ name, resources }) => (name === rename.source ? [] : resources)),
        ...resourcesOf(state),
      ],
      expected: seen,
      clients,
      clock: options.clock,
      host: options.host,
    });
    seen = live.seen;
    return live;
  };
  const first = once(search);
  const asState = ({ resources }: LiveFound): StateModel =>
    liveState(resources, { lineage: `live:${rename.source}`, types, rename, mayBeSecret });
  const isShared = createSharedMatcher(config.shared, types);
  const shared = (resource: StateResource): boolean => isShared(resource) !== undefined;
  const all = async (): Promise<StateModel> => {
    const [state, live] = await Promise.all([options.managedState(), first()]);
    return mergeStates(state, asState(live)) ?? asState(live);
  };

  const direct = createDirectWorkspace({
    target: rename.target,
    rename,
    types,
    store: options.store,
    host: options.host,
    clock: options.clock,
    signal: options.signal,
    source: all,
    managed,
    isShared: shared,
    aws: () => options.aws(),
    secrets: async () => secretOf(await options.classified(), options.given),
    databasePassword: () => databasePassword(options.given),
    journal: (row) => options.journal(row),
    redact: (text) => options.redact(text),
  });
  const someOf = (live: LiveFound): StateModel => {
    if (live.resources.length === 0) refuseNothing(live, rename.source, options);
    return asState(live);
  };
  return {
    workspace: managed === null ? direct : mixedWorkspace(managed, direct),
    source: async () => someOf(await first()),
    sourceAgain: async () => someOf(await search()),
    async findings() {
      const { unreadable, notDescribed } = await first();
      const open = notDescribed.filter(
        ({ type, name }) => !isShared({ address: '', type, values: { name, id: name } }),
      );
      const { resources } = await all();
      const outlooks = outlooksOf(resources, { rename, types, isShared: shared });
      return [
        ...unreadable.map(unreadableFinding),
        ...open.map(({ type, name }) => notCopied(`${type} ${name}`, type, name, reasonOf(type))),
        ...resources.flatMap((resource) => {
          const outlook = outlooks.get(resource.address);
          const name = physicalName(resource.type, resource.values, types) ?? resource.address;
          return outlook ? (outlookFinding(resource, name, outlook) ?? []) : [];
        }),
      ];
    },
  };
}

/** @throws ProvisionError where nothing was found and not all could be read, or nothing is there to be copied */
function refuseNothing(
  { unreadable }: LiveFound,
  source: string,
  { managed, sourceMayBeEmpty }: Pick<OpenDirectOptions, 'managed' | 'sourceMayBeEmpty'>,
): void {
  const [first] = unreadable;
  if (first !== undefined) {
    const { type, reason, permission } = first;
    const more = unreadable.length > 1 ? ` (and of ${unreadable.length - 1} other kinds)` : '';
    throw new ProvisionError(
      permission === null ? 'network-unreachable' : 'access-denied',
      `Nothing of ${source} could be read in the account: ${type}${more}: ${reason}.`,
      {
        hint:
          permission === null
            ? 'Check the network, the proxy settings and, if it is set, AWS_ENDPOINT_URL.'
            : `Allow ${permission} for the identity that runs provision-env: doctor --iam --for direct prints all that is needed.`,
      },
    );
  }
  if (managed !== null || sourceMayBeEmpty) return;
  throw new ProvisionError(
    'state-empty',
    `Nothing in the account belongs to ${source}: there is nothing to copy.`,
    {
      hint: `Things belong to ${source} by their names, or by a tag Environment. Check the account and the region of the credentials, or name another source with from=<environment>.`,
    },
  );
}

function unreadableFinding({ type, name, reason, permission }: LiveFound['unreadable'][number]): Finding {
  return {
    rule: 'contract-resources',
    severity: 'error',
    subject: name === null ? type : `${type} ${name}`,
    message: `${name ?? `Things of ${type}`} could not be read: ${reason}. Nobody knows whether the source has something there.`,
    hint:
      permission === null
        ? 'Try again; or accept the finding if the source has nothing of the kind.'
        : `Allow ${permission} for the identity that runs provision-env, or accept the finding if the source has nothing of the kind.`,
  };
}

/** What a function's variable becomes in the target. A credential of the source never stays where it is not shared. */
function secretOf(
  classified: readonly ClassifiedSecret[],
  given: Readonly<Record<string, string | undefined>>,
): SecretOf {
  const classes = new Map(classified.map(({ key, class: kind }) => [canonicalKey(key), kind]));
  return (key) => {
    const kind = classes.get(canonicalKey(key));
    if (kind === undefined && !mayBeSecret(key)) return undefined;
    const own = Object.entries(given).find(
      ([name, value]) => value !== undefined && canonicalKey(name) === canonicalKey(key),
    )?.[1];
    if (kind === 'from-output' && !mayBeSecret(key)) return undefined;
    if (own !== undefined) return { value: own };
    if (kind === 'shared') return mayBeSecret(key) ? 'keep' : undefined;
    return { value: null };
  };
}

/** By its key (`AURORA_PASSWORD`); of several databases nobody can say whose it is. */
function databasePassword(given: Readonly<Record<string, string | undefined>>): string | null {
  const values = Object.entries(given).flatMap(([key, value]) => {
    const name = canonicalKey(key);
    return value !== undefined && isDatabasePassword(name) ? [value] : [];
  });
  const [only, ...others] = new Set(values);
  return only !== undefined && others.length === 0 ? only : null;
}

/** Types of which the copy wants a password that nobody can read, unless RDS itself keeps it. */
const withPassword: ReadonlySet<string> = new Set(['aws_rds_cluster', 'aws_db_instance']);

/**
 * True where the copy of a database can only be made with a password that somebody gives.
 *
 * @param record of the target: what is made already wants none
 */
export function wantsDatabasePassword(
  state: StateModel,
  { shared }: Pick<Config, 'shared'>,
  record: EnvironmentRecord | null,
): boolean {
  const isShared = createSharedMatcher(shared, resourceTypes);
  const made = new Set(record?.resources.map(({ address }) => address));
  return state.resources.some(
    (resource) =>
      isLiveAddress(resource.address) &&
      !made.has(resource.address) &&
      withPassword.has(resource.type) &&
      resource.values['manage_master_user_password'] !== true &&
      clonerOf(resource.type)?.outlook(resource.values, resource.values).refused === null &&
      isShared(resource) === undefined,
  );
}

/** Keys of the functions' variables that may be secret, once each. */
export function secretFunctionKeys(state: StateModel): readonly string[] {
  const prefix = 'environment.0.variables.';
  const keys = state.resources
    .filter(({ address }) => isLiveAddress(address))
    .flatMap(({ sensitivePaths }) =>
      sensitivePaths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)),
    );
  return [...new Set(keys)].toSorted();
}
