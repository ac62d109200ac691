/**
 * What a verification needs of a stand-in and no real service gives: a conversation whose replies are recorded,
 * whichever bot they came through, accepted or not.
 */

export interface RecordedReply {
  readonly bot: { readonly id: string; readonly name: string } | null;
  readonly accepted: boolean;
  readonly reason: string | null;
  readonly text: string;
}

export interface OpenConversation {
  readonly id: string;
  readonly userId: string;
  readonly replyToken?: string;
}

export class Conversations {
  readonly #conversations = new Map<string, { by: OpenConversation; replies: RecordedReply[] }>();

  open(conversation: OpenConversation): OpenConversation {
    this.#conversations.set(conversation.id, { by: conversation, replies: [] });
    return conversation;
  }

  replies(id: string): readonly RecordedReply[] | null {
    return this.#conversations.get(id)?.replies ?? null;
  }

  record(belongs: (conversation: OpenConversation) => boolean, reply: RecordedReply): void {
    for (const { by, replies } of this.#conversations.values()) if (belongs(by)) replies.push(reply);
  }
}
