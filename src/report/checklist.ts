/** The master checklist of an environment. */
import type { ChecklistLine } from '../channels/checklist.ts';
import { type Block, heading } from './blocks.ts';

export function checklistBlocks(lines: readonly ChecklistLine[]): Block[] {
  const used = lines.filter(({ applicable }) => applicable);
  const ticked = used.filter((line) => line.ticked).length;
  return [
    heading(3, `Master checklist: ${ticked} of ${used.length}`),
    {
      kind: 'table',
      head: ['', 'Line', 'Because'],
      rows: lines.map(({ section, line, ticked: done, applicable, because }) => [
        done
          ? { text: '[x]', tone: 'good' }
          : { text: applicable ? '[ ]' : '[-]', tone: applicable ? 'warn' : 'dim' },
        `${section}: ${line}`,
        because,
      ]),
    },
  ];
}
