/**
 * Where an environment lies and where a run would act: the provider's configuration, then the environment. Whatever
 * changes an environment, or says something of it, asks here first.
 */
import process from 'node:process';
import type { Actor, AwsClients, ClientOptions } from '../aws/clients.ts';
import { createClients, regionOfClients } from '../aws/clients.ts';
import { actorFor } from '../aws/actor.ts';
import { awsError } from '../aws/errors.ts';
import { recordLiesIn } from '../proof/place.ts';
import type { ProviderPlace } from '../terraform/provider-place.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { type Place, placeDifference, type PlaceFacts, placeText } from '../transfer/place.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';

/** Where a run would act. */
export interface FoundPlace {
  readonly facts: PlaceFacts;
  /** Why a part is not known: one sentence each, by part. */
  readonly untold: Partial<Readonly<Record<keyof Place, string>>>;
  /** What kept the account from being asked, where that is the reason. */
  readonly failure: ProvisionError | null;
  /** What says it, as a clause: `the provider (terraform/main.tf:3) assumes a role in it`. */
  readonly accountBy: string;
  readonly regionBy: string;
  /** True where the region comes from the environment of the command, and not from the project. */
  readonly regionAmbient: boolean;
  /** As whom our own clients act there. */
  readonly actor: Actor;
  /** Why they cannot; `null` if they can. */
  readonly outOfReach: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface FindPlaceOptions {
  readonly env?: Environment;
  readonly open?: (options: ClientOptions) => AwsClients;
  readonly signal?: AbortSignal;
}

/** The place, and clients that act in it. Asks AWS once, and only where no role says the account. */
export async function findPlace(
  provider: ProviderPlace,
  { env = process.env, open = createClients, signal }: FindPlaceOptions = {},
): Promise<{ readonly place: FoundPlace; readonly clients: AwsClients }> {
  // The SDK reads only the first of the two; Terraform's provider both.
  const ambient = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;
  const told = provider.region?.value ?? (provider.region === null ? ambient : undefined);
  const actor = actorFor({ ...provider.acting, region: provider.acting.region ?? told }, env);
  const clients = open({
    actor,
    ...(told === undefined ? {} : { region: told }),
    ...(signal ? { signal } : {}),
  });
  const region =
    provider.region?.value ??
    (provider.region === null ? await regionOfClients(clients).catch(() => null) : null);
  const account = await accountOf(provider, clients);
  const { untoldAccount, failure, facts } = account;
  return {
    clients,
    place: {
      facts: { ...facts, region },
      untold: {
        ...(untoldAccount === null ? {} : { account: untoldAccount }),
        ...(region === null ? { region: regionUntold(provider) } : {}),
      },
      failure,
      accountBy: accountBy(provider),
      regionBy: provider.region?.value
        ? `the provider (${provider.region.where}) has it`
        : 'AWS_REGION, or the profile, says it',
      regionAmbient: provider.region === null,
      actor,
      outOfReach: provider.outOfReach,
    },
  };
}

const regionUntold = ({ region }: ProviderPlace): string =>
  region?.value === null ? region.why : 'no AWS region is set, neither in the provider nor in AWS_REGION';

async function accountOf(
  { account, onlyAccount, outOfReach }: ProviderPlace,
  clients: AwsClients,
): Promise<{
  readonly facts: Pick<PlaceFacts, 'account' | 'partition'>;
  readonly untoldAccount: string | null;
  readonly failure: ProvisionError | null;
}> {
  if (account !== null && account.value !== null)
    return {
      facts: { account: account.value, partition: account.partition },
      untoldAccount: null,
      failure: null,
    };
  const untold = (why: string, failure: ProvisionError | null) => ({
    // The provider refuses to act in any other.
    facts: { account: onlyAccount, partition: null },
    untoldAccount: onlyAccount === null ? why : null,
    failure: onlyAccount === null ? failure : null,
  });
  if (account !== null) return untold(account.why, null);
  if (outOfReach !== null) return untold(outOfReach, null);
  try {
    const { account: id, partition } = await clients.identity();
    return { facts: { account: id, partition }, untoldAccount: null, failure: null };
  } catch (error) {
    const failure = awsError(error, 'asking which account the credentials belong to');
    if (failure.code === 'interrupted') throw failure;
    return untold(`sts:GetCallerIdentity does not tell: ${failure.message}`, failure);
  }
}

function accountBy({ account, acting }: ProviderPlace): string {
  if (account?.value) return `the provider (${account.where}) assumes a role in it`;
  if (acting.profile !== undefined) return `the profile ${acting.profile} of the provider leads there`;
  if (acting.keys !== undefined) return 'the keys of the provider belong to it';
  return 'the credentials belong to it';
}

/**
 * `recorded`: the run acts in the regions that the record names, whatever is set. Another one that is set is refused all
 * the same; only where none can be told, none is needed.
 */
export type ActsIn = 'configured' | 'recorded';

/** Pure: why an environment is not touched from where this run would act; `null` if it lies there. */
export function otherPlace(
  record: Pick<EnvironmentRecord, 'name' | 'place' | 'resources'>,
  found: FoundPlace,
  actsIn: ActsIn = 'configured',
): ProvisionError | null {
  const recorded = recordLiesIn(record);
  const { differs, untold } = placeDifference(recorded, found.facts);
  if (differs.length > 0) {
    const ways = differs.includes('account') || differs.includes('partition');
    return new ProvisionError(
      'place-mismatch',
      `${record.name} lies in ${placeText(recorded)}, and this run would act in ${placeText(found.facts)}. Nothing was changed.`,
      {
        hint: [
          ...(ways
            ? [`Use credentials or a role of account ${recorded.account ?? ''}; now ${found.accountBy}.`]
            : []),
          ...(differs.includes('region')
            ? [
                found.regionAmbient
                  ? `Set AWS_REGION=${recorded.region ?? ''}.`
                  : `Set the region back to ${recorded.region ?? ''}: ${found.regionBy}, by its variables or itself.`,
              ]
            : []),
        ].join(' '),
      },
    );
  }
  const missing =
    untold.find((part) => part === 'account' || (part === 'region' && actsIn === 'configured')) ??
    (found.outOfReach === null ? undefined : 'account');
  if (missing === undefined) return null;
  if (found.failure !== null && missing === 'account') return found.failure;
  return new ProvisionError(
    'place-mismatch',
    `${record.name} lies in ${placeText(recorded)}, and it cannot be told whether this run would act there: ${found.untold[missing] ?? found.outOfReach ?? ''}. Nothing was changed.`,
    { hint: 'Write it as a value, or by variables and locals of the root module.' },
  );
}

/** @throws ProvisionError `place-mismatch`, or what kept the account from being asked */
export function requirePlace(
  record: Pick<EnvironmentRecord, 'name' | 'place' | 'resources'>,
  found: FoundPlace | null,
  actsIn: ActsIn = 'configured',
): void {
  const refusal = found === null ? null : otherPlace(record, found, actsIn);
  if (refusal !== null) throw refusal;
}
