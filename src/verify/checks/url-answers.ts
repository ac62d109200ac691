import { isJsonObject } from '../../transfer/json.ts';
import type { HttpAnswer } from '../answer.ts';
import { parseBody } from '../body.ts';
import { type Check, fail, pass } from '../context.ts';

export interface UrlExpectation {
  /** Method and path; absent where the subject says it. */
  readonly request?: string;
  /** The only status that passes; absent: every one below 500. */
  readonly expectStatus?: number;
  /** Everybody may ask it: then Lambda itself must not refuse. */
  readonly open?: boolean;
}

/**
 * Every status below 500 is an answer: 403 is what a URL with IAM authorisation says to a stranger, 404 what an API
 * without a root route says. 5xx is the gateway saying that what lies behind it does not work.
 */
export function urlAnswers({ request, expectStatus: wanted, open }: UrlExpectation): Check<HttpAnswer> {
  return {
    layer: 1,
    id: 'url-answers',
    expected: wanted === undefined ? 'an HTTP status below 500' : `HTTP status ${wanted}`,
    judge: (answer) => {
      const asked = request === undefined ? '' : `${request}: `;
      if (answer.kind === 'refused') return fail(`${asked}${answer.reason}`);
      const seen = `${asked}HTTP ${answer.status} in ${Math.round(answer.durationMs)} ms`;
      if (open === true && refusedByLambda(answer))
        return fail(`${seen}: open to everybody, but no permission lets everybody invoke the function`);
      const good = wanted === undefined ? answer.status < 500 : answer.status === wanted;
      return good ? pass(seen) : fail(seen);
    },
  };
}

type Answered = HttpAnswer & { readonly kind: 'answered' };

/** A function's own 403 is its business; Lambda's has a capital `Message`. */
function refusedByLambda(answer: Answered): boolean {
  const body = parseBody(answer.body);
  if (answer.status !== 403 || body.kind !== 'json' || !isJsonObject(body.value)) return false;
  const said = body.value['Message'];
  return typeof said === 'string' && said.startsWith('Forbidden');
}

/** What API Gateway says before it has asked any function. */
const words =
  /^(?:Forbidden|Unauthorized|Not Found|Too Many Requests|Missing Authentication Token|Limit Exceeded|User: anonymous is not authorized)/;

/** An answer that the gateway gave, or may have given, without running a function; in words. */
export function refusedBefore(answer: Answered): string | null {
  const body = parseBody(answer.body);
  if (answer.status < 400 || answer.status >= 500 || body.kind !== 'json' || !isJsonObject(body.value))
    return null;
  const [said, ...more] = Object.entries(body.value);
  if (said === undefined || more.length > 0 || !/^message$/i.test(said[0])) return null;
  const [, text] = said;
  return typeof text === 'string' && words.test(text) ? `HTTP ${answer.status}, ${text.slice(0, 40)}` : null;
}
