import type { SweepPlan } from '../steps/sweep.ts';
import type { Found, SweepReceipt } from '../sweep/receipt.ts';
import { type Block, code, counted, heading, paragraph, type Tone } from './blocks.ts';

/** A thing is called by its name where that says more than its id. */
const called = ({ id, name }: Found): string => (id.includes(name) || name === '' ? id : `${name} (${id})`);

function foundTable(
  title: string,
  found: readonly Found[],
  tone: Tone,
  last: (each: Found) => string,
): Block {
  return {
    kind: 'table',
    head: [title, 'Type', 'Region', 'Why'],
    rows: found.map((each) => [code(called(each), tone), each.type, each.region, last(each)]),
  };
}

const whyAndState = ({ reason, detail }: Found): string =>
  detail === null ? reason : `${reason}; ${detail}`;

/** What will be removed, before it is asked about. */
export function sweepPlanBlocks({ environment, removes, suspected }: SweepPlan): Block[] {
  const blocks = [
    heading(1, `Sweep ${environment}`),
    foundTable('Removes', removes, 'bad', ({ reason }) => reason),
  ];
  if (suspected.length > 0) blocks.push(...suspectedBlocks(suspected));
  return blocks;
}

function suspectedBlocks(suspected: readonly Found[]): Block[] {
  return [
    heading(3, 'Looks alike, and stays unless it is named with --also <id>'),
    foundTable('Suspected', suspected, 'warn', ({ reason }) => reason),
  ];
}

/** The receipt: what was looked at, what was found, what became of it, what could not be read. */
export function sweepBlocks(receipt: SweepReceipt): Block[] {
  const { environment, mode, found, suspected, removed, left, unreadable } = receipt;
  const blocks: Block[] = [
    heading(1, `Sweep of ${environment}`),
    paragraph(verdict(receipt), receipt.clean ? 'good' : 'bad'),
  ];
  if (left.length > 0)
    blocks.push(foundTable(mode === 'look' ? 'Left' : 'Still there', left, 'bad', whyAndState));
  const pending = [...found, ...suspected].filter(({ state }) => state === 'pending');
  if (pending.length > 0) blocks.push(foundTable('On its way out', pending, 'warn', whyAndState));
  if (removed.length > 0) blocks.push(foundTable('Removed', removed, 'good', whyAndState));
  const open = suspected.filter(({ state }) => state !== 'removed' && state !== 'pending');
  if (open.length > 0) blocks.push(...suspectedBlocks(open));
  if (unreadable.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['Could not be read', 'Region', 'Why', 'Permission that lacks'],
      rows: unreadable.map(({ service, type, region, reason, permission }) => [
        code(`${service}: ${type}`, 'bad'),
        region,
        reason,
        permission ?? '',
      ]),
    });
  }
  blocks.push(lookedTable(receipt));
  if (mode === 'look' && left.length > 0)
    blocks.push(paragraph(`provision-env sweep ${environment} --delete removes it.`, 'dim'));
  return blocks;
}

/** At the end of a destroy: only what is worth telling. */
export function leavingsBlocks(receipt: SweepReceipt): Block[] {
  if (receipt.clean) return [paragraph('Services left nothing behind.', 'good')];
  const { environment, left, suspected, unreadable } = receipt;
  const blocks: Block[] = [heading(3, 'What services left behind')];
  if (left.length > 0) blocks.push(foundTable('Left', left, 'warn', whyAndState));
  if (suspected.length > 0) blocks.push(foundTable('Looks alike', suspected, 'warn', ({ reason }) => reason));
  if (unreadable.length > 0)
    blocks.push(paragraph(`${counted(unreadable.length, 'kind')} of things could not be read.`, 'warn'));
  blocks.push(paragraph(`provision-env sweep ${environment} shows it, and removes it with --delete.`, 'dim'));
  return blocks;
}

function verdict({ environment, clean, mode, left, suspected, removed, unreadable }: SweepReceipt): string {
  const gone = mode === 'delete' ? `${counted(removed.length, 'thing')} removed; ` : '';
  if (clean) return `${gone}nothing of ${environment} is left in the account.`;
  const parts = [
    ...(left.length === 0 ? [] : [`${counted(left.length, 'thing')} of ${environment} left`]),
    ...(suspected.length === 0 ? [] : [`${counted(suspected.length, 'thing')} suspected`]),
    ...(unreadable.length === 0 ? [] : [`${counted(unreadable.length, 'kind')} of things could not be read`]),
  ];
  return `${gone}${parts.join(', ')}.`;
}

/** One line a service and region. */
function lookedTable({ looked, unreadable }: SweepReceipt): Block {
  const rows = new Map<
    string,
    { service: string; region: string; kinds: number; seen: number; bad: number }
  >();
  for (const { service, region, type, seen } of looked) {
    const row = rows.get(`${service} ${region}`) ?? { service, region, kinds: 0, seen: 0, bad: 0 };
    const bad = unreadable.some((each) => each.type === type && each.region === region) ? 1 : 0;
    rows.set(`${service} ${region}`, {
      ...row,
      kinds: row.kinds + 1,
      seen: row.seen + seen,
      bad: row.bad + bad,
    });
  }
  return {
    kind: 'table',
    head: ['Looked at', 'Region', 'Kinds', 'Things'],
    rows: [...rows.values()].map(({ service, region, kinds, seen, bad }) => [
      service,
      region,
      bad === 0 ? String(kinds) : `${kinds}, ${bad} not readable`,
      String(seen),
    ]),
  };
}
