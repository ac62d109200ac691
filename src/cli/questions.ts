/** Puts a question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';
import { printable } from '../report/foreign-text.ts';
import type { Question } from '../transfer/host.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { type CliIo, isPlain } from './io.ts';

/** @returns the answer as it was given; what ends a question without one counts as no, or as empty */
export async function askPerson(question: Question, io: CliIo): Promise<boolean | string> {
  const prompts = await import('@clack/prompts');
  const message = printable(question.text);
  const streams = { input: io.stdin, output: io.unguarded.stderr };
  if (question.kind === 'secret') {
    const answer = await prompts.password({ message, ...streams });
    if (prompts.isCancel(answer)) throw new ProvisionError('declined', 'The question was not answered.');
    return answer;
  }
  if (isPlain(io)) return askPlainly(question, io);
  if (question.kind === 'confirm') {
    return (await prompts.confirm({ message, initialValue: false, ...streams })) === true;
  }
  if (question.kind === 'code') {
    const answer = await prompts.text({ message, defaultValue: '', ...streams });
    return prompts.isCancel(answer) ? '' : answer;
  }
  const answer = await prompts.text({ message, placeholder: question.name, ...streams });
  return answer === question.name;
}

/** One line asked, one line answered: for terminals that cannot draw, and for those who have them read aloud. */
async function askPlainly(
  question: Exclude<Question, { kind: 'secret' }>,
  io: CliIo,
): Promise<boolean | string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  const ended = new Promise<string>((answer) => lines.once('close', () => answer('')));
  try {
    const how = question.kind === 'confirm' ? ' (yes or no)' : '';
    const answer = (await Promise.race([lines.question(`? ${question.text}${how} `), ended])).trim();
    if (question.kind === 'confirm') return /^y(?:es)?$/i.test(answer);
    return question.kind === 'code' ? answer : answer === question.name;
  } finally {
    lines.close();
  }
}
