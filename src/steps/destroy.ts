/**
 * Takes an environment away. Everything is judged, planned, shown and agreed before the first change; then webhooks,
 * what is shared, Terraform's resources, what only the record knows; and nothing that leads back to the environment is
 * deleted before the account was asked for all of it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckedPresence } from '../aws/check.ts';
import { toItem } from '../aws/check.ts';
import { indexThings } from '../ownership/same-thing.ts';
import { isTakenOver } from '../ownership/belongings.ts';
import { ownershipRule } from '../ownership/judge.ts';
import type { OwnershipFinding } from '../ownership/model.ts';
import { withOrigins, withPlanned } from '../ownership/recorded.ts';
import { regionOfArn } from '../sweep/known.ts';
import type { Found, SweepReceipt, SweepThing } from '../sweep/receipt.ts';
import { removeState } from '../terraform/remove-state.ts';
import { ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { Evidence } from '../transfer/evidence.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';
import { askPresence, mayBeThere } from './ask-presence.ts';
import { agreeToDestroy } from './destroy-agree.ts';
import { absenceEvidence, isLeft, lookUntilGone, releaseEvidence } from './destroy-look.ts';
import {
  acceptedFindings,
  acceptedIn,
  type DestroyPlan,
  type PreparedDestroy,
  prepareDestroy,
} from './destroy-prepare.ts';
import { createProgress, type DestroyProgress } from './destroy-progress.ts';
import { planRemoval } from './destroy-terraform.ts';
import { sleepToolsOf, wakeDatabases } from './sleep-databases.ts';
import { lookForLeavings } from './sweep-account.ts';
import { createSweepJournal } from './sweep-journal.ts';
import { removeThings } from './sweep-remove.ts';
import { type ReleasedWebhook, releaseWebhooks } from './webhooks.ts';

export { type DestroyPlan, planDestroy, refuseProtected } from './destroy-prepare.ts';

export interface DestroyResult {
  readonly plan: DestroyPlan;
  readonly destroyed: readonly string[];
  /** What is still there, or may be: the record stays as long as there is any. */
  readonly left: readonly CheckedPresence[];
  readonly looked: number;
  /** Types that no adapter knows: Terraform deleted them, and nobody else was asked. */
  readonly notAsked: number;
  readonly clean: boolean;
  /** What became of the webhooks; some services let only a person take them away. */
  readonly webhooks: readonly ReleasedWebhook[];
  /** What services left behind; `null` where it was not looked for. */
  readonly sweep: SweepReceipt | null;
  /** Where something of it may be, and nobody could look: the record stays. */
  readonly unlooked: readonly Unlooked[];
  /** What it was to have, and neither its state nor its record lists: nobody can say that it is not its. */
  readonly untraced: readonly Found[];
  /** One item per resource that was looked for. */
  readonly evidence: readonly Evidence[];
}

export interface Unlooked {
  /** A type of resource and its region, or the account. */
  readonly what: string;
  readonly reason: string;
  /** For `--accept state-own:<subject>`; `null` where nobody can say yes to it. */
  readonly subject: string | null;
}

/**
 * @param record the mark that says that this tool made it
 * @throws ProvisionError `protected-environment`, `blocked`, `declined`, `needs-person` where nothing was changed;
 *   `destroy-failed`, `interrupted` half-way
 */
export async function destroy(context: TransferContext, record: EnvironmentRecord): Promise<DestroyResult> {
  const progress = createProgress(context, record.name);
  let prepared: PreparedDestroy | undefined;
  try {
    prepared = await prepareDestroy(context, record);
    const accepted = await planRemoval(context, prepared, 'nothing');
    const plan = { ...prepared.plan, accepted: [...prepared.plan.accepted, ...accepted] };
    context.host.notify({ type: 'proposal', step: 'destroy', output: plan });
    await agreeToDestroy(context, plan);
    context.signal.throwIfAborted();
    return await takeAway(context, record, { ...prepared, plan }, progress);
  } catch (error) {
    throw progress.explained(error);
  } finally {
    prepared?.close();
  }
}

