/** What the chat stand-ins have in common beside their API: inboxes, conversations, faults. All under `/sandbox`. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Conversations, OpenConversation } from './conversations.ts';
import type { Faults } from './faults.ts';
import type { Inboxes } from './inbox.ts';
import { type InboxBot, inboxPage, type InboxUser, usersPage, writePage } from './page.ts';

export interface SandboxSide {
  /** For example `line`. */
  readonly standIn: string;
  readonly service: string;
  readonly inboxes: Inboxes;
  readonly conversations: Conversations;
  readonly faults: Faults;
  users(): readonly InboxUser[];
  bots(): readonly InboxBot[];
  /** A test user writes to a bot: the service sends a webhook event. */
  say(user: string, bot: string, text: string): Promise<{ readonly status: number | null }>;
  /** `null`: the token is not one of this service. */
  openConversation(token: string, user: string | undefined): OpenConversation | null;
}

const Say = z.object({ bot: z.string(), text: z.string().min(1) });
const Open = z.object({ user: z.string().optional() });
const FaultBody = z.object({
  path: z.string(),
  status: z.int(),
  times: z.int().positive().optional(),
  retryAfterSeconds: z.number().optional(),
  delayMs: z.number().optional(),
});

export function sandboxRoutes(side: SandboxSide): Hono {
  const app = new Hono();
  const userOf = (id: string): InboxUser => side.users().find((user) => user.id === id) ?? { id, name: id };

  app.get('/', (c) => c.json({ standIn: side.standIn }));
  app.get('/inbox', (c) => c.html(usersPage(side.service, side.users())));
  app.get('/inbox/:user/messages.json', (c) => c.json({ messages: side.inboxes.of(c.req.param('user')) }));
  app.get('/inbox/:user', (c) => {
    const user = userOf(c.req.param('user'));
    return c.html(inboxPage(side.service, user, side.inboxes.of(user.id)));
  });
  app.get('/inbox/:user/write', (c) =>
    c.html(writePage(side.service, userOf(c.req.param('user')), side.bots())),
  );
  app.post('/inbox/:user/write', async (c) => {
    const form = Say.parse(await c.req.parseBody());
    await side.say(c.req.param('user'), form.bot, form.text);
    return c.redirect(`/sandbox/inbox/${encodeURIComponent(c.req.param('user'))}`, 303);
  });
  app.post('/users/:user/messages', async (c) => {
    const { bot, text } = Say.parse(await c.req.json());
    return c.json(await side.say(c.req.param('user'), bot, text));
  });
  app.post('/conversations', async (c) => {
    const token = (c.req.header('authorization') ?? '').replace(/^Bearer /, '');
    const conversation = side.openConversation(token, Open.parse(await c.req.json()).user);
    return conversation === null ? c.json({ message: 'Unknown token' }, 401) : c.json(conversation);
  });
  app.get('/conversations/:id/replies', (c) => {
    const replies = side.conversations.replies(c.req.param('id'));
    return replies === null ? c.json({ message: 'No such conversation' }, 404) : c.json({ replies });
  });
  app.post('/faults', async (c) => {
    const { path, status, times, retryAfterSeconds, delayMs } = FaultBody.parse(await c.req.json());
    side.faults.inject({
      path,
      status,
      ...(times === undefined ? {} : { times }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(delayMs === undefined ? {} : { delayMs }),
    });
    return c.json({});
  });
  app.onError((error, c) => c.json({ message: error.message }, error instanceof z.ZodError ? 400 : 500));
  return app;
}
