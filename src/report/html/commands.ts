/** The commands that make what the report shows once more. */
import { askAgain, type Asked, commandLine } from '../again.ts';
import type { Command } from './view.ts';

/** @param exists true if the environment stands: then it can be verified and destroyed */
export function reproducingCommands(asked: Asked, exists: boolean): readonly Command[] {
  const { target } = asked;
  return [
    { text: askAgain(asked, 'plan'), does: 'plans and proves it again; changes nothing' },
    { text: askAgain(asked), does: 'makes it, or brings it up to date' },
    ...(exists ? [{ text: commandLine('verify', target), does: 'verifies it again, layer by layer' }] : []),
    {
      text: commandLine('report', target, '--format', 'html', '--output', 'report.html'),
      does: 'writes this page',
    },
    ...(exists
      ? [{ text: commandLine('destroy', target), does: 'takes it away, and proves that nothing is left' }]
      : []),
  ];
}
