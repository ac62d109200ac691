/**
 * Layer 4: what a user of the chat channel experiences. A webhook that answers 200 proves little: a function that
 * holds another environment's token answers 200, logs no error, and its reply never arrives.
 *
 * What a program can prove, and what only a person can:
 * - On a real service: that the service's webhook is the URL of this environment and (LINE) that it can call it; that
 *   the function takes an event signed with this channel's secret; which bot the credentials in the function's own
 *   settings belong to; that the event's text reached the function's own logs. Not that a reply arrives: LINE honours
 *   only reply tokens that it issued for a real user's message, and neither service shows a program what users receive.
 *   So `reply-on-own-channel` stays pending until the tester, asked to wait for the bot's answer, returns the code.
 *   It fails before that if the function holds the credentials of another bot, or refuses the signed event.
 * - In the sandbox: all of it. Its stand-ins issue a reply token for our event and keep a record of every reply, with
 *   the bot whose token it came with, accepted or not.
 */
import { randomBytes } from 'node:crypto';
import { createChallenge, isOpen } from '../channels/challenge.ts';
import type { Channel, ChannelIdentity } from '../channels/channel.ts';
import { codeReturned, replyOnOwnChannel } from '../channels/confirm.ts';
import { nameOf } from '../channels/isolation.ts';
import { awaitLog, type LogFind, type LogSearch } from '../channels/log-search.ts';
import type { Conversation, ObservedReply, ReplyObserver } from '../channels/observer.ts';
import { quoted, shownUrl } from '../channels/scrub.ts';
import { pointsTo } from '../channels/webhook.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { Evidence } from '../transfer/evidence.ts';
import type { Clock, TransferEvent } from '../transfer/host.ts';
import type { RecordedChallenge } from '../transfer/record.ts';

export interface GroundTruthContext {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal | undefined;
  notify(event: TransferEvent): void;
  /** For each thing that is waited for. */
  readonly limitMs: number;
  /** How long a code may take to come back. */
  readonly codeTtlMs: number;
}

export interface OtherBot {
  readonly environment: string;
  readonly identity: ChannelIdentity;
}

export interface GroundTruthSubject {
  /** Of the evidence: the id of the channel kind, or what tells several of a kind apart. */
  readonly subject: string;
  readonly environment: string;
  /** For messages, for example "LINE". */
  readonly service: string;
  readonly channel: Channel;
  /** The target's real URL, from its outputs; `null` if none was found. */
  readonly webhookUrl: string | null;
  /** Whom the code is sent to; `null` if nobody is configured. */
  readonly tester: string | null;
  /** The same kind's bots in the other environments, to say whose channel a reply went to. */
  readonly others: readonly OtherBot[];
  /** Of the functions of this environment only. */
  readonly logs: LogSearch | null;
  /** The credentials that the functions really hold, read from their settings. */
  readonly held: readonly { readonly where: string; readonly channel: Channel }[];
  /** A code that was sent before: it is not sent again while it is good. */
  readonly outstanding?: RecordedChallenge | null;
}

export interface GroundTruthResult {
  readonly evidence: readonly Evidence[];
  readonly challenges: readonly RecordedChallenge[];
}

type Verdict = Pick<Evidence, 'status' | 'observed'>;

const expected = {
  'webhook-configured': "the service's webhook is the URL of this environment, and the service can call it",
  [replyOnOwnChannel]:
    'the function answers a signed event, and the answer goes through the channel of this environment',
  'code-received-inbound': "the text of the event stands in this environment's own logs",
  [codeReturned]: 'a person receives a code over this channel and returns it',
} as const;

export async function verifyGroundTruth(
  context: GroundTruthContext,
  subjects: readonly GroundTruthSubject[],
): Promise<GroundTruthResult> {
  const results: GroundTruthResult[] = [];
  // One after the other: there are few, and a person reads along.
  for (const subject of subjects) results.push(await verifySubject(context, subject));
  return {
    evidence: results.flatMap(({ evidence }) => evidence),
    challenges: results.flatMap(({ challenges }) => challenges),
  };
}

async function verifySubject(
  context: GroundTruthContext,
  subject: GroundTruthSubject,
): Promise<GroundTruthResult> {
  const evidence: Evidence[] = [];
  const add = async (check: keyof typeof expected, judge: () => Promise<Verdict>): Promise<void> => {
    const started = context.clock.now();
    const verdict = await judged(judge);
    const item: Evidence = {
      layer: 4,
      check,
      subject: subject.subject,
      ...verdict,
      expected: expected[check],
      at: started.toISOString(),
      durationMs: Math.round(context.clock.now().getTime() - started.getTime()),
    };
    evidence.push(item);
    context.notify({ type: 'evidence', evidence: item });
  };

  await add('webhook-configured', () => webhookConfigured(subject));
  const marker = `provision-env ${randomBytes(6).toString('hex')}`;
  let sent: Sent | null = null;
  await add(replyOnOwnChannel, async () => {
    const { service, others, channel } = subject;
    const { hasUsers } = channel;
    const identity = await channel.identify();
    sent = await sendEvent(context, subject, marker);
    const held = await heldBots(subject);
    const replies = await awaitReplies(context, sent);
    return judgeReply({ service, others, hasUsers, identity, status: sent.status, held, replies });
  });
  await add('code-received-inbound', () => inboundVerdict(context, subject, marker, sent));
  let challenge: RecordedChallenge | null = null;
  await add(codeReturned, async () => {
    const outcome = await sendCode(context, subject);
    challenge = outcome.challenge;
    return outcome.verdict;
  });
  return { evidence, challenges: challenge === null ? [] : [challenge] };
}

