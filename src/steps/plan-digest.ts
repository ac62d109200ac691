/**
 * A short word for what would be done, so that a yes can be to exactly that. Whoever shows a plan hands its digest out;
 * whoever acts on the yes later gives it back, and what would be done by then has to have the same.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Cost } from '../cost/model.ts';
import { type Fingerprinter, openFingerprinter } from '../secrets/fingerprint.ts';
import type { SecretValues } from '../secrets/in-memory.ts';
import type { PlanModel, PlannedResource } from '../terraform/model.ts';
import type { Proof } from '../transfer/finding.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import type { CallPlan } from '../verify/calls.ts';
import type { TransferContext } from './context.ts';

/** The same text for the same value, whatever order its keys came in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const digestLength = 32;

/** Of what holds no secret. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('base64url').slice(0, digestLength);

/** Where the mask says that a value is sensitive there is a word in its place. */
function withoutSensitive(value: Json, mask: Json): Json {
  if (mask === true) return '(sensitive)';
  if (Array.isArray(value))
    return value.map((inner, index) =>
      withoutSensitive(inner, Array.isArray(mask) ? (mask[index] ?? null) : null),
    );
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      withoutSensitive(inner, isJsonObject(mask) ? (mask[key] ?? null) : null),
    ]),
  );
}

/** What becomes of a resource, as far as a person is shown it: of what stays as it is, nothing. */
function changeOf({
  address,
  action,
  before,
  after,
  afterUnknown,
  afterSensitive,
  ...change
}: PlannedResource): Json {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  const at = (values: JsonObject | null, key: string): Json => {
    const mask = isJsonObject(afterSensitive) ? (afterSensitive[key] ?? null) : null;
    return withoutSensitive(values?.[key] ?? null, mask);
  };
  const values = after === null ? [] : keys.filter((key) => !isDeepStrictEqual(before?.[key], after[key]));
  return {
    address,
    action,
    from: change.previousAddress ?? null,
    imports: change.importId ?? null,
    was: before === null ? null : [at(before, 'id'), at(before, 'arn'), at(before, 'name')],
    unknown: afterUnknown,
    values: values.map((key) => [key, at(before, key), at(after, key)]),
  };
}

/** A secret is told by no value of its: a stand-in for it, or another value, makes no other plan. */
function withoutSecrets(text: string, secrets: SecretValues): string {
  const values = [...secrets.revealAll()].map(([, value]) => value).filter((value) => value.length >= 4);
  return values
    .sort((a, b) => b.length - a.length)
    .reduce((left, value) => left.replaceAll(JSON.stringify(value).slice(1, -1), '(secret)'), text);
}

/** What a plan changes, one text for each resource, in an order of their own. */
export function changesOf(plan: PlanModel, secrets: SecretValues): readonly string[] {
  return plan.changes
    .filter(({ mode, action }) => mode === 'managed' && action !== 'no-op')
    .map((change) => withoutSecrets(canonical(changeOf(change)), secrets))
    .sort();
}

interface Shown {
  readonly source: string;
  readonly target: string;
  /** Where its state lies. */
  readonly state: string;
  readonly changes: readonly string[];
  readonly proof: Proof;
  readonly cost: Cost | null;
  /** What its verification calls. */
  readonly calls: CallPlan;
  /** What becomes of its secrets. */
  readonly secrets: readonly MappingRow[];
}

/** Under the project's own key: what a plan holds besides cannot be tried against it. */
function planDigest({ proof, cost, calls, secrets, ...shown }: Shown, fingerprinter: Fingerprinter): string {
  const findings = proof.verdicts.flatMap((verdict) => verdict.findings).map((finding) => canonical(finding));
  const text = canonical({
    ...shown,
    held: proof.held,
    findings: findings.sort(),
    calls: calls.calls.map((call) => canonical(call)).sort(),
    secrets: secrets.map(({ subject, target, action }) => canonical([subject, target, action])).sort(),
    cost: cost && [cost.monthlyTotal, cost.monthlyDelta, [...cost.unknown].sort()],
  });
  return (fingerprinter.of(text) ?? '').split(':').at(-1)?.slice(0, digestLength) ?? '';
}

/** What a person was shown, to hold against what would be applied in the end. */
export interface ShownPlan {
  readonly digest: string;
  /** @param woken what was asleep is awake now: fewer changes than were shown are the ones that were shown */
  covers(again: PlanModel, secrets: SecretValues, woken: boolean): boolean;
}

export async function shownPlan(
  context: Pick<TransferContext, 'source' | 'target' | 'project' | 'plannedSecrets'>,
  plan: PlanModel,
  more: Pick<Shown, 'proof' | 'cost' | 'calls' | 'secrets'>,
): Promise<ShownPlan> {
  const { source, target, project, plannedSecrets } = context;
  const changes = changesOf(plan, (await plannedSecrets()).values);
  const fingerprinter = await openFingerprinter(join(project.root, '.provision-env'));
  const state = target.backend.location;
  return {
    digest: planDigest({ ...more, source: source.name, target: target.name, state, changes }, fingerprinter),
    covers(again, secrets, woken) {
      const now = changesOf(again, secrets);
      const known = new Set(changes);
      return now.every((change) => known.has(change)) && (woken || now.length === changes.length);
    },
  };
}
