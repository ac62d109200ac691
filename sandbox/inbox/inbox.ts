/** What the test users of a chat stand-in see: every chat with every bot, in order. */

export interface InboxMessage {
  /** The bot of the chat. */
  readonly bot: { readonly id: string; readonly name: string };
  readonly from: 'bot' | 'user';
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export class Inboxes {
  readonly #messages = new Map<string, InboxMessage[]>();

  add(user: string, message: InboxMessage): void {
    const messages = this.#messages.get(user);
    if (messages) messages.push(message);
    else this.#messages.set(user, [message]);
  }

  of(user: string): readonly InboxMessage[] {
    return this.#messages.get(user) ?? [];
  }
}