/** What a service refuses is evidence, not a crash: the other channel is still looked at. */
async function judged(judge: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await judge();
  } catch (error) {
    if (!isProvisionError(error) || error.code === 'interrupted') throw error;
    return { status: 'fail', observed: error.message };
  }
}

async function webhookConfigured({ channel, webhookUrl, service }: GroundTruthSubject): Promise<Verdict> {
  if (webhookUrl === null)
    return {
      status: 'fail',
      observed: 'no URL of this environment is known: name its output in the configuration',
    };
  const seen = await channel.readWebhook();
  if (seen.state === 'unreadable') return { status: 'skipped', observed: seen.reason };
  if (seen.state === 'not-set') return { status: 'fail', observed: `${service} has no webhook set` };
  if (!pointsTo(seen, webhookUrl))
    return {
      status: 'fail',
      observed: `the webhook is ${shownUrl(seen.url, [])}, the URL of this environment ${shownUrl(webhookUrl, [])}`,
    };
  if (!seen.active)
    return { status: 'fail', observed: `the webhook is right, but "Use webhook" is off at ${service}` };
  const { outcome, detail } = await channel.testWebhook();
  if (outcome === 'failed')
    return {
      status: 'fail',
      observed: `${service} cannot call ${shownUrl(seen.url, [])}: ${quoted(detail, [])}`,
    };
  return {
    status: 'pass',
    observed: `${shownUrl(seen.url, [])}; ${outcome === 'passed' ? `the test of ${service} passed` : detail}`,
  };
}

interface Sent {
  readonly at: Date;
  /** `null` if nobody answered. */
  readonly status: number | null;
  readonly observed: { readonly observer: ReplyObserver; readonly conversation: Conversation } | null;
}

/** Of the form that LINE gives to its users; a service that is asked about it knows nobody of that id. */
const nobody: Readonly<Record<string, string>> = { line: `U${'0'.repeat(32)}` };

async function sendEvent(
  context: GroundTruthContext,
  subject: GroundTruthSubject,
  text: string,
): Promise<Sent> {
  const { channel, webhookUrl, tester } = subject;
  const at = context.clock.now();
  if (webhookUrl === null) return { at, status: null, observed: null };
  const observer = await channel.observeReplies();
  const conversation = observer === null ? null : await observer.open(tester ?? undefined);
  const userId = conversation?.userId ?? tester ?? nobody[channel.kind] ?? '1';
  const request = await channel.signedEvent({ text, userId, replyToken: conversation?.replyToken });
  const signals = [AbortSignal.timeout(context.limitMs), ...(context.signal ? [context.signal] : [])];
  const status = await context
    .fetch(webhookUrl, { ...request, redirect: 'manual', signal: AbortSignal.any(signals) })
    .then((response) => response.body?.cancel().then(() => response.status) ?? response.status)
    .catch(() => null);
  return { at, status, observed: observer && conversation ? { observer, conversation } : null };
}

/** `null`: no program sees replies here. */
async function awaitReplies(
  context: GroundTruthContext,
  sent: Sent,
): Promise<readonly ObservedReply[] | null> {
  if (sent.observed === null) return null;
  const { observer, conversation } = sent.observed;
  if (sent.status === null || sent.status >= 300) return [];
  const end = context.clock.now().getTime() + context.limitMs;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2000)) {
    const replies = await observer.replies(conversation);
    const left = end - context.clock.now().getTime();
    if (replies.length > 0 || left <= 0) return replies;
    await context.clock.sleep(Math.min(pause, left), context.signal);
  }
}

export interface HeldBot {
  readonly where: string;
  /** `null`: the service does not accept the credentials. */
  readonly identity: ChannelIdentity | null;
}

async function heldBots({ held }: GroundTruthSubject): Promise<readonly HeldBot[]> {
  return Promise.all(
    held.map(async ({ where, channel }) => {
      try {
        return { where, identity: await channel.identify() };
      } catch (error) {
        if (isProvisionError(error) && error.code === 'credentials-expired') return { where, identity: null };
        throw error;
      }
    }),
  );
}

export interface ReplySeen {
  readonly service: string;
  readonly hasUsers: boolean;
  readonly identity: ChannelIdentity;
  readonly others: readonly OtherBot[];
  /** What the webhook answered. */
  readonly status: number | null;
  readonly held: readonly HeldBot[];
  readonly replies: readonly ObservedReply[] | null;
}

