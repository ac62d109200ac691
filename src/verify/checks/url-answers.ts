import type { HttpAnswer } from '../answer.ts';
import { type Check, fail, pass } from '../context.ts';

/**
 * Every status below 500 is an answer: 403 is what a URL with IAM authorisation says to a stranger, 404 what an API
 * without a root route says. 5xx is the gateway saying that what lies behind it does not work.
 */
export function urlAnswers(wanted: number | undefined): Check<HttpAnswer> {
  return {
    layer: 1,
    id: 'url-answers',
    expected: wanted === undefined ? 'an HTTP status below 500' : `HTTP status ${wanted}`,
    judge: (answer) => {
      if (answer.kind === 'refused') return fail(answer.reason);
      const good = wanted === undefined ? answer.status < 500 : answer.status === wanted;
      const seen = `HTTP ${answer.status} in ${Math.round(answer.durationMs)} ms`;
      return good ? pass(seen) : fail(seen);
    },
  };
}
