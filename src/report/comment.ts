/**
 * The comment on a pull request. Its text is our own; whatever comes from elsewhere (names, messages, values) stands in
 * code, every sign of it as a character reference: no markup, no mention, no link can be made of it.
 */
import { timeLeft } from '../environment/time-to-live.ts';
import { exitCodes } from '../transfer/error-codes.ts';
import type { Evidence } from '../transfer/evidence.ts';
import type { Proof } from '../transfer/finding.ts';
import type { EnvironmentRecord, EnvironmentStatus } from '../transfer/record.ts';
import { recordLiesIn } from '../proof/place.ts';
import { placeText } from '../transfer/place.ts';
import { butNotCalled } from '../transfer/call-count.ts';
import { counted } from './blocks.ts';
import { costLine } from './cost.ts';
import { htmlCode, oneLine } from './markdown-text.ts';

/** What the last run on this machine left in its report. */
export interface LastRun {
  readonly status: string;
  readonly cost: {
    readonly monthlyTotal: number;
    readonly monthlyDelta: number;
    readonly unknown: readonly string[];
  } | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly subject: string;
    readonly severity: string;
    readonly message?: string | undefined;
  }[];
  readonly error: { readonly message: string; readonly hint: string | null } | null;
}

/** How the command ended that the comment is written after. */
export interface EndedRun {
  readonly exitCode: number;
  /** Where its log can be read; `null` if that is not known. */
  readonly log: string | null;
}

export interface CommentInput {
  /** A valid name. */
  readonly environment: string;
  /** `null` if there is no such environment (any more). */
  readonly record: EnvironmentRecord | null;
  readonly lastRun: LastRun | null;
  readonly ended?: EndedRun | undefined;
  /** What kept the record from being read: then nothing is said of the environment. */
  readonly unreadable?: { readonly message: string; readonly hint?: string | undefined } | undefined;
  readonly now: Date;
  /** Where it is written: commands by comment are GitHub's only. GitHub if absent. */
  readonly on?: 'github' | 'gitlab' | undefined;
}

/** Names, subjects: longer ones are cut. */
const longestText = 300;
/** Characters of each list: all of it has to stay below what GitHub takes. */
const longestList = 9_000;

/** Rule whose warnings say which data a plan would lose. */
const lossRule = 'plan-creates-only';

/** Hidden, at the start of the comment: by it the comment is found again. */
export const markerOf = (environment: string): string => `<!-- provision-env: ${environment} -->`;

/** Text that came from elsewhere. */
export function foreign(text: string): string {
  const characters = Array.from(oneLine(text));
  const cut = characters.length > longestText ? [...characters.slice(0, longestText), '…'] : characters;
  return htmlCode(cut.join(''));
}

