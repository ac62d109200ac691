/**
 * Takes an environment away: shows first, asks for its name, keeps what is shared, destroys, deletes the state, the
 * var-file and the data folder, and asks the account whether anything is left.
 */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Presence } from '../aws/adapter.ts';
import { checkResources, type CheckedPresence } from '../aws/check.ts';
import { isProtected } from '../environment/names.ts';
import { createSharedMatcher } from '../proof/counterparts.ts';
import type { StateModel, StateResource } from '../terraform/model.ts';
import { identityOf } from '../terraform/types/identity.ts';
import { removeState } from '../terraform/remove-state.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { Evidence } from '../transfer/evidence.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import type { SweepReceipt } from '../sweep/receipt.ts';
import type { TransferContext } from './context.ts';
import { withStandIns } from './planned-secrets.ts';
import { sleepToolsOf, wakeDatabases } from './sleep-databases.ts';
import { lookForLeavings } from './sweep-account.ts';
import { requireOwnPlace } from './target-place.ts';
import { type ReleasedWebhook, releaseWebhooks } from './webhooks.ts';

/** What will happen, shown before it is asked about. */
export interface DestroyPlan {
  readonly environment: string;
  readonly destroys: readonly { readonly address: string; readonly type: string; readonly name: string }[];
  /** Taken out of the state first and left as they are. */
  readonly keeps: readonly { readonly address: string; readonly reason: string }[];
  readonly files: readonly string[];
  readonly state: string;
  /** Webhooks of chat channels that point to the environment. */
  readonly webhooks: readonly { readonly kind: string; readonly url: string }[];
}

export interface DestroyResult {
  readonly plan: DestroyPlan;
  readonly destroyed: readonly string[];
  /** What the account says of every resource of the record afterwards. */
  readonly left: readonly CheckedPresence[];
  readonly looked: number;
  /** Types that no adapter knows: Terraform deleted them, and nobody else was asked. */
  readonly notAsked: number;
  readonly clean: boolean;
  /** What became of the webhooks; some services let only a person take them away. */
  readonly webhooks: readonly ReleasedWebhook[];
  /** What services left behind; `null` where it was not looked for. */
  readonly sweep: SweepReceipt | null;
  /** One item per resource that was looked for. */
  readonly evidence: readonly Evidence[];
}

/**
 * What `destroy` would do. Reads the state and changes nothing.
 *
 * @throws ProvisionError `protected-environment`, or what reading the state calls for
 */
export async function planDestroy(context: TransferContext, record: EnvironmentRecord): Promise<DestroyPlan> {
  refuseProtected(record.name, context.config);
  await requireOwnPlace(context, record);
  const state = await context.workspace.state();
  const managed = (state?.resources ?? []).filter(({ mode }) => mode === 'managed');
  const keeps = await shared(context, managed);
  const kept = new Set(keeps.map(({ address }) => address));
  return {
    environment: record.name,
    destroys: managed
      .filter(({ address }) => !kept.has(address))
      .map(({ address, type, values }) => {
        const identity = identityOf(type, values, context.types);
        return {
          address,
          type,
          name: identity.kind === 'known' ? identity.text : idOf(values),
        };
      }),
    keeps,
    files: ownFiles(record),
    state: record.state,
    webhooks: (record.channels ?? []).flatMap(({ kind, webhookUrl, sharedWith }) =>
      webhookUrl === null || sharedWith !== null ? [] : [{ kind, url: webhookUrl }],
    ),
  };
}

/**
 * @param record the mark that says that this tool made it
 * @throws ProvisionError `protected-environment`, `declined`, `needs-person`, `destroy-failed`
 */
