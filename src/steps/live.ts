/** `--live`: the source as it is in the account, for the first two steps of a transfer. */
import { type AwsClients, regionOfClients } from '../aws/clients.ts';
import { describerOf } from '../aws/describe/index.ts';
import type { LiveInventory, SourceDrift } from '../live/model.ts';
import { stateLiesIn } from '../proof/place.ts';
import { regionOfArn } from '../sweep/known.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { RecordedResource } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';
import { findDrift } from './live-drift.ts';
import { takeInventory } from './live-inventory.ts';
import type { IdentifyOutput } from './outputs.ts';
import { regionOf } from './region.ts';
import { clientsByRegion } from './sweep-account.ts';
import { resourcesOf } from './recorded-resources.ts';

/** What could not be listed counts as not covered: an inventory with holes is never taken for a whole one. */
export function withInventory(output: IdentifyOutput, live: LiveInventory): IdentifyOutput {
  const unreadable = live.unreadable.map(({ subject, reason }) => `${subject}: ${reason}`);
  const { coverage } = output;
  return { ...output, live, coverage: { ...coverage, unreadable: [...coverage.unreadable, ...unreadable] } };
}

/** @throws ProvisionError where nothing can be read at all: no or expired credentials, no region, an interrupt */
export async function inventoryOf(context: TransferContext): Promise<LiveInventory> {
  const { clock, host, project, record, source, target, types } = context;
  const state = await context.sourceState();
  const others = new Map<string, readonly RecordedResource[]>(project.environments.map((name) => [name, []]));
  for (const { name, resources } of context.others) others.set(name, resources);
  others.set(target.name, record?.resources ?? []);
  others.delete(source.name);
  const clients = await sourceClients(context);
  const byRegion = clientsByRegion(context.signal, (options) => clients.with(options));
  try {
    const own = resourcesOf(state).flatMap(({ arn }) => regionOfArn(arn) ?? []);
    const live = await takeInventory({
      environment: source.name,
      state,
      types,
      others: [...others].map(([name, resources]) => ({ name, resources })),
      regions: [...new Set([await mainRegion(context), ...own])],
      clientsFor: byRegion.clientsFor,
      clock,
      host,
      signal: context.signal,
    });
    if (!live.complete) {
      host.notify({
        type: 'note',
        level: 'warning',
        text: `The inventory of ${source.name} is incomplete: ${live.unreadable.length} kinds of things could not be listed.`,
        hint: permissionHint(live.unreadable),
      });
    }
    return live;
  } finally {
    byRegion.close();
  }
}

/** @throws ProvisionError as `inventoryOf` */
export async function driftOf(context: TransferContext): Promise<SourceDrift> {
  const { clock, host, source, types } = context;
  host.notify({ type: 'waiting', what: `comparing ${source.name} with the account` });
  const clients = await sourceClients(context);
  const byRegion = clientsByRegion(context.signal, (options) => clients.with(options));
  try {
    const drift = await findDrift({
      state: await context.sourceState(),
      types,
      region: await mainRegion(context),
      clientsFor: byRegion.clientsFor,
      describerOf,
      clock,
      host,
    });
    if (drift.drifted.length > 0) {
      host.notify({
        type: 'note',
        level: 'warning',
        text: `${source.name} has drifted: ${drift.drifted.length} of its resources are not in the account as its state says.`,
        hint: 'A copy is made from the configuration: what was changed by hand is not in it.',
      });
    }
    if (!drift.complete) {
      host.notify({
        type: 'note',
        level: 'warning',
        text: `The comparison of ${source.name} with the account is incomplete: ${drift.unreadable.length} of its resources could not be read.`,
        hint: permissionHint(drift.unreadable),
      });
    }
    return drift;
  } finally {
    byRegion.close();
  }
}

/**
 * The clients act where the target's provider does: of a source in another account they would see nothing.
 *
 * @throws ProvisionError `place-mismatch`
 */
async function sourceClients(context: TransferContext): Promise<AwsClients> {
  const lies = stateLiesIn(await context.sourceState());
  const found = await context.place();
  const [account, other] = [lies.account, found?.facts.account ?? null];
  if (account !== null && other !== null && account !== other) {
    throw new ProvisionError(
      'place-mismatch',
      `${context.source.name} lies in account ${account}, and this run acts in ${other}: it cannot be looked at with --live.`,
      { hint: 'Leave --live out, or look at it with credentials of its own account.' },
    );
  }
  return context.aws();
}

async function mainRegion(context: TransferContext): Promise<string> {
  return regionOf(await context.sourceState()) ?? regionOfClients(await context.aws());
}

const mostNamed = 5;

function permissionHint(unreadable: LiveInventory['unreadable']): string {
  const lacking = [...new Set(unreadable.flatMap(({ permission }) => permission ?? []))].sort();
  if (lacking.length === 0) return 'Try again; the report says what could not be read, and why.';
  const more = lacking.length > mostNamed ? ` and ${lacking.length - mostNamed} more` : '';
  return `Allow ${lacking.slice(0, mostNamed).join(', ')}${more}; provision-env doctor --iam --for live prints the whole policy.`;
}
