/** Asks the account about recorded resources, side by side and bounded. */
import type { StateResource } from '../terraform/model.ts';
import { localTypes } from '../terraform/types/local.ts';
import { once } from '../transfer/once.ts';
import { placeOfArn } from '../transfer/place.ts';
import type { RecordedResource } from '../transfer/record.ts';
import type { CheckedResource, FoundItem, Presence } from './adapter.ts';
import { mapBounded } from './bounded.ts';
import type { AwsClients } from './clients.ts';
import { awsError } from './errors.ts';
import { adapterOf } from './registry.ts';

export interface CheckedPresence {
  readonly resource: CheckedResource;
  readonly presence: Presence;
}

/** How many are asked about at once: below where AWS throttles what a person's own tools need too. */
const atOnce = 16;

/**
 * Never throws for one resource: what cannot be read is `unreadable`.
 *
 * @throws ProvisionError where nothing could be read at all: no or expired credentials, no region, an interrupt.
 */
export async function checkResources(
  resources: readonly CheckedResource[],
  clients: AwsClients,
  onChecked?: (checked: CheckedPresence) => void,
): Promise<CheckedPresence[]> {
  const ours = once(() => accountOf(clients));
  return mapBounded(resources, atOnce, async (resource) => {
    const presence = (await elsewhere(resource, ours)) ?? (await checkOne(resource, clients));
    const checked = { resource, presence };
    onChecked?.(checked);
    return checked;
  });
}

/** `null` where it cannot be told. */
async function accountOf(clients: AwsClients): Promise<string | null> {
  try {
    return (await clients.identity()).account;
  } catch {
    return null;
  }
}

/** What another account has is never found in ours: not to find it says nothing, and to find its name is another thing. */
async function elsewhere(
  { arn }: CheckedResource,
  ours: () => Promise<string | null>,
): Promise<Presence | null> {
  const account = placeOfArn(arn)?.account ?? null;
  if (account === null) return null;
  const asked = await ours();
  if (asked === null || asked === account) return null;
  const reason = `it lies in account ${account}, and account ${asked} is asked`;
  return { state: 'not-asked', reason, account };
}

async function checkOne(resource: CheckedResource, clients: AwsClients): Promise<Presence> {
  if (localTypes.test(resource.type)) return { state: 'not-applicable' };
  const adapter = adapterOf(resource.type);
  if (!adapter) return { state: 'not-asked', reason: `no adapter for type ${resource.type}` };
  try {
    return await adapter.check(resource, clients);
  } catch (error) {
    throw awsError(error, `looking for ${resource.address}`);
  }
}

/**
 * What an adapter needs to find the resource again: to be kept in the record, because after a destroy there is no
 * state to ask. `identity` is what the type table says; adapters go by id and ARN first.
 */
export function toChecked(
  resource: Pick<StateResource, 'address' | 'type' | 'values'>,
  identity: string | null,
): CheckedResource {
  const needs = adapterOf(resource.type)?.needs ?? [];
  const attributes = Object.fromEntries(
    needs.flatMap((name) => {
      const value = text(resource, name);
      return value === null ? [] : [[name, value]];
    }),
  );
  return {
    address: resource.address,
    type: resource.type,
    identity,
    id: text(resource, 'id'),
    arn: text(resource, 'arn'),
    ...(needs.length === 0 ? {} : { attributes }),
  };
}

/** A recorded thing in the form of a listed one. */
export function toItem({ type, id, identity, arn, attributes }: RecordedResource): FoundItem {
  const known = id ?? identity ?? '';
  return {
    type,
    id: known,
    name: identity ?? known,
    ...(arn === null ? {} : { arn }),
    ...(attributes === undefined ? {} : { attributes }),
  };
}

function text(resource: Pick<StateResource, 'values'>, name: string): string | null {
  const value = resource.values[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