export async function destroy(context: TransferContext, record: EnvironmentRecord): Promise<DestroyResult> {
  const { host, workspace, project, store } = context;
  const plan = await planDestroy(context, record);
  const { keeps, files } = plan;
  const kept = new Set(keeps.map(({ address }) => address));
  host.notify({ type: 'proposal', step: 'destroy', output: plan });
  const agreed = await host.ask({
    kind: 'type-name',
    id: 'destroy',
    name: record.name,
    text: `This destroys ${plan.destroys.length} resources for good. Type ${record.name} to go on.`,
  });
  if (!agreed) throw new ProvisionError('declined', `The name was not typed; ${record.name} is still there.`);
  context.signal.throwIfAborted();

  await store.writeRecord({ ...record, status: 'destroying', updated: context.clock.now().toISOString() });
  // First of all: nothing is sent any more to what is about to go, and the credentials are still there.
  await context.journal({ step: 'destroy', name: 'webhooks', phase: 'begin' });
  const webhooks = await releaseWebhooks(context, record);
  await context.journal({ step: 'destroy', name: 'webhooks', phase: 'end' });
  await startStopped(context, record);
  await context.journal({ step: 'destroy', name: 'forget-shared', phase: 'begin' });
  await workspace.forget(keeps.map(({ address }) => address));
  await context.journal({ step: 'destroy', name: 'destroy', phase: 'begin' });
  const result = await destroyAll(context, plan.destroys.length);
  if (!result.ok) {
    await context.journal({ step: 'destroy', name: 'destroy', phase: 'fail' });
    throw new ProvisionError('destroy-failed', failureText(record.name, result.failed), {
      hint: `Mend what Terraform complained about, then run provision-env destroy ${record.name} again: it goes on with what is left.`,
    });
  }
  await context.journal({ step: 'destroy', name: 'destroy', phase: 'end' });

  const looked = record.resources.filter(({ address }) => !kept.has(address));
  host.notify({ type: 'waiting', what: `asking the account about ${looked.length} resources` });
  const checked = await askUntilGone(context, looked);
  const left = checked.filter(({ presence }) => stillThere(presence));
  const receipt = {
    plan,
    destroyed: result.applied,
    left,
    looked: looked.length,
    webhooks,
    notAsked: checked.filter(({ presence }) => presence.state === 'not-asked').length,
    evidence: [
      ...checked.map((item) => absenceEvidence(item, context)),
      ...webhooks.map((item) => releaseEvidence(item, context)),
    ],
  };
  if (left.length > 0) return { ...receipt, clean: false, sweep: null };

  if (await (await context.secrets()).remove(record.secrets)) {
    await context.journal({ step: 'destroy', name: 'secrets', phase: 'end' });
  }
  await removeState(context.target.backend, { signal: context.signal });
  for (const file of files) await rm(resolve(project.root, file), { force: true });
  await rm(join(project.root, '.provision-env', 'data', record.name), { recursive: true, force: true });
  // Put aside and not thrown away: without it nobody knows later what its log groups and snapshots were called.
  const retired: EnvironmentRecord = {
    ...record,
    resources: looked,
    status: 'destroyed',
    updated: context.clock.now().toISOString(),
  };
  const sweep = await lookForLeavings(context, retired);
  await store.retireRecord(retired);
  await store.removeJournal(record.name);
  return { ...receipt, clean: true, sweep };
}

/** What is stopped refuses most of what a removal takes. Where it cannot be started, Terraform says what is wrong. */
async function startStopped(context: TransferContext, { name, asleep }: EnvironmentRecord): Promise<void> {
  if (asleep === undefined) return;
  const reports = await wakeDatabases(name, asleep, sleepToolsOf(context), ({ way }) => way === 'stop');
  for (const { outcome, address, detail } of reports) {
    if (outcome === 'failed') {
      context.host.notify({
        type: 'note',
        level: 'warning',
        text: `${address} could not be started before it is destroyed: ${detail}`,
      });
    }
  }
}

/** What is being deleted is on its way out; a secret may wait out its recovery window for weeks. */
const leaving = (presence: Presence): boolean =>
  presence.state === 'present' && presence.condition === 'leaving';

const stillThere = (presence: Presence): boolean =>
  presence.state === 'unreadable' || (presence.state === 'present' && !leaving(presence));

/** Some services answer for up to a minute after a deletion as if nothing had happened. */
const longestEchoMs = 60_000;

async function askUntilGone(
  context: TransferContext,
  resources: readonly RecordedResource[],
): Promise<readonly CheckedPresence[]> {
  const { clock, signal } = context;
  const clients = await context.aws();
  const end = clock.now().getTime() + longestEchoMs;
  let checked = await checkResources(resources, clients);
  for (
    let pause = 500;
    checked.some(({ presence }) => stillThere(presence));
    pause = Math.min(pause * 2, 10_000)
  ) {
    if (clock.now().getTime() + pause > end) break;
    await clock.sleep(pause, signal);
    const again = checked.filter(({ presence }) => stillThere(presence)).map(({ resource }) => resource);
    const answers = new Map(
      (await checkResources(again, clients)).map((item) => [item.resource.address, item]),
    );
    checked = checked.map((item) => answers.get(item.resource.address) ?? item);
  }
  return checked;
}

