/** Removes what the direct engine made, as its record has it: what uses goes before what is used. */
import { toItem } from '../aws/check.ts';
import type { AwsClients } from '../aws/clients.ts';
import { adapterOf } from '../aws/registry.ts';
import { regionOfArn } from '../sweep/known.ts';
import type { SweepThing } from '../sweep/receipt.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { RecordedResource } from '../transfer/record.ts';
import type { HeldStore } from '../transfer/store.ts';
import { createSweepJournal } from './sweep-journal.ts';
import { removeThings } from './sweep-remove.ts';
import type { Applied } from './workspace.ts';

export interface RemoveCopiesOptions {
  readonly target: string;
  readonly store: HeldStore;
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
}

/** @throws ProvisionError where nothing can be done at all: no or expired credentials */
export async function removeCopies(
  resources: readonly RecordedResource[],
  clients: AwsClients,
  { target, store, host, clock, signal, redact }: RemoveCopiesOptions,
): Promise<Applied> {
  const addresses = new Map<SweepThing, string>();
  for (const resource of resources) {
    // A part goes with the thing that it is a part of.
    if (!adapterOf(resource.type)?.whole) continue;
    const region = regionOfArn(resource.arn) ?? 'here';
    addresses.set({ item: toItem(resource), region, verdict: 'ours', reason: '' }, resource.address);
  }
  const journal = createSweepJournal(store, target, clock);
  const results = await removeThings([...addresses.keys()], {
    clientsFor: () => clients,
    clock,
    host,
    signal,
    journal,
  });
  const failed: Applied['failed'][number][] = [];
  for (const [thing, { state, detail }] of results) {
    if (state === 'removed' || state === 'pending') continue;
    const address = addresses.get(thing) ?? '';
    const message = redact(`${thing.item.type} ${thing.item.name}: ${detail ?? state}`);
    failed.push({ address, message });
  }
  const stayed = new Set(failed.map(({ address }) => address));
  return {
    ok: failed.length === 0,
    applied: resources.map(({ address }) => address).filter((address) => !stayed.has(address)),
    failed,
    unfinished: [],
    interrupted: signal.aborted,
    outputs: {},
  };
}
