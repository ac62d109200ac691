import { isJsonObject } from '../../transfer/json.ts';
import type { HttpAnswer } from '../answer.ts';
import { parseBody } from '../body.ts';
import { type Check, fail, pass } from '../context.ts';
import type { UrlSubject } from '../subjects.ts';

/**
 * Every status below 500 is an answer: 403 is what a URL with IAM authorisation says to a stranger, 404 what an API
 * without a root route says. 5xx is the gateway saying that what lies behind it does not work.
 */
export function urlAnswers({
  expectStatus: wanted,
  open,
}: Pick<UrlSubject, 'expectStatus' | 'open'>): Check<HttpAnswer> {
  return {
    layer: 1,
    id: 'url-answers',
    expected: wanted === undefined ? 'an HTTP status below 500' : `HTTP status ${wanted}`,
    judge: (answer) => {
      if (answer.kind === 'refused') return fail(answer.reason);
      const seen = `HTTP ${answer.status} in ${Math.round(answer.durationMs)} ms`;
      if (open === true && refusedByLambda(answer))
        return fail(`${seen}: open to everybody, but no permission lets everybody invoke the function`);
      const good = wanted === undefined ? answer.status < 500 : answer.status === wanted;
      return good ? pass(seen) : fail(seen);
    },
  };
}

/** A function's own 403 is its business; Lambda's has a capital `Message`. */
function refusedByLambda(answer: HttpAnswer & { readonly kind: 'answered' }): boolean {
  const body = parseBody(answer.body);
  if (answer.status !== 403 || body.kind !== 'json' || !isJsonObject(body.value)) return false;
  const said = body.value['Message'];
  return typeof said === 'string' && said.startsWith('Forbidden');
}