function absenceEvidence({ resource, presence }: CheckedPresence, { clock }: TransferContext): Evidence {
  const { status, observed } = judgeAbsence(presence);
  return {
    layer: 1,
    check: 'resource-gone',
    subject: resource.address,
    status,
    observed,
    expected: 'absent',
    at: clock.now().toISOString(),
    durationMs: 0,
  };
}

function releaseEvidence({ kind, action }: ReleasedWebhook, { clock }: TransferContext): Evidence {
  return {
    layer: 1,
    check: 'webhook-released',
    subject: kind,
    status: action.state === 'by-hand' ? 'pending' : 'pass',
    observed: action.detail,
    expected: 'the channel sends nothing to this environment any more',
    at: clock.now().toISOString(),
    durationMs: 0,
  };
}

function judgeAbsence(presence: Presence): Pick<Evidence, 'status' | 'observed'> {
  switch (presence.state) {
    case 'absent':
      return { status: 'pass', observed: 'absent' };
    case 'not-applicable':
      return { status: 'pass', observed: 'nothing of it was in the cloud' };
    case 'not-asked':
      return {
        status: 'skipped',
        observed: `Terraform deleted it; the account was not asked: ${presence.reason}`,
      };
    case 'unreadable':
      return { status: 'fail', observed: `could not be read: ${presence.reason}` };
    case 'present': {
      const detail = presence.detail ?? presence.status ?? '';
      return leaving(presence)
        ? { status: 'pending', observed: `on its way out${detail === '' ? '' : `: ${detail}`}` }
        : { status: 'fail', observed: `still there${detail === '' ? '' : `: ${detail}`}` };
    }
  }
}

/** @throws ProvisionError `protected-environment` */
export function refuseProtected(name: string, config: { readonly protected: readonly string[] }): void {
  if (!isProtected(name, config)) return;
  throw new ProvisionError('protected-environment', `${name} is protected: no command destroys it.`, {
    hint: 'If it really has to go, destroy it with terraform yourself.',
  });
}

/** Two environments that own one thing is what `identity-free` prevents; where it was overruled, the source keeps it. */
async function shared(
  context: TransferContext,
  managed: readonly StateResource[],
): Promise<{ address: string; reason: string }[]> {
  const owned = new Map<string, string>();
  const remember = (name: string, state: StateModel): void => {
    for (const { mode, type, values } of state.resources) {
      const identity = identityOf(type, values, context.types);
      if (mode === 'managed' && identity.kind === 'known') owned.set(identity.key, name);
    }
  };
  remember(context.source.name, await context.sourceState());
  for (const other of context.others) {
    for (const { type, identity } of other.resources)
      if (identity !== null) owned.set(`${type} ${identity}`, other.name);
  }
  const matchShared = createSharedMatcher(context.config.shared, context.types);
  return managed.flatMap((resource) => {
    const { address, type, values } = resource;
    const entry = matchShared(resource);
    if (entry !== undefined) return [{ address, reason: `declared shared in the configuration: ${entry}` }];
    const identity = identityOf(type, values, context.types);
    if (identity.kind !== 'known') return [];
    const owner = owned.get(identity.key) ?? owned.get(`${type} ${identity.text}`);
    return owner === undefined ? [] : [{ address, reason: `${owner} has the same one` }];
  });
}

function ownFiles(record: EnvironmentRecord): string[] {
  return [
    ...(record.varFileOurs ? [record.varFile] : []),
    ...(record.backendFileOurs && record.backendFile !== null ? [record.backendFile] : []),
  ];
}

/** Terraform wants a value for every variable, even to take everything away: stand-ins do where the real ones lack. */
async function giveSecrets(context: TransferContext): Promise<void> {
  const secrets = await context.secrets();
  const config = await secrets.preview();
  context.giveSecrets(secrets.childEnvironment(withStandIns(config.values, config.missing)));
}

async function destroyAll(
  context: TransferContext,
  count: number,
): Promise<{
  ok: boolean;
  applied: readonly string[];
  failed: readonly { address: string; message: string }[];
}> {
  if (count === 0) return { ok: true, applied: [], failed: [] };
  await giveSecrets(context);
  await context.workspace.planDestroy();
  const { ok, applied, failed } = await context.workspace.apply();
  return {
    ok,
    applied,
    failed,
  };
}

function failureText(name: string, failed: readonly { address: string; message: string }[]): string {
  const [first] = failed;
  return `Destroying ${name} stopped half-way${first ? `: ${first.address}: ${first.message}` : ''}.`;
}

const idOf = ({ id }: JsonObject): string => (typeof id === 'string' ? id : '');
