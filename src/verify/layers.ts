/** Step 7, layers 1 to 3: it runs, it answers well, and its logs say so. Layer 4 takes a person. */
import type { CheckedResource, Presence } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import { checkResources, toChecked } from '../aws/check.ts';
import { type AwsClients, regionOfClients } from '../aws/clients.ts';
import { createClientsByRegion } from '../aws/clients-by-region.ts';
import type { StateModel } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Evidence, Layer } from '../transfer/evidence.ts';
import { placeOfArn } from '../transfer/place.ts';
import { resourceActive } from './checks/resource-active.ts';
import { resourceExists } from './checks/resource-exists.ts';
import { EvidenceLog, type VerifyContext } from './context.ts';
import type { Decisions } from './decide.ts';
import { explainerOf } from './explain.ts';
import { verifyFunctions } from './functions.ts';
import type { VerifySettings } from './settings.ts';
import { managed } from './subjects.ts';
import { verifyUrls } from './urls.ts';
import { pollUntil } from './wait.ts';

export interface VerifyInput {
  /** The target's state after the apply. */
  readonly state: StateModel;
  /** What of it is called, and with what. */
  readonly decisions: Decisions;
  readonly settings: VerifySettings;
  /** Name of the environment, for `{env}` in the settings. */
  readonly environment: string;
  /** Absent: all three. */
  readonly layers?: readonly Layer[] | undefined;
}

/**
 * What does not work becomes failing evidence. Thrown is only what keeps everything from being looked at: expired
 * credentials, an interrupt.
 */
export async function verifyLayers(context: VerifyContext, input: VerifyInput): Promise<Evidence[]> {
  const log = new EvidenceLog(context, input.layers ?? [1, 2, 3]);
  const { state, decisions, settings, environment } = input;
  const limitMs = settings.timeoutSeconds * 1000;
  const run = { context, log, limitMs, explain: explainerOf(state, context.redactor) };
  const work = Promise.all([
    log.wants(1) ? verifyResources(context, log, input, limitMs) : undefined,
    verifyFunctions(run, decisions.functions),
    verifyUrls(run, { state, fronts: decisions.fronts, settings, environment }),
  ]);
  try {
    await work;
  } catch (error) {
    if (context.signal?.aborted === true)
      throw new ProvisionError('interrupted', 'The verification was interrupted.', {
        cause: error,
        hint: 'Nothing was changed; `provision-env verify` starts it again.',
      });
    throw error;
  }
  return log.sorted();
}

/** A resource that has just been made may not be visible everywhere yet. */
const absentLimitMs = 10_000;

const resourcesAtOnce = 16;

async function verifyResources(
  context: VerifyContext,
  log: EvidenceLog,
  { state }: VerifyInput,
  limitMs: number,
): Promise<void> {
  const { clients } = context;
  const main = await regionOfClients(clients).catch(() => null);
  // What an alias of the provider made in another region is not found in the main one.
  const others = createClientsByRegion((region) => clients.with({ region }));
  const clientsAt = (region: string | null): AwsClients =>
    region === null || region === main ? clients : others.clientsFor(region);
  const work = mapBounded(managed(state), resourcesAtOnce, async (managedResource) => {
    const resource = toChecked(managedResource, null);
    const started = context.clock.now().getTime();
    const elapsed = (): number => context.clock.now().getTime() - started;
    const presence = await pollUntil(
      context,
      limitMs,
      () => presenceOf(clientsAt(placeOfArn(resource.arn)?.region ?? null), resource),
      (seen) =>
        seen.state === 'absent'
          ? elapsed() >= absentLimitMs
          : seen.state !== 'present' || seen.condition !== 'changing',
    );
    log.add(resourceExists, resource.address, presence, elapsed());
    if (presence.state === 'present' && presence.status !== undefined)
      log.add(resourceActive(resource.type, managedResource.values), resource.address, presence, elapsed());
  });
  await work.finally(() => others.close());
}

async function presenceOf(clients: AwsClients, resource: CheckedResource): Promise<Presence> {
  const [checked] = await checkResources([resource], clients);
  return checked?.presence ?? { state: 'absent' };
}
