/** What a destroy would do, judged before it is shown: what is whose, what goes, what stays. Changes nothing. */
import type { CheckedPresence } from '../aws/check.ts';
import { regionOfClients } from '../aws/clients.ts';
import { adapterOf } from '../aws/registry.ts';
import { isProtected } from '../environment/names.ts';
import { statePlaces } from '../environment/state-places.ts';
import { type Belongings, divideBelongings } from '../ownership/belongings.ts';
import { elsewhereFinding, elsewhereOf } from '../ownership/elsewhere.ts';
import { judgeOwnership, ownershipRule, withoutAccepted } from '../ownership/judge.ts';
import type { OwnershipFinding } from '../ownership/model.ts';
import { withOrigins } from '../ownership/recorded.ts';
import { nameOfThing } from '../ownership/same-thing.ts';
import { acceptanceKey } from '../proof/accept.ts';
import { createSharedMatcher } from '../proof/counterparts.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Finding } from '../transfer/finding.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';
import { askPresence, type AskTools, isLeaving, mayBeThere } from './ask-presence.ts';
import type { TransferContext } from './context.ts';
import { type OwnPlaces, ownPlaces } from './destroy-own.ts';
import { lineageIn, resourcesOf } from './recorded-resources.ts';
import { regionOf } from './region.ts';
import { clientsByRegion } from './sweep-account.ts';
import { requireOwnPlace } from './target-place.ts';

interface Listed {
  readonly address: string;
  readonly type: string;
  readonly name: string;
}

/** What will happen, shown before it is asked about. */
export interface DestroyPlan {
  readonly environment: string;
  readonly destroys: readonly Listed[];
  /** Of these, what is in no record: an ordinary yes does not cover it. */
  readonly unrecorded: readonly Listed[];
  /** In the record, not in the state, and still in the account: removed there. */
  readonly removes: readonly Listed[];
  /** In the record and not in the state, and it cannot be told whether it is there, or it cannot be removed. */
  readonly untold: readonly (Listed & { readonly reason: string })[];
  /** Left as they are; what of it is in the state is taken out of it first. */
  readonly keeps: readonly { readonly address: string; readonly reason: string }[];
  readonly files: readonly string[];
  readonly state: string;
  /** Webhooks of chat channels that point to the environment. */
  readonly webhooks: readonly { readonly kind: string; readonly url: string }[];
  /** Of what is left, what is the environment's by its record and in another's state too: as long as it is there, so is the record. */
  readonly elsewhere: readonly (Listed & { readonly reason: string; readonly hint: string })[];
  /** What a person has gone over with `--accept`. */
  readonly accepted: readonly Finding[];
}

/** The plan, and what it was made from. */
export interface PreparedDestroy {
  readonly plan: DestroyPlan;
  readonly belongings: Belongings;
  readonly own: OwnPlaces;
  /** Lineage of the state as it was judged; '' if there is none. */
  readonly lineage: string;
  /** Of what is in the record only: what is there, with the id by which it can be removed. */
  readonly removes: readonly RecordedResource[];
  /** In another's state as well, and nobody has left it to that one. */
  readonly elsewhere: readonly RecordedResource[];
  readonly ask: AskTools;
  readonly close: () => void;
}

/** Who says yes to a finding, by its subject. */
export function acceptedIn({
  request,
  config,
}: {
  readonly request: Pick<TransferContext['request'], 'accept'>;
  readonly config: Pick<TransferContext['config'], 'accept'>;
}): (subject: string) => boolean {
  const said = new Set(
    [...request.accept, ...config.accept].map((text) => {
      const [rule = '', ...subject] = text.trim().split(':');
      return acceptanceKey({ rule, subject: subject.join(':').trim() });
    }),
  );
  return (subject) => said.has(acceptanceKey({ rule: ownershipRule, subject }));
}

/**
 * @throws ProvisionError `protected-environment`; `blocked` with its findings where something is not provably the
 *   environment's own; or what reading the state calls for
 */