async function takeAway(
  context: TransferContext,
  earlier: EnvironmentRecord,
  prepared: PreparedDestroy,
  progress: DestroyProgress,
): Promise<DestroyResult> {
  const { store, clock, host, signal } = context;
  const { plan, belongings, ask } = prepared;
  const kept = indexThings(
    [...belongings.keeps, ...belongings.othersLost].map(({ resource }) => [resource, true] as const),
  );
  // What nobody wrote down is written down before it goes, and what is another's was never ours.
  const looked = withPlanned(earlier.resources, belongings.destroys).filter(
    (thing) => kept.find(thing) === undefined,
  );
  // Whoever comes later has to know of them: of the one to ask for it again, of the other never to take it away.
  const stays = [
    ...prepared.elsewhere,
    ...withOrigins(earlier.resources, earlier.accepted).filter(isTakenOver),
  ];
  let record: EnvironmentRecord = {
    ...earlier,
    status: 'destroying',
    updated: clock.now().toISOString(),
    accepted: [...earlier.accepted, ...plan.accepted],
    resources: [...looked, ...stays],
  };
  progress.begin();
  await store.writeRecord(record);
  await forgetKept(context, prepared, progress);
  const webhooks =
    (record.channels ?? []).length === 0
      ? []
      : await progress.doing('webhooks', () => releaseWebhooks(context, record));
  await startStopped(context, record);
  const destroyed = await destroyAll(context, prepared, progress);
  await removeRest(context, prepared, progress);

  host.notify({ type: 'waiting', what: `asking the account about ${looked.length} resources` });
  const deleted = new Set(destroyed);
  const checked = await lookUntilGone(looked, { ask, clock, signal, deleted });
  const goneOnWord = (thing: RecordedResource): boolean =>
    checked.some(
      ({ resource, presence }) =>
        resource.address === thing.address && presence.state === 'not-asked' && deleted.has(resource.address),
    );
  const overruled = new Set(plan.accepted.map(({ subject }) => subject));
  const elsewhere = await askPresence(prepared.elsewhere, ask);
  const left = [
    ...checked.filter(
      (item) =>
        isLeft(item, { deleted }) &&
        !(item.presence.state === 'not-asked' && overruled.has(item.resource.address)),
    ),
    ...elsewhere.filter(({ presence }) => mayBeThere(presence)),
  ];
  // Terraform's word is all there is on these: whoever goes on must not ask for them again.
  record = { ...record, resources: [...looked.filter((thing) => !goneOnWord(thing)), ...stays] };
  await store.writeRecord(record);
  const receipt = {
    plan,
    destroyed,
    left,
    looked: looked.length + elsewhere.length,
    webhooks,
    notAsked: checked.filter(
      ({ resource, presence }) => presence.state === 'not-asked' && deleted.has(resource.address),
    ).length,
    evidence: [
      ...[...checked, ...elsewhere].map((item) => absenceEvidence(item, { clock, deleted })),
      ...webhooks.map((item) => releaseEvidence(item, clock)),
    ],
  };
  if (left.length > 0) return { ...receipt, untraced: [], unlooked: [], clean: false, sweep: null };
  return { ...receipt, ...(await removeTraces(context, record, prepared, progress)) };
}

/** Of what the sweep found, what is the environment's by its record or its tag. What services made is told only. */
const ourLeavings = ({ left }: SweepReceipt): readonly Found[] =>
  left.filter(({ verdict }) => verdict === 'ours');

/**
 * In no state and not among the resources of the record, and yet what the environment was to have: a record that lost
 * a line, or was edited, is not taken for an environment that never had the thing.
 */
function untracedIn(
  { suspected }: SweepReceipt,
  { mapping = [] }: EnvironmentRecord,
  accepted: (subject: string) => boolean,
): readonly Found[] {
  const wanted = new Set(
    mapping.flatMap(({ kind, type, target }) =>
      kind === 'resource' && target !== null ? [`${type} ${target}`] : [],
    ),
  );
  return suspected.filter(
    ({ type, id, name, state }) =>
      state === 'found' && [id, name].some((each) => wanted.has(`${type} ${each}`)) && !accepted(id),
  );
}

/**
 * A kind of thing that cannot be listed matters where the environment has or was to have one: of a role that may list
 * nothing else, the rest tells nothing.
 */
function unlookedIn(
  look: SweepReceipt | { readonly failed: string } | null,
  { resources, mapping = [] }: EnvironmentRecord,
): readonly Unlooked[] {
  if (look === null) return [];
  if ('failed' in look) return [{ what: 'the account', reason: look.failed, subject: null }];
  const its = new Set([...resources, ...mapping].map(({ type }) => type));
  return look.unreadable.flatMap(({ type, region, reason }) =>
    its.has(type) ? [{ what: `${type} in ${region}`, reason, subject: type }] : [],
  );
}

