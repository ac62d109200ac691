/** What a verification calls and what it does not: shown before anybody agrees to it, and in the report. */
import type { Call, CallPlan } from '../verify/calls.ts';
import { type Block, type Cell, code, counted, heading, paragraph } from './blocks.ts';

const modes: Readonly<Record<CallPlan['invoke'], string>> = {
  safe: 'what is there to be called from outside, and what the configuration gives an event',
  all: 'every function',
  none: 'no function. Layer 4 goes by `channels`',
};

export function callBlocks({ invoke, calls, notCalled }: CallPlan): Block[] {
  if (calls.length === 0 && notCalled.length === 0) return [];
  const rows: (readonly (string | Cell)[])[] = [
    ...calls.map((call) => [
      { text: 'calls', tone: 'warn' } as const,
      code(call.subject),
      withWhat(call),
      `${how[call.how]}${call.why}`,
    ]),
    ...notCalled.map(({ subject, why }) => [
      { text: 'does not call', tone: 'dim' } as const,
      code(subject),
      '',
      why,
    ]),
  ];
  return [
    heading(
      3,
      `Verification: ${counted(calls.length, 'call')}, ${counted(notCalled.length, 'function')} not called`,
    ),
    { kind: 'table', head: ['It', 'Subject', 'With', 'Why'], rows },
    paragraph(`verify.invoke is "${invoke}": ${modes[invoke]}.`, 'dim'),
  ];
}

const withWhat = ({ what, url }: Call): string =>
  url === null ? what : `${what.split(' ')[0] ?? ''} ${url}`;

const how: Readonly<Record<Call['how'], string>> = { event: 'invoked: ', request: '', message: '' };
