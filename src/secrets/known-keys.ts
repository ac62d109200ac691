/**
 * What names say of secrets. Facts and no logic: every row is a kind of key that projects really have, with what
 * happens to it in a new environment. The first row that matches counts.
 */
import type { SecretClass } from '../proof/secrets.ts';

export interface KnownKey {
  /** Asked of the name in capitals, without `TF_VAR_`. */
  readonly key: RegExp;
  readonly class: SecretClass;
  readonly reason: string;
}

/** Services that call back: one webhook, one sender, one signing secret. */
const channels = 'LINE|TELEGRAM|SLACK|DISCORD|TWILIO|WHATSAPP|MESSENGER|VIBER|TEAMS|MATTERMOST';
const payments = 'STRIPE|PAYPAL|OMISE|PADDLE|BRAINTREE|ADYEN|SQUARE';
/** Services that only answer what they are asked: nothing of theirs belongs to one environment. */
const models =
  'OPENAI|OPENROUTER|ANTHROPIC|CLAUDE|GEMINI|GOOGLE_AI|GOOGLE_GENAI|MISTRAL|COHERE|GROQ|DEEPSEEK|XAI|TOGETHER|PERPLEXITY|REPLICATE|HUGGING_?FACE|HF|FIREWORKS|VOYAGE|ELEVENLABS|AZURE_OPENAI|LANGSMITH|LANGCHAIN|LANGFUSE';
const data =
  'ALPHA_?VANTAGE|FINNHUB|POLYGON|TIINGO|QUANDL|NASDAQ|FMP|NEWS_?API|SERP_?API|TAVILY|BRAVE|OPENWEATHER|MAPBOX|GOOGLE_MAPS|ALGOLIA|SENTRY|DATADOG|NEW_?RELIC|HONEYCOMB|GRAFANA|POSTHOG|AMPLITUDE|MIXPANEL';

const start = (names: string): RegExp => new RegExp(String.raw`(?:^|_)(?:${names})_`);

export const knownKeys: readonly KnownKey[] = [
  {
    key: new RegExp(
      String.raw`^(?:${channels}|${payments})_(?:.*_)?(?:API_BASE|API_URL|BASE_URL|API_VERSION|ENDPOINT|HOST|REGION|TIMEOUT|LOG_LEVEL)$`,
    ),
    class: 'shared',
    reason: 'says where a service is reached and is no credential of it',
  },
  {
    key: new RegExp(String.raw`^(?:VITE_|NEXT_PUBLIC_|REACT_APP_)?(?:${channels})_`),
    class: 'isolated',
    reason: 'a chat channel has one webhook, so its credentials belong to one environment',
  },
  {
    key: new RegExp(`^(?:${payments})_`),
    class: 'isolated',
    reason: 'a payment account reports to one webhook and must not mix the payments of two environments',
  },
  { key: /(?:^|_)WEBHOOK(?:_|$)/, class: 'isolated', reason: 'a webhook belongs to one environment' },
  {
    key: /(?:^|_)(?:CLIENT|APP|OAUTH|CONSUMER)_SECRET$/,
    class: 'isolated',
    reason: 'an OAuth client redirects to the addresses of one environment',
  },
  {
    key: /(?:^|_)(?:SESSION|JWT|COOKIE|CSRF|NEXTAUTH|AUTH)_(?:.*_)?(?:SECRET|KEY|SALT)$/,
    class: 'isolated',
    reason: 'who can sign sessions of one environment must not be able to sign those of another',
  },
  {
    key: /(?:^|_)(?:SECRET_KEY_BASE|SIGNING_(?:KEY|SECRET)|ENCRYPTION_KEY|MASTER_KEY|APP_KEY)$/,
    class: 'isolated',
    reason: 'a key for signing or encryption belongs to one environment',
  },
  {
    key: start(models),
    class: 'shared',
    reason: 'models only answer; the same key serves every environment',
  },
  {
    key: start(data),
    class: 'shared',
    reason: 'a data service only answers; the same key serves every environment',
  },
  { key: /(?:^|_)API_?KEY$/, class: 'shared', reason: 'a key for an API that only answers' },
];

/** Names of addresses: they come from a resource if the environment has that resource itself. */
export const addressKey =
  /_(?:HOST|HOSTNAME|ENDPOINT|URL|URI|ARN|ADDRESS|DSN|TABLE|TABLE_NAME|QUEUE|QUEUE_URL|QUEUE_NAME|TOPIC|TOPIC_ARN|BUCKET|BUCKET_NAME|FUNCTION|FUNCTION_NAME|STATE_MACHINE|STREAM|DOMAIN)$/;

const passwordKey = /(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD)$/;

/** Databases as people call them in names of keys. */
const databaseKey =
  /(?:^|_)(?:DB|DATABASE|AURORA|RDS|MYSQL|MARIADB|POSTGRES|POSTGRESQL|PG|SQL|REDIS|VALKEY|DOCDB|MONGO|MONGODB|REDSHIFT|OPENSEARCH|NEPTUNE)_/;

/** @param name in capitals, without `TF_VAR_` */
export const isDatabasePassword = (name: string): boolean =>
  passwordKey.test(name) && databaseKey.test(`${name}_`);

/** Under which the password of a database is asked for that no other key is for. */
export const databasePasswordKey = 'DATABASE_PASSWORD';

/** Looks like a credential of something that is not known. */
export const credentialKey =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY|CREDENTIALS?)$/;
