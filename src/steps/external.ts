/**
 * Outside services that the functions' environment variables show. What must be isolated and what may be shared is
 * the specification's table: one chat channel has one webhook, so a channel belongs to one environment.
 */
import type { ExternalService } from './outputs.ts';

interface KnownService {
  readonly service: string;
  readonly key: RegExp;
  readonly isolationRequired: boolean;
  readonly action: string;
}

const known: readonly KnownService[] = [
  { service: 'LINE Bot', key: /^LINE_/, isolationRequired: true, action: 'Create new channel' },
  { service: 'Telegram Bot', key: /^TELEGRAM_/, isolationRequired: true, action: 'Create new bot' },
  { service: 'Slack app', key: /^SLACK_/, isolationRequired: true, action: 'Create new app' },
  { service: 'Discord bot', key: /^DISCORD_/, isolationRequired: true, action: 'Create new bot' },
  {
    service: 'Stripe',
    key: /^STRIPE_/,
    isolationRequired: true,
    action: 'Create a restricted key and webhook secret of its own',
  },
  {
    service: 'Twilio',
    key: /^TWILIO_/,
    isolationRequired: true,
    action: 'Create a number and credentials of its own',
  },
  { service: 'OpenRouter', key: /^OPENROUTER_/, isolationRequired: false, action: 'Same key' },
  { service: 'OpenAI', key: /^OPENAI_/, isolationRequired: false, action: 'Same key' },
  { service: 'Anthropic', key: /^ANTHROPIC_/, isolationRequired: false, action: 'Same key' },
];

/** Settings that only say where a service is reached are no credentials of it. */
const address = /_(?:API_BASE|BASE_URL|ENDPOINT|HOST)$/;

/** @param keys environment-variable keys of all functions of the source */
export function externalServices(keys: Iterable<string>): readonly ExternalService[] {
  const all = [...new Set(keys)].sort();
  return known.flatMap(({ service, key, isolationRequired, action }) => {
    const matching = all.filter((name) => key.test(name) && !address.test(name));
    return matching.length === 0 ? [] : [{ service, keys: matching, isolationRequired, action }];
  });
}
