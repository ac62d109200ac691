/**
 * The target's secrets as the plan is made with them. What a person still has to give is stood in for by a value that
 * means nothing, so that Terraform can plan; nothing is ever applied with it.
 */
import { randomBytes } from 'node:crypto';
import type { SecretClass } from '../proof/secrets.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { canonicalKey } from '../secrets/names.ts';
import type { TargetConfig } from '../secrets/target-config.ts';
import type { SecretsSession } from './secrets.ts';

export interface PlannedSecrets {
  readonly config: TargetConfig;
  /** Keys that a person will be asked for. */
  readonly asked: readonly string[];
  /** Keys that get their values from outputs, after the apply. */
  readonly filled: readonly string[];
  /** Keys that lack, and that nobody will be asked for: the proof reports them. */
  readonly missing: readonly string[];
  /** Values for Terraform, stand-ins included. */
  readonly values: SecretValues;
}

/** Short enough for any service's limits, without a character that one refuses. */
const standIn = (): string => `standin${randomBytes(8).toString('hex')}`;

export function withStandIns(values: SecretValues, keys: readonly string[]): SecretValues {
  return values.merge(new SecretValues(keys.map((key): [string, string] => [canonicalKey(key), standIn()])));
}

/** @param willAsk false where only a plan was asked for and the target's config is there already */
export async function planSecrets(secrets: SecretsSession, willAsk: boolean): Promise<PlannedSecrets> {
  const config = await secrets.preview();
  const classOf = new Map(secrets.classified.map(({ key, class: kind }) => [canonicalKey(key), kind]));
  const canAsk = secrets.provider.capabilities.write && (willAsk || config.recorded.made);
  const lacking = (kind: SecretClass): readonly string[] =>
    config.missing.filter((key) => classOf.get(canonicalKey(key)) === kind);
  const asked = canAsk ? lacking('isolated') : [];
  const filled = secrets.provider.capabilities.write ? lacking('from-output') : [];
  return {
    config,
    asked,
    filled,
    missing: config.missing.filter((key) => !asked.includes(key) && !filled.includes(key)),
    values: withStandIns(config.values, asked),
  };
}
