import { errorIn, parseBody } from '../body.ts';
import { type Check, fail, pass } from '../context.ts';
import type { Invoked } from '../explain.ts';

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
