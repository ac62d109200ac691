/** The inbox of a test user as one plain page: no script, nothing from the network, so that it works anywhere. */
import { html } from 'hono/html';
import type { InboxMessage } from './inbox.ts';

export interface InboxBot {
  readonly id: string;
  readonly name: string;
}

export interface InboxUser {
  readonly id: string;
  readonly name: string;
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  ol { list-style: none; padding: 0 }
  li { border: 1px solid #8886; border-radius: .75rem; padding: .5rem .75rem; margin: .5rem 0; width: fit-content; max-width: 85%; white-space: pre-wrap; overflow-wrap: anywhere }
  li.user { margin-left: auto; background: #8882 }
  small { display: block; opacity: .75 }
  form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end }
  label { display: grid } input, select, button { font: inherit; padding: .25rem .5rem }
`;

/** Reloads by itself, but not while somebody writes: the form is on a page of its own. */
export function inboxPage(service: string, user: InboxUser, messages: readonly InboxMessage[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="3" />
        <title>${user.name} · ${service} sandbox</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${user.name}</h1>
        <p>What this test user sees in ${service}. <a href="${user.id}/write">Write to a bot</a></p>
        ${messages.length === 0 ? html`<p>No messages yet.</p>` : ''}
        <ol>
          ${messages.map(
            (message) =>
              html`<li class="${message.from}">
                <small
                  >${message.from === 'bot' ? message.bot.name : `to ${message.bot.name}`} ·
                  ${message.at}</small
                >${message.text}
              </li>`,
          )}
        </ol>
      </body>
    </html>`;
}

export function writePage(service: string, user: InboxUser, bots: readonly InboxBot[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${user.name} writes · ${service} sandbox</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${user.name} writes</h1>
        <form method="post">
          <label
            >To
            <select name="bot">
              ${bots.map((bot) => html`<option value="${bot.id}">${bot.name}</option>`)}
            </select></label
          >
          <label>Text <input name="text" required autofocus /></label>
          <button>Send</button>
        </form>
        <p><a href="../${user.id}">Back to the inbox</a></p>
      </body>
    </html>`;
}

export function usersPage(service: string, users: readonly InboxUser[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Test users · ${service} sandbox</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>Test users of ${service}</h1>
        <ul>
          ${users.map((user) => html`<li><a href="inbox/${user.id}">${user.name}</a></li>`)}
        </ul>
      </body>
    </html>`;
}
