/** Asks the account for things by everything that is known of them: id, ARN, or the name that they were planned with. */
import type { Presence } from '../aws/adapter.ts';
import { type CheckedPresence, checkResources } from '../aws/check.ts';
import type { AwsClients } from '../aws/clients.ts';
import { adapterOf } from '../aws/registry.ts';
import { askNames, type NameAnswer } from '../aws/taken.ts';
import { isNameless } from '../ownership/belongings.ts';
import { regionOfArn } from '../sweep/known.ts';
import type { RecordedResource } from '../transfer/record.ts';

export interface AskTools {
  readonly clientsFor: (region: string) => AwsClients;
  /** Where to ask for what does not say where it lies. */
  readonly region: string;
}

/**
 * One answer for each thing, in their order. What was only planned comes back with the id by which it was found.
 *
 * @throws ProvisionError where nothing could be read at all: no or expired credentials, an interrupt
 */
export async function askPresence(
  things: readonly RecordedResource[],
  { clientsFor, region }: AskTools,
): Promise<readonly CheckedPresence[]> {
  const answers = new Map<RecordedResource, CheckedPresence>();
  const regionFor = ({ arn }: RecordedResource): string => regionOfArn(arn) ?? region;
  await Promise.all(
    [...new Set(things.map(regionFor))].map(async (where) => {
      const group = things.filter((thing) => regionFor(thing) === where);
      const clients = clientsFor(where);
      const planned = group.filter(isOnlyPlanned);
      const rest = group.filter((thing) => !isOnlyPlanned(thing));
      const [checked, named] = await Promise.all([
        checkResources(rest, clients),
        planned.length === 0 ? [] : askNames(planned.map(asPlanned), clients),
      ]);
      rest.forEach((thing, index) => {
        const answer = checked[index];
        if (answer !== undefined) answers.set(thing, answer);
      });
      planned.forEach((thing, index) => answers.set(thing, ofName(thing, named[index])));
    }),
  );
  const found = things.map((thing) => answers.get(thing) ?? { resource: thing, presence: nobodyAsked });
  return found.map((answer) => withItsWhole(answer, found));
}

const nobodyAsked: Presence = { state: 'not-asked', reason: 'nobody asked' };

const isOnlyPlanned = ({ id, arn, planned }: RecordedResource): boolean =>
  planned !== undefined && id === null && arn === null;

const asPlanned = ({ address, type, attributes }: RecordedResource) => ({
  address,
  type,
  values: attributes ?? {},
});

function ofName(thing: RecordedResource, answer: NameAnswer | undefined): CheckedPresence {
  const presence = presenceOf(thing, answer);
  if (answer?.state !== 'taken') return { resource: thing, presence };
  const { id, arn } = answer.item;
  return { resource: { ...thing, id, arn: arn ?? null }, presence };
}

function presenceOf(thing: RecordedResource, answer: NameAnswer | undefined): Presence {
  switch (answer?.state) {
    case 'free':
    // Of another account: none of ours.
    case 'foreign':
      return { state: 'absent' };
    case 'taken': {
      const condition = answer.condition === 'leaving' ? 'leaving' : 'ready';
      return {
        state: 'present',
        condition,
        ...(answer.detail === undefined ? {} : { detail: answer.detail }),
      };
    }
    case 'unreadable':
      return answer;
    case 'not-asked':
    case undefined:
      return isNameless(thing)
        ? { state: 'not-asked', reason: 'AWS gives it its name when it is made, and nobody saw which' }
        : (answer ?? nobodyAsked);
  }
}

/** A part that cannot be asked for is gone where everything that it could be a part of is. */
function withItsWhole(answer: CheckedPresence, all: readonly CheckedPresence[]): CheckedPresence {
  if (answer.presence.state !== 'not-asked') return answer;
  const whole = adapterOf(answer.resource.type)?.partOf ?? null;
  const wholes = all.filter(({ resource }) => resource.type === whole);
  if (wholes.length === 0 || wholes.some(({ presence }) => presence.state !== 'absent')) return answer;
  return { ...answer, presence: { state: 'absent' } };
}

/** What is being deleted is on its way out; a secret may wait out its recovery window for weeks. */
export const isLeaving = (presence: Presence): boolean =>
  presence.state === 'present' && presence.condition === 'leaving';

/** There, or nobody can say that it is not. */
export const mayBeThere = (presence: Presence): boolean =>
  presence.state === 'unreadable' ||
  presence.state === 'not-asked' ||
  (presence.state === 'present' && !isLeaving(presence));