export async function prepareDestroy(
  context: TransferContext,
  earlier: EnvironmentRecord,
): Promise<PreparedDestroy> {
  const record = { ...earlier, resources: withOrigins(earlier.resources, earlier.accepted) };
  refuseProtected(record.name, context.config);
  await requireOwnPlace(context, record);
  const others = await context.neighbours();
  const state = await context.workspace.state();
  const inState = resourcesOf(state);
  const { backend } = context.target;
  const accepted = acceptedIn(context);
  const judged = judgeOwnership({
    target: {
      name: record.name,
      location: backend.location,
      places: await statePlaces(backend.location),
      state: state === null ? null : { lineage: lineageIn(state), resources: inState },
    },
    record: { ...record, places: await statePlaces(record.state) },
    others,
  });
  const ownership = withoutAccepted(judged, accepted);
  // Nothing is asked of a store of secrets that may be another's.
  refuse(record.name, ownership.open);
  const own = await ownPlaces(context, record, others);
  const places = withoutAccepted(own.findings, accepted);
  refuse(record.name, places.open);

  const sharedBy = createSharedMatcher(context.config.shared, context.types);
  const values = new Map(
    (state?.resources ?? []).map((resource) => [resource.address, resource.values] as const),
  );
  const settled = new Set(ownership.overruled.map(({ subject }) => subject));
  const belongings = divideBelongings({
    inState,
    recorded: record.resources,
    others,
    sharedBy: ({ address, type, identity, id, arn }) =>
      sharedBy({ address, type, values: { name: identity, id, arn, ...values.get(address) } }),
    settled: ({ address }) => settled.has(address),
  });
  const found = elsewhereOf(belongings).map((each) => ({
    ...each,
    finding: elsewhereFinding(record.name, each),
  }));
  const leftToOthers = found.filter(({ finding }) => accepted(finding.subject));
  const elsewhere = found.filter((each) => !leftToOthers.includes(each));
  const { ask, close } = await askTools(context, record);
  const lost = belongings.lost.length === 0 ? [] : await askPresence(belongings.lost, ask);
  const { removes, untold } = sortLost(lost, belongings.destroys);
  return {
    belongings,
    own,
    removes,
    elsewhere: elsewhere.map(({ resource }) => resource),
    ask,
    close,
    lineage: lineageIn(state),
    plan: {
      environment: record.name,
      destroys: belongings.destroys.map(listed),
      unrecorded: belongings.unrecorded.map(listed),
      removes: removes.map(listed),
      untold,
      keeps: [...belongings.keeps, ...belongings.othersLost].map(({ resource, reason }) => ({
        address: resource.address,
        reason,
      })),
      files: own.files.map((file) => fileIn(context, file)),
      state: backend.location,
      webhooks: (record.channels ?? []).flatMap(({ kind, webhookUrl, sharedWith }) =>
        webhookUrl === null || sharedWith !== null ? [] : [{ kind, url: webhookUrl }],
      ),
      elsewhere: elsewhere.map(({ resource, finding: { message, hint } }) => ({
        ...listed(resource),
        reason: message,
        hint: hint ?? '',
      })),
      accepted: acceptedFindings(context, [
        ...ownership.overruled,
        ...places.overruled,
        ...leftToOthers.map(({ finding }) => finding),
      ]),
    },
  };
}

/**
 * What `destroy` would do. Reads, and changes nothing.
 *
 * @throws ProvisionError as `prepareDestroy`
 */
export async function planDestroy(context: TransferContext, record: EnvironmentRecord): Promise<DestroyPlan> {
  const { plan, close } = await prepareDestroy(context, record);
  close();
  return plan;
}

/** @throws ProvisionError `protected-environment` */
export function refuseProtected(name: string, config: { readonly protected: readonly string[] }): void {
  if (!isProtected(name, config)) return;
  throw new ProvisionError('protected-environment', `${name} is protected: no command destroys it.`, {
    hint: 'If it really has to go, destroy it with terraform yourself.',
  });
}

/** @throws ProvisionError `blocked` */
export function refuse(name: string, findings: readonly OwnershipFinding[]): void {
  const [first] = findings;
  if (first === undefined) return;
  throw new ProvisionError(
    'blocked',
    `Nothing of ${name} was changed: ${findings.map(({ message }) => message).join(' ')}`,
    { hint: findings.map(({ hint }) => hint).join(' '), findings },
  );
}

export function acceptedFindings(
  { owner, clock }: Pick<TransferContext, 'owner' | 'clock'>,
  overruled: readonly OwnershipFinding[],
): readonly Finding[] {
  return overruled.map(({ rule, severity, subject, message, hint }) => ({
    rule,
    severity,
    subject,
    message,
    hint,
    accepted: { by: owner, at: clock.now().toISOString() },
  }));
}

const fileIn = ({ project }: TransferContext, file: string): string =>
  file.startsWith(`${project.root}/`) ? file.slice(project.root.length + 1) : file;

const listed = (thing: RecordedResource): Listed => ({
  address: thing.address,
  type: thing.type,
  name: nameOfThing(thing),
});

async function askTools(
  context: TransferContext,
  record: EnvironmentRecord,
): Promise<{ readonly ask: AskTools; readonly close: () => void }> {
  const clients = await context.aws();
  const byRegion = clientsByRegion(context.signal, (options) => clients.with(options));
  // Its own things say best where it lies, where the record does not.
  const region =
    record.place?.region ??
    regionOf({ resources: [] }, record) ??
    regionOf(await context.sourceState()) ??
    (await regionOfClients(clients));
  return { ask: { clientsFor: byRegion.clientsFor, region }, close: () => byRegion.close() };
}

/** A part goes with what it is a part of, and nobody need be told that it cannot be asked for by itself. */
function goesWith(type: string, others: readonly RecordedResource[]): boolean {
  const whole = adapterOf(type)?.partOf ?? null;
  return others.some((other) => other.type === whole);
}

function sortLost(
  lost: readonly CheckedPresence[],
  destroys: readonly RecordedResource[],
): {
  readonly removes: readonly RecordedResource[];
  readonly untold: DestroyPlan['untold'];
} {
  const removes: RecordedResource[] = [];
  const untold: DestroyPlan['untold'][number][] = [];
  for (const { resource, presence } of lost) {
    if (!mayBeThere(presence) || isLeaving(presence)) continue;
    if (presence.state !== 'present')
      untold.push({
        ...listed(resource),
        reason: 'reason' in presence ? presence.reason : presence.state,
      });
    else if (resource.planned?.nameWasFree === false)
      untold.push({
        ...listed(resource),
        reason: 'it is there, and was not proved to be free before the apply that was to make it',
      });
    else removes.push(resource);
  }
  return { removes, untold: untold.filter(({ type }) => !goesWith(type, [...removes, ...destroys])) };
}