const passedOver = ({ what, reason, subject }: Unlooked): OwnershipFinding => ({
  rule: ownershipRule,
  severity: 'error',
  subject: subject ?? what,
  message: `${what} could not be looked at: ${reason}`,
  hint: '',
  overrulable: true,
});

/** What is shared or another's leaves the state, and what is left in it is planned anew. */
async function forgetKept(
  context: TransferContext,
  prepared: PreparedDestroy,
  progress: DestroyProgress,
): Promise<void> {
  const addresses = prepared.belongings.keeps.map(({ resource }) => resource.address);
  if (addresses.length === 0) return;
  await progress.doing('forget-shared', () => context.workspace.forget(addresses));
  await planRemoval(context, prepared, 'what-is-kept');
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

async function destroyAll(
  context: TransferContext,
  { plan, belongings }: PreparedDestroy,
  progress: DestroyProgress,
): Promise<readonly string[]> {
  if (belongings.destroys.length === 0) return [];
  return progress.doing('destroy', async () => {
    const { ok, applied, failed, interrupted } = await context.workspace.apply();
    progress.destroyed(applied.length, belongings.destroys.length);
    if (ok) return applied;
    if (interrupted) context.signal.throwIfAborted();
    const [first] = failed;
    throw new ProvisionError(
      'destroy-failed',
      `Destroying ${plan.environment} stopped half-way${first ? `: ${first.address === '' ? '' : `${first.address}: `}${first.message}` : ''}.`,
      {
        hint: 'Mend what Terraform complained about.',
      },
    );
  });
}

/** What an apply made whose state was lost: the way of a sweep. What stays is told by the look that follows. */
async function removeRest(
  { store, clock, host, signal }: TransferContext,
  { plan, removes, ask }: PreparedDestroy,
  progress: DestroyProgress,
): Promise<void> {
  if (removes.length === 0) return;
  const things = removes.map((resource): SweepThing => ({
    item: toItem(resource),
    region: regionOfArn(resource.arn) ?? ask.region,
    verdict: 'ours',
    reason: `in its record: ${resource.address}`,
  }));
  await progress.doing('remove-unlisted', () =>
    removeThings(things, {
      clientsFor: ask.clientsFor,
      clock,
      host,
      signal,
      journal: createSweepJournal(store, plan.environment, clock),
    }),
  );
}

/** Secrets, state, files and record: all that led to it. */
async function removeTraces(
  context: TransferContext,
  record: EnvironmentRecord,
  { own, lineage }: PreparedDestroy,
  progress: DestroyProgress,
): Promise<Pick<DestroyResult, 'clean' | 'sweep' | 'unlooked' | 'untraced'>> {
  const { store, project, target, signal, clock } = context;
  if (own.secrets)
    await progress.doing('secrets', async () => (await context.secrets()).remove(record.secrets));
  // Put aside and not thrown away: without it nobody knows later what its log groups and snapshots were called.
  const retired: EnvironmentRecord = {
    ...record,
    status: 'destroyed',
    updated: clock.now().toISOString(),
  };
  const look = await lookForLeavings(context, retired);
  const sweep = look === null || 'failed' in look ? null : look;
  const accepted = acceptedIn(context);
  const untraced = sweep === null ? [] : untracedIn(sweep, record, accepted);
  const unseen = unlookedIn(look, record);
  const unlooked = unseen.filter(({ subject }) => subject === null || !accepted(subject));
  const ours = sweep === null ? [] : ourLeavings(sweep);
  const clean = ours.length + untraced.length + unlooked.length === 0;
  if (!clean) return { clean, sweep, unlooked, untraced };
  await progress.doing('state', () => removeState(target.backend, { signal, lineage }));
  await progress.doing('files', async () => {
    for (const file of own.files) await rm(file, { force: true });
    await rm(join(project.root, '.provision-env', 'data', record.name), { recursive: true, force: true });
  });
  const agreed = acceptedFindings(context, unseen.map(passedOver));
  await store.retireRecord({ ...retired, accepted: [...retired.accepted, ...agreed] });
  // By now it is gone, and known to be: a journal that says so as well does no harm.
  await store.removeJournal(record.name).catch((thrown: unknown) => {
    const text = `The journal of ${record.name} stays: ${toProvisionError(thrown).message}`;
    context.host.notify({ type: 'note', level: 'warning', text });
  });
  return { clean, sweep, unlooked, untraced };
}
