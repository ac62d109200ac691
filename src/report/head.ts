/** The first line of every output that reads or changes a cloud: what it is about, and in which account and region. */
import { type PlaceFacts, placeText } from '../transfer/place.ts';
import { type Block, heading } from './blocks.ts';

export interface Headed {
  readonly source: string | null;
  readonly target: string | null;
  /** `null` where nothing of it lies in a cloud, or nobody knows where. */
  readonly place: PlaceFacts | null;
}

/** `feature-auth from dev · account 123456789012 · ap-southeast-1` */
export function headText({ source, target, place }: Headed): string {
  const about = target === null ? '' : source === null ? target : `${target} from ${source}`;
  return [about, ...(place === null ? [] : [placeText(place)])].filter((part) => part !== '').join(' · ');
}

/** A title says it too; what has none gets a line above. */
export function withHead(blocks: readonly Block[], headed: Headed): readonly Block[] {
  const { place } = headed;
  if (place === null) return blocks;
  const [first, ...rest] = blocks;
  if (first?.kind === 'heading' && first.level === 1)
    return [{ ...first, text: `${first.text} · ${placeText(place)}` }, ...rest];
  return [heading(1, headText(headed)), ...blocks];
}
