/** URLs that are asked for their own sake: those that the settings name, and fronts that run no function. */
import { mapBounded } from '../aws/bounded.ts';
import type { StateModel } from '../terraform/model.ts';
import { answerOf } from './answer.ts';
import { expectsJson } from './body.ts';
import { bodyIsJson } from './checks/body-is-json.ts';
import { noErrorInBody } from './checks/no-error-in-body.ts';
import { urlAnswers, type UrlExpectation } from './checks/url-answers.ts';
import { skipAll } from './context.ts';
import type { FrontDecision } from './decide.ts';
import type { Answered } from './explain.ts';
import { joined } from './fronts/url.ts';
import { functionsAtOnce, type VerifyRun } from './functions.ts';
import type { VerifySettings } from './settings.ts';
import { urlsOf } from './subjects.ts';

export interface Urls {
  readonly state: StateModel;
  readonly fronts: readonly FrontDecision[];
  readonly settings: VerifySettings;
  readonly environment: string;
}

export async function verifyUrls(
  run: VerifyRun,
  { state, fronts, settings, environment }: Urls,
): Promise<void> {
  const { log } = run;
  if (!log.wants(1) && !log.wants(2)) return;
  await mapBounded(fronts, functionsAtOnce, async ({ front, root, notAsked }) => {
    const { address } = front.thing;
    const check = urlAnswers({});
    if (notAsked !== null) skipAll(log, [check], address, `not asked: ${notAsked}`);
    else if (root !== null && front.url !== null && /^https?:/.test(front.url))
      await askUrl(run, address, joined(front.url, '/'), { request: 'GET /' });
    else if (root !== null) skipAll(log, [check], address, 'not an HTTP URL');
  });
  await mapBounded(urlsOf(state, settings.urls, environment), functionsAtOnce, async (subject) => {
    const { address, url, reason = 'no URL', expectStatus } = subject;
    const check = urlAnswers({ expectStatus });
    if (settings.invoke === 'none') skipAll(log, [check], address, 'not asked: verify.invoke is "none"');
    else if (url === null)
      log.add(check, address, { kind: 'refused', reason, unsent: true, durationMs: 0 }, 0);
    else if (!/^https?:/.test(url)) skipAll(log, [check], address, 'not an HTTP URL');
    else await askUrl(run, address, url, { expectStatus });
  });
}

async function askUrl(
  { context, log, limitMs, explain }: VerifyRun,
  address: string,
  url: string,
  expectation: UrlExpectation,
): Promise<void> {
  const answer = await answerOf(context, { method: 'GET', url }, limitMs);
  log.add(urlAnswers(expectation), address, answer, answer.durationMs);
  // What an API says of a path that it does not have, or to a stranger, is not its content.
  if (answer.kind === 'refused' || answer.status >= 300 || answer.body === '') return;
  if (!expectsJson(answer.contentType)) return;
  const answered: Answered = {
    text: answer.body,
    contentType: answer.contentType,
    functionError: undefined,
    allowPlainText: false,
    explain,
  };
  log.add(bodyIsJson, address, answered, answer.durationMs);
  log.add(noErrorInBody, address, answered, answer.durationMs);
}