/** Pure. A reply through another bot is named before all else: it is what the other layers cannot see. */
export function judgeReply({
  service,
  hasUsers,
  identity,
  others,
  status,
  held,
  replies,
}: ReplySeen): Verdict {
  const fail = (observed: string): Verdict => ({ status: 'fail', observed });
  const whose = (bot: { readonly id: string; readonly name: string }): string => {
    const other = others.find((each) => each.identity.id === bot.id);
    return other
      ? `${other.environment}'s channel ${nameOf(other.identity)}`
      : `the channel of another bot, "${bot.name}"`;
  };
  const twin = others.find((each) => each.identity.id === identity.id);
  if (twin)
    return fail(
      `the reply ${replies?.some(({ accepted }) => accepted) === true ? 'went' : 'goes'} to ${whose(identity)}: this environment has the credentials of ${twin.environment}`,
    );
  for (const { bot, accepted, reason } of replies ?? []) {
    if (bot === null) return fail(`the reply was sent with a token that ${service} does not know`);
    if (bot.id !== identity.id)
      return fail(
        `the reply went to ${whose(bot)}${
          accepted ? '' : `, where ${service} refused it: ${reason ?? 'no reason given'}`
        }; nobody received it on ${nameOf(identity)}`,
      );
  }
  const foreign = held.find((each) => each.identity !== null && each.identity.id !== identity.id);
  if (foreign?.identity)
    return fail(`${foreign.where} holds the token of ${whose(foreign.identity)}: its replies go there`);
  const unknown = held.find((each) => each.identity === null);
  if (unknown) return fail(`${unknown.where} holds a token that ${service} does not accept`);
  if (status === null) return fail('the webhook did not answer the signed event');
  if (status === 401 || status === 403)
    return fail(
      `the webhook answered HTTP ${status} to an event signed with this channel's secret: the function holds another one`,
    );
  if (status >= 300) return fail(`the webhook answered HTTP ${status} to the signed event`);
  if (!hasUsers)
    return { status: 'pass', observed: `the webhook took the signed event; ${service} expects no reply` };
  if (replies === null)
    return {
      status: 'pending',
      observed: `the webhook took the signed event${
        held.length > 0 ? `, and the functions hold the token of ${nameOf(identity)}` : ''
      }; that the answer arrives, the tester has to confirm`,
    };
  if (replies.some(({ accepted }) => accepted))
    return { status: 'pass', observed: `the reply came back through ${nameOf(identity)}` };
  const refused = replies[0];
  return refused
    ? fail(`${service} refused the reply: ${refused.reason ?? 'no reason given'}`)
    : fail(`the webhook answered HTTP ${status}, but no reply came`);
}

async function inboundVerdict(
  context: GroundTruthContext,
  { logs }: GroundTruthSubject,
  marker: string,
  sent: Sent | null,
): Promise<Verdict> {
  if (logs === null)
    return { status: 'skipped', observed: 'no function of this environment has logs to look into' };
  if (sent === null || sent.status === null || sent.status >= 300)
    return {
      status: 'fail',
      observed: 'the webhook did not take the event, so there is nothing to look for',
    };
  const find = await awaitLog(logs, marker, sent.at, context);
  return verdictOfLog(find, marker);
}

function verdictOfLog(find: LogFind, marker: string): Verdict {
  if (find.state === 'found') return { status: 'pass', observed: `"${marker}" stands in ${find.where}` };
  if (find.state === 'unreadable')
    return { status: 'fail', observed: `the logs cannot be read: ${find.reason}` };
  // A function that logs no texts is no fault of the environment; it is no evidence either.
  return {
    status: 'skipped',
    observed: `"${marker}" is not in ${find.where}: the function logs no texts of messages`,
  };
}

async function sendCode(
  context: GroundTruthContext,
  { channel, tester, environment, subject, service, outstanding }: GroundTruthSubject,
): Promise<{ readonly verdict: Verdict; readonly challenge: RecordedChallenge | null }> {
  const now = context.clock.now();
  if (!channel.hasUsers)
    return {
      verdict: { status: 'skipped', observed: 'this kind has no users to write to' },
      challenge: null,
    };
  if (tester === null)
    return {
      verdict: { status: 'pending', observed: `no tester is configured for ${service}: nobody can confirm` },
      challenge: null,
    };
  const confirm = `provision-env confirm ${environment} <code>`;
  if (outstanding && isOpen(outstanding.challenge, now))
    return {
      verdict: {
        status: 'pending',
        observed: `a code was sent at ${outstanding.challenge.created} and is good until ${outstanding.challenge.expires}: ${confirm}`,
      },
      challenge: outstanding,
    };
  const { code, challenge } = createChallenge(now, context.codeTtlMs);
  await channel.sendMessage(tester, messageFor(environment, code));
  return {
    verdict: {
      status: 'pending',
      observed: `a code was sent to the tester and is good until ${challenge.expires}: ${confirm}`,
    },
    challenge: { subject, challenge },
  };
}

/** Asks for an answer of the bot first: where no program sees replies, the code then stands for both. */
function messageFor(environment: string, code: string): string {
  return [
    `provision-env checks the environment "${environment}".`,
    '1. Send any message to this chat and wait for the answer of the bot.',
    '2. If it came, return this code:',
    `provision-env confirm ${environment} ${code}`,
  ].join('\n');
}
