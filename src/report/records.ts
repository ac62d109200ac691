/** Records of environments, as a list and one by one. */
import { masterChecklist } from '../channels/checklist.ts';
import { recordLiesIn } from '../proof/place.ts';
import { startedByAws } from '../steps/asleep.ts';
import { placeText } from '../transfer/place.ts';
import type { EnvironmentRecord, EnvironmentStatus, RecordedSleep } from '../transfer/record.ts';
import { butNotCalled } from '../transfer/call-count.ts';
import { timeLeft } from '../environment/time-to-live.ts';
import { type Block, type Cell, code, counted, heading, paragraph, type Tone } from './blocks.ts';
import { checklistBlocks } from './checklist.ts';
import { costLine } from './cost.ts';
import { evidenceBlocks } from './proof.ts';

const tones: Readonly<Record<EnvironmentStatus, Tone>> = {
  planned: 'dim',
  applying: 'warn',
  halfway: 'bad',
  applied: 'warn',
  waiting: 'warn',
  verified: 'good',
  failed: 'bad',
  destroying: 'warn',
  destroyed: 'dim',
};

/** How long ago, in the largest unit that fits. */
export function age(since: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}

export function recordListBlocks(records: readonly EnvironmentRecord[], now: Date): Block[] {
  if (records.length === 0) return [paragraph('provision-env has not made any environment here.')];
  const places = new Set(records.map((record) => placeText(recordLiesIn(record))));
  return [
    heading(1, ['Environments', ...places].join(' · ')),
    {
      kind: 'table',
      head: [
        'Environment',
        'Source',
        'State',
        'Age',
        'Time left',
        'Owner',
        'Resources',
        'Last evidence',
        'Lies in',
      ],
      rows: records.map((record) => [
        code(record.name),
        record.source,
        stateCell(record),
        age(record.created, now),
        left(record.expires, now),
        record.owner,
        String(record.resources.length),
        lastEvidence(record),
        lies(record),
      ]),
    },
  ];
}

function stateCell({ status, asleep, evidence }: EnvironmentRecord): Cell {
  const looked = status === 'verified' || status === 'waiting' || status === 'failed';
  const but = looked ? butNotCalled(evidence) : '';
  return { text: `${status}${asleep === undefined ? '' : ', asleep'}${but}`, tone: tones[status] };
}

function lies(record: EnvironmentRecord): Cell {
  const { account, region } = recordLiesIn(record);
  return { text: [account, region].filter((part) => part !== null).join(' '), tone: 'dim' };
}

/** What the record says: the account is not asked. */
function asleepText(asleep: RecordedSleep, now: Date): string {
  const databases = asleep.databases.map(
    ({ id, way }) => `${id} ${way === 'stop' ? 'stopped' : 'pauses while nobody is connected'}`,
  );
  const end = startedByAws(asleep);
  const restart =
    end === null
      ? ''
      : end <= now
        ? `; AWS has started what was stopped again on ${end.toISOString().slice(0, 10)}: provision-env sleep stops it anew`
        : `; AWS starts what is stopped again on ${end.toISOString().slice(0, 10)}`;
  return `since ${asleep.since}: ${databases.join(', ')}${restart}`;
}

function left(expires: string | null, now: Date): Cell {
  const text = timeLeft(expires, now);
  if (expires === null) return { text, tone: 'dim' };
  return { text, tone: Date.parse(expires) <= now.getTime() ? 'bad' : 'plain' };
}

function expiry(expires: string | null, now: Date): Cell {
  const { text, tone = 'plain' } = left(expires, now);
  if (expires === null) return { text: 'never', tone };
  return { text: `${expires} (${text})`, tone };
}

function lastEvidence({ evidence }: EnvironmentRecord): string {
  if (evidence.length === 0) return 'none';
  const passed = evidence.filter(({ status }) => status === 'pass').length;
  const latest =
    evidence
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? '';
  return `${passed} of ${evidence.length} at ${latest.slice(0, 16).replace('T', ' ')}`;
}

export function recordBlocks(record: EnvironmentRecord, now: Date): Block[] {
  const outputs = Object.entries(record.outputs);
  return [
    heading(1, record.name),
    {
      kind: 'table',
      head: ['', ''],
      rows: [
        ['State', stateCell(record)],
        ...(record.status === 'destroying'
          ? [['Next', `it is half destroyed: provision-env destroy ${record.name} goes on`]]
          : []),
        ...(record.asleep === undefined ? [] : [['Asleep', asleepText(record.asleep, now)]]),
        ['Made from', record.source],
        ['Made by', `${record.owner}, ${record.created} (${age(record.created, now)} ago)`],
        ['Expires', expiry(record.expires, now)],
        ...(record.cost === undefined
          ? []
          : [['Cost', `${costLine(record.cost)}${record.asleep === undefined ? '' : ', while awake'}`]]),
        ['Var-file', `${record.varFile}${record.varFileOurs ? '' : ' (was there before)'}`],
        ['Terraform state', record.state],
        ['Resources', counted(record.resources.length, 'resource')],
        [
          'Overruled',
          record.accepted.map(({ rule, subject }) => `${rule}:${subject}`).join(', ') || 'nothing',
        ],
        ['Proof', record.proof === null ? 'none yet' : record.proof.held ? 'holds' : 'does not hold'],
      ],
    },
    ...(outputs.length > 0
      ? [
          heading(3, 'Outputs'),
          {
            kind: 'table',
            head: ['Output', 'Value'],
            rows: outputs.map(([name, value]) => [code(name), value]),
          } as const,
        ]
      : []),
    ...evidenceBlocks(record.evidence),
    ...checklistBlocks(masterChecklist(record)),
  ];
}
