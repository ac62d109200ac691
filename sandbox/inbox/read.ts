/** Reads a test user's inbox over HTTP, for a command and for tests. */
import { z } from 'zod';
import type { InboxMessage } from './inbox.ts';

const Answer = z.object({
  messages: z.array(
    z.object({
      bot: z.object({ id: z.string(), name: z.string() }),
      from: z.enum(['bot', 'user']),
      text: z.string(),
      at: z.string(),
    }),
  ),
});

/** @param endpoint of a chat stand-in */
export async function readInbox(endpoint: string, user: string): Promise<readonly InboxMessage[]> {
  const response = await fetch(new URL(`/sandbox/inbox/${encodeURIComponent(user)}/messages.json`, endpoint));
  if (!response.ok) throw new Error(`The inbox at ${endpoint} answered HTTP ${response.status}`);
  return Answer.parse(await response.json()).messages;
}

/** For the terminal: one block a message. */
export function inboxText(messages: readonly InboxMessage[]): string {
  if (messages.length === 0) return 'No messages.\n';
  return messages
    .map(
      ({ bot, from, text, at }) => `${at}  ${from === 'bot' ? `${bot.name}:` : `to ${bot.name}:`} ${text}\n`,
    )
    .join('');
}