/** A link, if it is one: `<https://…>`, in which nothing is read as markup. */
function link(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.username || url.password)
    return null;
  return /^[\x21-\x7e]+$/.test(url.href) && !/[<>\\`|]/.test(url.href) && url.href.length <= 500
    ? `<${url.href}>`
    : null;
}

const states: Readonly<Record<EnvironmentStatus, string>> = {
  planned: '⚪ planned',
  applying: '🟡 being made',
  halfway: '🔴 stopped half-way',
  applied: '🟡 made, not verified',
  waiting: '🟡 waits for a person',
  verified: '🟢 verified',
  failed: '🔴 does not pass its verification',
  destroying: '🟡 being destroyed',
  destroyed: '⚪ destroyed',
};

/** How a run ended that left nothing, or left what was there before. */
const runs: Readonly<Record<string, string>> = {
  blocked: '🔴 blocked: the proof does not hold, nothing was changed',
  cancelled: '⚪ cancelled, nothing was changed',
  error: '🔴 ended with an error',
  halfway: '🔴 stopped half-way',
  failed: '🔴 does not pass its verification',
};

/** The same by its exit code, where no report says more; others are errors. */
const endings: Readonly<Record<number, string | undefined>> = {
  [exitCodes.usage]: '🔴 refused: what it was given, or the project, is not right',
  [exitCodes.blocked]: runs['blocked'],
  [exitCodes.verificationFailed]: runs['failed'],
  [exitCodes.halfway]: runs['halfway'],
};

const layers: readonly (readonly [Evidence['layer'], string])[] = [
  [1, 'surface: it runs'],
  [2, 'content: what it answers'],
  [3, 'observability: what it logs'],
  [4, 'ground truth: a person received it'],
];

function table(rows: readonly (readonly [string, string])[]): string {
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function proofText(proof: Proof | null): string {
  if (proof === null) return 'none yet';
  const rules = counted(proof.verdicts.length, 'rule');
  const when = proof.phase === 'after-apply' ? 'on what exists' : 'on the plan';
  if (proof.held) return `holds, ${rules} ${when}`;
  const broken = proof.verdicts.filter(({ held }) => !held).map(({ rule }) => foreign(rule));
  return `**does not hold**: ${broken.join(', ') || 'something could not be read'}`;
}

function evidenceText(evidence: readonly Evidence[], layer: Evidence['layer']): string {
  const items = evidence.filter((item) => item.layer === layer);
  if (items.length === 0) return '⚪ nothing to check';
  const count = (status: Evidence['status']): number => items.filter((item) => item.status === status).length;
  const [failed, pending] = [count('fail'), count('pending')];
  const mark = failed > 0 ? '🔴' : pending > 0 ? '🟡' : '🟢';
  const more = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(pending > 0 ? [`${pending} waiting`] : []),
    ...(count('skipped') > 0 ? [`${count('skipped')} skipped`] : []),
  ];
  return `${mark} ${count('pass')} of ${items.length} passed${more.length > 0 ? `, ${more.join(', ')}` : ''}`;
}

/** As many items as have room, and how many there are besides. */
function list(items: readonly string[]): string {
  let length = 0;
  const room = items.findIndex((item) => (length += item.length + 3) > longestList);
  const shown = room === -1 ? items : items.slice(0, room);
  const more = items.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].map((item) => `- ${item}`).join('\n');
}

function errorText({
  message,
  hint,
}: {
  readonly message: string;
  readonly hint?: string | null | undefined;
}): string {
  return `${foreign(message)}${hint ? ` → ${foreign(hint)}` : ''}`;
}

const hasFailed = ({ exitCode }: EndedRun): boolean =>
  exitCode !== exitCodes.done && exitCode !== exitCodes.waiting;

/** In one line; empty where it ended well, and nobody has to look at anything. */
function endedPart({ lastRun, ended }: CommentInput): string[] {
  const reported = lastRun === null ? undefined : runs[lastRun.status];
  const failed =
    ended !== undefined && hasFailed(ended)
      ? `${endings[ended.exitCode] ?? '🔴 ended with an error'} (exit code ${ended.exitCode})`
      : undefined;
  const verdict = reported ?? failed;
  const log = ended?.log ? link(ended.log) : null;
  if (verdict === undefined)
    return log !== null && ended?.exitCode === exitCodes.waiting ? [`**Last run:** its log is ${log}`] : [];
  return [`**Last run:** ${verdict}.${log === null ? '' : ` Its log is ${log}`}`];
}

function runPart({ lastRun }: CommentInput): string[] {
  if (lastRun === null) return [];
  const verdict = runs[lastRun.status];
  const errors = lastRun.findings.filter(({ severity }) => severity === 'error');
  const losses =
    lastRun.error === null
      ? []
      : lastRun.findings.filter(({ rule, severity }) => rule === lossRule && severity === 'warning');
  return [
    ...(lastRun.error === null ? [] : [errorText(lastRun.error)]),
    ...(verdict !== undefined && errors.length > 0
      ? [list(errors.map(({ rule, subject }) => `${foreign(rule)}: ${foreign(subject)}`))]
      : []),
    // The error names them too, but is cut before the last of many.
    ...(losses.length > 0
      ? [
          `**What the refused plan would lose**\n\n${list(losses.map(({ subject, message }) => (message === undefined ? foreign(subject) : `${foreign(subject)}: ${foreign(message)}`)))}`,
        ]
      : []),
  ];
}

function recordPart(record: EnvironmentRecord, { lastRun, now, on }: CommentInput): string[] {
  const byComment = on !== 'gitlab';
  // A verification on another machine has no report, and no cost of its own.
  const cost = lastRun?.cost ?? record.cost;
  const open = record.evidence.filter(({ status }) => status === 'fail' || status === 'pending');
  const urls = Object.entries(record.outputs).flatMap(([name, value]) => {
    const found = link(value);
    return found === null ? [] : [`${foreign(name)}: ${found}`];
  });
  const life =
    record.expires === null
      ? 'until somebody destroys it'
      : `${record.expires} (${timeLeft(record.expires, now)})`;
  return [
    table([
      ['Made from', `${foreign(record.source)}, by ${foreign(record.owner)}`],
      ['Proof', proofText(record.proof)],
      ...layers.map(
        ([layer, title]) => [`Layer ${layer}, ${title}`, evidenceText(record.evidence, layer)] as const,
      ),
      ...(cost ? [['Cost', costLine(cost)] as const] : []),
      ['Lives until', life],
      ['Looked at', now.toISOString()],
    ]),
    ...(record.status === 'waiting' || record.evidence.some(({ status }) => status === 'pending')
      ? [
          `**Waits for a person.** \`provision-env status ${record.name}\` says for what; nothing blocks meanwhile. Then \`${byComment ? '/provision-env verify' : `provision-env verify ${record.name}`}\`.`,
        ]
      : []),
    ...(open.length > 0
      ? [
          `**Not passed**\n\n${list(open.map(({ status, check, subject, observed }) => `${status === 'fail' ? '🔴' : '🟡'} ${foreign(check)} ${foreign(subject)}: ${foreign(observed)}`))}`,
        ]
      : []),
    ...(urls.length > 0 ? [`**URLs**\n\n${list(urls)}`] : []),
    `<details><summary>${counted(record.resources.length, 'resource')}</summary>\n\n${list(record.resources.map(({ address }) => foreign(address)))}\n\n</details>`,
    byComment
      ? 'Comment `/provision-env verify`, `/provision-env extend 2d` or `/provision-env destroy` (people with write permission). It goes with the branch.'
      : `\`provision-env extend ${record.name} 2d\` puts its end off; the stop button of its environment destroys it. It goes with the branch.`,
  ];
}

