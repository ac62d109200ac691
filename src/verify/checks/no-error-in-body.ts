import { errorIn, parseBody } from '../body.ts';
import { type Check, fail, pass } from '../context.ts';
import type { Answered } from '../explain.ts';

export const noErrorInBody: Check<Answered> = {
  layer: 2,
  id: 'no-error-in-body',
  expected: 'the body carries no error',
  judge: ({ text, functionError, explain }) => {
    if (text === null) return fail('no body to read: there was no answer');
    const error = errorIn(parseBody(text));
    if (error !== null) return fail(explain(error));
    return functionError === undefined ? pass('no error') : fail(`FunctionError ${functionError}`);
  },
};
