/**
 * Whether a reply was seen. No chat service lets a program read what its users receive, so on the real services there
 * is no observer and a person has to look. The stand-ins of the sandbox keep a record of every reply: through which
 * bot it went, and whether it was accepted. They are only ever looked for on this machine.
 */
import { z } from 'zod';

export interface Conversation {
  readonly id: string;
  readonly userId: string;
  readonly replyToken?: string | undefined;
}

export interface ObservedReply {
  /** The bot whose token was used; `null` for a token that the service does not know. */
  readonly bot: { readonly id: string; readonly name: string } | null;
  readonly accepted: boolean;
  /** Why it was not accepted, in the service's words. */
  readonly reason: string | null;
  readonly text: string;
}

export interface ReplyObserver {
  /** Makes ready what an event needs that can be answered. @param user who writes; a made-up one if absent */
  open(user: string | undefined): Promise<Conversation>;
  /** All replies to it so far, whichever bot they went through. */
  replies(conversation: Conversation): Promise<readonly ObservedReply[]>;
}

const About = z.object({ standIn: z.string() });
const Opened = z.object({ id: z.string(), userId: z.string(), replyToken: z.string().optional() });
const Replies = z.object({
  replies: z.array(
    z.object({
      bot: z.object({ id: z.string(), name: z.string() }).nullable(),
      accepted: z.boolean(),
      reason: z.string().nullable(),
      text: z.string(),
    }),
  ),
});

const limitMs = 5000;

export function isLoopback(base: string): boolean {
  const host = URL.canParse(base) ? new URL(base).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** @param token shows the stand-in which bot asks */
export async function observerOf(
  base: string,
  token: string,
  fetchIt: typeof fetch,
): Promise<ReplyObserver | null> {
  if (!isLoopback(base)) return null;
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetchIt(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(limitMs),
    });
    if (!response.ok) throw new Error(`The stand-in answered HTTP ${response.status} to ${path}`);
    return response.json();
  };
  const about = About.safeParse(await ask('/sandbox').catch(() => null));
  if (!about.success) return null;
  return {
    open: async (user) =>
      Opened.parse(await ask('/sandbox/conversations', user === undefined ? {} : { user })),
    replies: async ({ id }) => Replies.parse(await ask(`/sandbox/conversations/${id}/replies`)).replies,
  };
}
