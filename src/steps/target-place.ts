/** The place of a transfer: where its target is wanted, and where it would be made. */
import type { Config } from '../config/schema.ts';
import { accountOf } from '../environment/accounts.ts';
import type { PlaceInput } from '../proof/place.ts';
import { recordLiesIn, regionsOfState, stateLiesIn } from '../proof/place.ts';
import { placeFindings } from '../proof/rules/account-expected.ts';
import type { StateModel } from '../terraform/model.ts';
import type { ProviderPlace } from '../terraform/provider-place.ts';
import type { Finding } from '../transfer/finding.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';
import { type FoundPlace, requirePlace } from './place.ts';

export interface PlaceSides {
  readonly config: Pick<Config, 'accounts' | 'environments'>;
  readonly target: string;
  readonly sourceState: StateModel;
  /** What the provider's configuration says with the source's variables. */
  readonly sourceProvider: ProviderPlace;
  readonly targetProvider: ProviderPlace;
  readonly found: FoundPlace;
  readonly record: EnvironmentRecord | null;
  /** Of the source, where this tool made it. */
  readonly sourceRecord: EnvironmentRecord | null;
}

/** Pure. */
export function placeInput(sides: PlaceSides): PlaceInput {
  const { found, sourceState, sourceProvider, targetProvider } = sides;
  const { facts: actual, untold, accountBy, regionBy, regionAmbient, outOfReach } = found;
  const regions = [sourceProvider.region?.value, targetProvider.region?.value];
  return {
    ...wantedIn(sides, sourceState),
    otherRegionMeant: regions.every((region) => typeof region === 'string') && regions[0] !== regions[1],
    actual,
    untold,
    accountBy,
    regionBy,
    regionAmbient,
    outOfReach,
  };
}

function wantedIn(
  { config, target, record, sourceRecord }: PlaceSides,
  sourceState: StateModel,
): Pick<PlaceInput, 'wanted' | 'by'> {
  const recorded = record === null ? null : recordLiesIn(record);
  if (recorded !== null && recorded.account !== null) return { wanted: recorded, by: { kind: 'record' } };
  const told = stateLiesIn(sourceState);
  const sources = told.account === null && sourceRecord !== null ? recordLiesIn(sourceRecord) : told;
  const configured = accountOf(target, config);
  if (configured !== null) {
    const { id, key, role, profile } = configured;
    const region = configured.region ?? null;
    return {
      wanted: { partition: null, account: id, region },
      by: { kind: 'accounts', key, role, profile },
    };
  }
  return { wanted: sources, by: { kind: 'source', regions: regionsOfState(sourceState) } };
}

/**
 * Before anything is planned or asked: the target's account is the right one. Findings that a person has overruled
 * are marked so.
 *
 * @throws ProvisionError `place-mismatch` where the target is there already, in another place
 */
export async function checkPlace(context: TransferContext): Promise<readonly Finding[]> {
  const found = await context.place();
  if (found === null) return [];
  const { record, request, owner, clock, source, target } = context;
  context.host.notify({ type: 'place', source: source.name, target: target.name, place: found.facts });
  if (record !== null) requirePlace(record, found);
  const input = await context.placeInput();
  if (input === null) return [];
  return placeFindings(input, source.name, target.name).map((finding) =>
    request.accept.includes(`${finding.rule}:${finding.subject}`)
      ? { ...finding, accepted: { by: owner, at: clock.now().toISOString() } }
      : finding,
  );
}

/**
 * For whatever touches an environment that is there: it lies where this run acts.
 *
 * @throws ProvisionError `place-mismatch`, or what kept the account from being asked
 */
export async function requireOwnPlace(context: TransferContext, record: EnvironmentRecord): Promise<void> {
  const found = await context.place();
  if (found === null) return;
  const { host, source, target } = context;
  host.notify({ type: 'place', source: source.name, target: target.name, place: found.facts });
  requirePlace(record, found);
}
