import { errorIn, parseBody } from '../body.ts';
import { type Check, fail, pass } from '../context.ts';
import type { Asked, Invoked } from '../explain.ts';

/** An event was given to it directly. */
export const functionInvocable: Check<Invoked> = {
  layer: 1,
  id: 'function-invocable',
  expected: 'StatusCode 200 and no FunctionError',
  judge: ({ invocation, explain }) => {
    if (invocation.kind === 'refused') return fail(`not invoked: ${explain(invocation.reason)}`);
    const { statusCode, functionError, durationMs } = invocation;
    if (functionError !== undefined) {
      const error = errorIn(parseBody(invocation.payload)) ?? 'no message';
      return fail(`StatusCode ${statusCode}, FunctionError ${functionError}: ${explain(error)}`);
    }
    const seen = `StatusCode ${statusCode} in ${Math.round(durationMs)} ms`;
    return statusCode === 200 ? pass(seen) : fail(seen);
  },
};

/** It was asked as anybody outside can ask it. */
export const functionAnswers: Check<Asked> = {
  layer: 1,
  id: 'function-invocable',
  expected: 'it runs and answers with an HTTP status below 500',
  judge: ({ answer, request }) => {
    if (answer.kind === 'refused') return fail(`${request}: ${answer.reason}`);
    const seen = `${request}: HTTP ${answer.status} in ${Math.round(answer.durationMs)} ms`;
    return answer.status < 500 ? pass(seen) : fail(seen);
  },
};
