/** What `gc` did, or would do. */
import { timeLeft } from '../environment/time-to-live.ts';
import type { GcNotice, GcOutcome, GcResult } from '../steps/gc.ts';
import { placeText } from '../transfer/place.ts';
import { type Block, code, heading, paragraph, type Tone } from './blocks.ts';

const outcomes: Readonly<Record<GcOutcome, { readonly text: string; readonly tone: Tone }>> = {
  'would-destroy': { text: 'would be destroyed', tone: 'warn' },
  destroyed: { text: 'destroyed', tone: 'good' },
  'left-behind': { text: 'destroyed, but something of it is left', tone: 'bad' },
  overtaken: { text: 'left alone: somebody extended or destroyed it meanwhile', tone: 'dim' },
  protected: { text: 'kept: it is protected', tone: 'dim' },
  failed: { text: 'not destroyed', tone: 'bad' },
  'not-begun': { text: 'not begun: interrupted', tone: 'warn' },
};

const deliveries: Readonly<Record<GcNotice['delivery'], { readonly text: string; readonly tone: Tone }>> = {
  told: { text: 'told', tone: 'good' },
  'told-before': { text: 'told before', tone: 'dim' },
  shown: { text: 'shown here only', tone: 'dim' },
  failed: { text: 'could not be told', tone: 'bad' },
};

export function gcBlocks({ environments, notices }: GcResult, now: Date): Block[] {
  const blocks: Block[] = [];
  if (environments.length === 0) blocks.push(paragraph('Nothing has expired.'));
  else
    blocks.push({
      kind: 'table',
      head: ['Environment', 'Lies in', 'Ended', 'Outcome', 'Why, and what to do'],
      rows: environments.map(({ environment, place, expires, outcome, error }) => [
        code(environment),
        place === null ? '' : placeText(place),
        timeLeft(expires, now),
        outcomes[outcome],
        error === null ? '' : `${error.message} ${error.hint ?? ''}`.trim(),
      ]),
    });
  if (notices.length > 0)
    blocks.push(heading(3, 'Ending soon'), {
      kind: 'table',
      head: ['Environment', 'Time left', 'Notice', 'To keep it'],
      rows: notices.map(({ environment, expires, delivery, error }) => [
        code(environment),
        timeLeft(expires, now),
        error === null ? deliveries[delivery] : { text: `could not be told: ${error.message}`, tone: 'bad' },
        code(`provision-env extend ${environment} 2d`),
      ]),
    });
  return blocks;
}
