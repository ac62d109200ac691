/** What `sandbox` says of itself: a part of the document, and the same as lines for a shell. */
import type { ChannelSet } from '../../sandbox/daily-report.ts';
import type { SandboxWorld } from '../../sandbox/world.ts';
import type { Document } from './document.ts';

type SandboxPart = NonNullable<Document['sandbox']>;

export function sandboxPart({ aws, doppler, line, telegram, env, ...sets }: SandboxWorld): SandboxPart {
  const environments = { dev: sets.dev, prod: sets.prod, spare: sets.spare };
  const inboxesOf = (environment: string, set: ChannelSet): SandboxPart['inboxes'] =>
    (['line', 'telegram'] as const).map((service) => {
      const { id, name, inbox } = set[service].tester;
      return { service, environment, user: id, name, url: inbox };
    });
  return {
    env: { ...env },
    endpoints: {
      aws: aws.endpoint,
      doppler: doppler.url,
      line: line.endpoint,
      telegram: telegram.endpoint,
    },
    inboxes: Object.entries(environments).flatMap(([name, set]) => inboxesOf(name, set)),
    spare: { ...sets.spare.secrets },
  };
}

const titles = { line: 'LINE', telegram: 'Telegram' } as const;

/** Lines that a shell can read whole: what is not for it stands behind `#`. */
export function sandboxText({ env, inboxes, spare }: SandboxPart): string {
  return [
    ...Object.entries(env).map(([key, value]) => `export ${key}='${value}'`),
    '',
    '# Test users, and the pages on which they read and write:',
    ...inboxes.map(({ service, user, name, url }) => `#   ${titles[service]}  ${name}  ${user}  ${url}`),
    '',
    '# A LINE channel and a Telegram bot that no environment uses yet, for the next one.',
    '# Made up by the sandbox and good for nothing else: no secrets.',
    ...Object.entries(spare).map(([key, value]) => `#   ${key}=${value}`),
    '',
  ].join('\n');
}
