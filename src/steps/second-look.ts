/**
 * Services list with a delay: what was just made may not be listed yet, and what was just deleted may be listed still.
 * Before anything is concluded from a listing, the things themselves are asked for, one by one.
 */
import { type FoundItem, type Presence, toResource } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import { checkResources, toItem } from '../aws/check.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { PlannedThing } from '../aws/planned.ts';
import { adapterOf, services } from '../aws/registry.ts';
import { askNames } from '../aws/taken.ts';
import type { Judgement } from '../sweep/classify.ts';
import { regionOfArn } from '../sweep/known.ts';
import type { SweepThing, Unreadable } from '../sweep/receipt.ts';
import type { Clock } from '../transfer/host.ts';
import type { RecordedResource } from '../transfer/record.ts';

/** As many as are checked at once elsewhere. */
const atOnce = 16;

/** Some services answer for up to a minute after a deletion as if nothing had happened. */
export const longestEchoMs = 60_000;

export interface SecondLook {
  readonly clientsFor: (region: string) => AwsClients;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Things that are known to be deleted, and until when (ms since 1970) they may be shown all the same. */
  readonly echoes?: { readonly until: number; readonly expected: (thing: SweepThing) => boolean } | undefined;
}

/**
 * Leaves out what is listed and not there any more. What cannot be asked for keeps the listing's word.
 *
 * @throws ProvisionError where nothing can be read at all: no or expired credentials, an interrupt
 */
export async function lookTwice(
  things: readonly SweepThing[],
  { clientsFor, clock, signal, echoes }: SecondLook,
): Promise<readonly SweepThing[]> {
  const answers = new Map<SweepThing, Presence>();
  let open = things.filter(
    ({ item }) => item.leaving === undefined && (adapterOf(item.type)?.whole ?? null) !== null,
  );
  for (let pause = 500; open.length > 0; pause = Math.min(pause * 2, 10_000)) {
    await mapBounded(open, atOnce, async (thing) => {
      const [checked] = await checkResources([toResource(thing.item)], clientsFor(thing.region));
      if (checked) answers.set(thing, checked.presence);
    });
    open = open.filter((thing) => isThere(answers.get(thing)) && echoes?.expected(thing));
    if (open.length === 0 || clock.now().getTime() + pause > (echoes?.until ?? 0) || signal?.aborted) break;
    await clock.sleep(pause, signal).catch(() => undefined);
  }
  return things.flatMap((thing): SweepThing[] => {
    const answer = answers.get(thing);
    if (answer?.state === 'absent') return [];
    if (answer?.state !== 'present' || answer.condition !== 'leaving') return [thing];
    const words = leavingWords(answer);
    // What waits out its recovery window is removed for good, unless it was deleted just now.
    return echoes?.expected(thing)
      ? [{ ...thing, item: { ...thing.item, leaving: words } }]
      : [{ ...thing, reason: `${thing.reason}; ${words}` }];
  });
}

const isThere = (answer: Presence | undefined): boolean =>
  answer?.state === 'present' && answer.condition !== 'leaving';

const leavingWords = ({ detail, status }: Extract<Presence, { state: 'present' }>): string =>
  detail ?? status ?? 'it is being deleted';

export interface Unlisted {
  readonly things: readonly SweepThing[];
  readonly unreadable: readonly Unreadable[];
}

export interface UnlistedInput extends Pick<SecondLook, 'clientsFor'> {
  /** Things with a record that no listing showed. */
  readonly resources: readonly RecordedResource[];
  /** Things whose creation was begun, and of which nobody knows how it ended. */
  readonly begun: readonly PlannedThing[];
  /** Where to ask for what says no region; the environment's own first. */
  readonly regions: readonly string[];
  readonly classify: (item: FoundItem, region: string) => Judgement;
}

/**
 * Asks for what should be there, and no listing showed.
 *
 * @throws ProvisionError as `lookTwice`
 */
export async function findUnlisted(input: UnlistedInput): Promise<Unlisted> {
  const { resources, begun, regions, classify, clientsFor } = input;
  const unreadable: Unreadable[] = [];
  const cannot = (
    { address, type }: { readonly address: string; readonly type: string },
    region: string,
    { reason, permission }: { readonly reason: string; readonly permission?: string },
  ): void => {
    const service = adapterOf(type)?.service ?? type;
    unreadable.push({
      service,
      type,
      region,
      reason: `${address}: ${reason}`,
      permission: permission ?? null,
    });
  };
  const recorded = await mapBounded(
    // A part is never listed, and goes with what it is a part of.
    resources.filter(({ type }) => (adapterOf(type)?.whole ?? null) !== null),
    atOnce,
    async (resource): Promise<readonly SweepThing[]> => {
      const item = toItem(resource);
      for (const region of regionsFor(resource, regions)) {
        const judgement = classify(item, region);
        if (judgement.verdict !== 'ours') continue;
        const [checked] = await checkResources([resource], clientsFor(region));
        const presence = checked?.presence;
        if (
          presence?.state === 'unreadable' ||
          (presence?.state === 'not-asked' && presence.account !== undefined)
        )
          cannot(resource, region, presence);
        if (presence?.state !== 'present') continue;
        const leaving = presence.condition === 'leaving' ? { leaving: leavingWords(presence) } : {};
        const reason = `${judgement.reason}; no listing shows it yet`;
        return [{ item: { ...item, ...leaving }, region, verdict: 'ours', reason, by: judgement.by }];
      }
      return [];
    },
  );
  const [main = ''] = regions;
  const answers = begun.length === 0 ? [] : await askNames(begun, clientsFor(main));
  const made = answers.flatMap((answer, index): SweepThing[] => {
    const thing = begun[index];
    if (thing === undefined) return [];
    if (answer.state === 'unreadable') cannot(thing, main, answer);
    if (answer.state !== 'taken' || answer.condition === 'leaving') return [];
    const { item } = answer;
    const { verdict, reason, by } = classify(item, main);
    if (verdict === 'foreign') return [];
    const begunBy = `a run had begun to make it (${thing.address})`;
    return [
      verdict === 'unrelated'
        ? { item, region: main, verdict: 'suspected', reason: begunBy, by: 'name' }
        : { item, region: main, verdict, reason: `${reason}; ${begunBy}`, by },
    ];
  });
  return { things: [...recorded.flat(), ...made], unreadable };
}

function regionsFor({ type, arn }: RecordedResource, regions: readonly string[]): readonly string[] {
  const service = adapterOf(type)?.service;
  if (services.find((each) => each.service === service)?.scope === 'global') return ['global'];
  const own = regionOfArn(arn);
  return own === undefined ? regions : [own];
}
