import { errorKinds, exitCodes } from '../../src/transfer/error-codes.ts';

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'Done.',
  unexpected: 'Unexpected: something outside the tool failed, or the tool itself.',
  usage: 'Bad usage or bad input: what was asked for cannot be done as it was asked.',
  blocked: 'Blocked: a rule found an error, or a person said no. Nothing was changed.',
  verificationFailed:
    'Verification failed: what exists does not work, is not isolated, or is still there after a destroy.',
  halfway: 'Apply or destroy stopped half-way; `resume` (or `destroy` again) goes on.',
  waiting: 'Waits on a person.',
};

/** The exit codes and the error codes, as the tables in the code say them. */
export function renderErrors(): string {
  const codes = Object.entries(exitCodes).map(
    ([name, code]) => `| ${code} | ${meanings[name as keyof typeof exitCodes]} |`,
  );
  const errors = Object.entries(errorKinds).map(
    ([code, { source, exitCode, meaning }]) => `| \`${code}\` | ${source} | ${exitCode} | ${meaning} |`,
  );
  return [
    '# Exit codes and errors',
    '',
    'Generated from `src/transfer/error-codes.ts` by `npm run docs`. Codes are a contract; texts are not.',
    '',
    '| Exit code | Meaning |',
    '| --- | --- |',
    ...codes,
    '',
    'In the JSON document an error has its `code`, the `source` it lies on (the user, the environment around the tool, or a bug), a message, a hint and, where there is one, a place in a file.',
    '',
    '| Code | Source | Exit code | Meaning |',
    '| --- | --- | --- | --- |',
    ...errors,
    '',
  ].join('\n');
}
