/**
 * Whether the value under a key may be a secret, told by the name alone: for whoever wants to show values. Rather too
 * often than too seldom, for what is taken for a secret is still compared, only not shown.
 */
import { canonicalKey } from './names.ts';

const telling =
  /TOKEN|SECRET|PASSW|PASSPHRASE|(?:^|_)(?:PASS|PWD|PIN|SALT|SEED|DSN|AUTH|CREDS?|SIGNATURE)(?:_|$)|CREDENTIAL|PRIVATE|API_?KEY|KEY$|CONNECTION_?STRING|(?:DATABASE|DB|REDIS|MONGO(?:DB)?|AMQP|BROKER|WEBHOOK)_(?:URL|URI)$|CERT(?:IFICATE)?$/;

/** Names in which such a word says what is looked up, not what it is. */
const harmless =
  /(?:_(?:ARN|NAME|FILES?|TABLE|HEADER|PATH|PREFIX|TTL|TIMEOUT|EXPIRES?(?:_IN)?|LIFETIME|ISSUER|AUDIENCE|LENGTH|ID|ALIAS|COUNT|LIMIT|VERSION|ALGORITHM|REGION|BUCKET|POLICY|TYPE|ENABLED)|(?:^|_)(?:PRIMARY|SORT|PARTITION|HASH|RANGE|FOREIGN|PUBLIC|OBJECT|S3|CACHE|FILE|STATE|IDEMPOTENCY|ROUTING|GROUP|INDEX|MESSAGE|LOOKUP|TAG|KMS)_KEY|^(?:MAX|MIN)_.*TOKENS?)$/;

export function mayBeSecret(key: string): boolean {
  const name = canonicalKey(key);
  return telling.test(name) && !harmless.test(name);
}