/** @returns Markdown as GitHub reads it, always well below its limit of 65,536 characters */
export function commentBody(input: CommentInput): string {
  const { environment, record, lastRun, ended, unreadable } = input;
  const failedRun = (lastRun !== null && lastRun.status in runs) || (ended !== undefined && hasFailed(ended));
  const asleep = record?.asleep === undefined ? '' : ', asleep';
  const state =
    unreadable !== undefined
      ? '🔴 it could not be read how it stands'
      : record !== null
        ? `${states[record.status]}${asleep}${['verified', 'waiting', 'failed'].includes(record.status) ? butNotCalled(record.evidence) : ''}`
        : failedRun
          ? '🔴 not made'
          : lastRun?.status === 'planned'
            ? '⚪ planned, not made'
            : ended?.exitCode === exitCodes.waiting
              ? '🟡 not made yet, waits for a person'
              : '⚪ destroyed';
  const lies = record === null ? null : recordLiesIn(record);
  const where = lies === null || lies.account === null ? '' : ` · ${foreign(placeText(lies))}`;
  return `${[
    markerOf(environment),
    `### Environment \`${environment}\`: ${state}${where}`,
    ...(record !== null || failedRun ? [...endedPart(input), ...runPart(input)] : []),
    ...(unreadable === undefined ? [] : [errorText(unreadable)]),
    ...(record === null ? [] : recordPart(record, input)),
  ].join('\n\n')}\n`;
}
