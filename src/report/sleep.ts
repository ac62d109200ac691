/** What became of the databases of an environment when they were put to sleep or woken. */
import { dollars } from '../cost/money.ts';
import { startedByAws } from '../steps/asleep.ts';
import type { SleepOutcome } from '../steps/sleep-databases.ts';
import type { SleepResult } from '../steps/sleep.ts';
import { type Block, code, counted, heading, paragraph, type Tone } from './blocks.ts';

const words: Readonly<Record<SleepOutcome, { readonly text: string; readonly tone: Tone }>> = {
  asleep: { text: 'asleep', tone: 'good' },
  awake: { text: 'awake', tone: 'good' },
  'was-asleep': { text: 'asleep already', tone: 'dim' },
  'was-awake': { text: 'awake already', tone: 'dim' },
  gone: { text: 'gone', tone: 'warn' },
  left: { text: 'left as it is', tone: 'warn' },
  failed: { text: 'failed', tone: 'bad' },
};

export function sleepBlocks(result: SleepResult): Block[] {
  const { environment, action, databases, record } = result;
  const failed = databases.filter(({ outcome }) => outcome === 'failed').length;
  return [
    heading(1, `${environment}: ${action}`),
    ...(databases.length === 0 ? [paragraph(nothingTo(result))] : []),
    ...(databases.length === 0
      ? []
      : [
          {
            kind: 'table',
            head: ['', 'Resource', 'Database', 'What'],
            rows: databases.map(({ outcome, address, id, detail }) => [
              words[outcome],
              code(address),
              code(id),
              detail,
            ]),
          } as const,
        ]),
    ...(failed === 0
      ? []
      : [
          paragraph(
            `${counted(failed, 'database')} could not be ${action === 'sleep' ? 'put to sleep' : 'woken'}. provision-env ${action} ${environment} tries again.`,
            'bad',
          ),
        ]),
    ...savings(result),
    ...(action === 'sleep' ? afterwards(record) : []),
  ];
}

const nothingTo = ({ environment, action }: SleepResult): string =>
  action === 'sleep'
    ? `${environment} has no database that could be put to sleep.`
    : `${environment} is not asleep.`;

function savings({ saves }: SleepResult): Block[] {
  if (saves === null) return [];
  const { monthlyTotal, unknown } = saves.cost;
  const without = [...saves.reasons].map(([address, why]) => `${address}: ${why}`).join('; ');
  if (monthlyTotal === 0 && unknown.length > 0) return [paragraph(`What it saves is not known: ${without}.`)];
  return [
    paragraph(
      `Saves at least ${dollars(monthlyTotal)} in a month asleep${unknown.length === 0 ? '' : `, without what is not known (${without})`}. Storage and backups go on being billed.`,
    ),
  ];
}

function afterwards({ name, asleep }: SleepResult['record']): Block[] {
  if (asleep === undefined) return [];
  const end = startedByAws(asleep);
  return [
    ...(end === null
      ? []
      : [
          paragraph(
            `AWS starts by itself what was stopped after 7 days, on ${end.toISOString().slice(0, 10)}; provision-env sleep ${name} stops it anew.`,
            'warn',
          ),
        ]),
    paragraph(
      `provision-env wake ${name} wakes it; so does provision-env ${name}, before it changes anything. Until then Terraform sees another capacity than its configuration says.`,
    ),
  ];
}
