/** What a transfer writes down of its target. */
import { relative } from 'node:path';
import type { Cost } from '../cost/model.ts';
import type { StateModel } from '../terraform/model.ts';
import type { EnvironmentRecord, EnvironmentStatus, RecordedCost } from '../transfer/record.ts';
import { wholePlace } from '../transfer/place.ts';
import type { TransferContext } from './context.ts';

export function outputsOf(state: StateModel | null): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(state?.outputs ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** Those that may be recorded and shown. One that holds a secret, in whatever spelling, is left out, and is told. */
export function shownOutputs(
  context: TransferContext,
  state: StateModel | null,
): Readonly<Record<string, string>> {
  const outputs = Object.entries(outputsOf(state));
  const shown = outputs.filter(([, value]) => !context.redactor.holdsSecret(value));
  const left = outputs.filter((each) => !shown.includes(each)).map(([name]) => name);
  if (left.length > 0) {
    context.host.notify({
      type: 'note',
      level: 'warning',
      text: `${left.length === 1 ? `The output ${left[0]} holds a secret and is` : `The outputs ${left.join(', ')} hold secrets and are`} left out of the record and of all that is shown.`,
      hint: 'Say `sensitive = true` in the output, or take the secret out of it: whoever may read the state reads it.',
    });
  }
  return Object.fromEntries(shown);
}

/** Without the single resources: `cost` and the report have them. */
export function recordedCost({ currency, monthlyTotal, monthlyDelta, unknown }: Cost): RecordedCost {
  return { currency, monthlyTotal, monthlyDelta, unknown };
}

/** Writes what is known of the target, keeping what an earlier run knew and this one does not change. */
export async function saveRecord(
  context: TransferContext,
  status: EnvironmentStatus,
  more: Partial<
    Pick<
      EnvironmentRecord,
      | 'resources'
      | 'lineage'
      | 'outputs'
      | 'proof'
      | 'accepted'
      | 'evidence'
      | 'secrets'
      | 'mapping'
      | 'cost'
      | 'channels'
      | 'challenges'
    >
  > = {},
): Promise<EnvironmentRecord> {
  const { target, varFile, project } = context;
  const now = context.clock.now().toISOString();
  const earlier = await context.store.readRecord(target.name);
  const found = await context.place();
  const place = earlier?.place ?? (found === null ? null : wholePlace(found.facts));
  const record: EnvironmentRecord = {
    version: 1,
    name: target.name,
    source: context.source.name,
    owner: earlier?.owner ?? context.owner,
    created: earlier?.created ?? now,
    updated: now,
    // An end that was put off while this transfer was being opened stays.
    expires: earlier && context.request.ttl === undefined ? earlier.expires : context.expires,
    ...(earlier?.noticed === undefined ? {} : { noticed: earlier.noticed }),
    engine: context.engine,
    status,
    transfer: context.transferId,
    moduleDir: relative(project.root, project.moduleDir) || '.',
    varFile: relative(project.root, varFile.path),
    varFileOurs: earlier?.varFileOurs ?? !varFile.exists,
    backendFile: target.backend.file === null ? null : relative(project.root, target.backend.file),
    backendFileOurs: earlier?.backendFileOurs ?? (target.backend.file !== null && !target.backend.fileExists),
    // Only a transfer that was proved says where the state lies.
    state: status === 'applying' ? target.backend.location : (earlier?.state ?? target.backend.location),
    ...(place === null ? {} : { place }),
    lineage: more.lineage ?? earlier?.lineage,
    // A run that says nothing of them changes none: they stand in the var-file.
    set: { ...earlier?.set, ...context.request.set },
    keepLogRetention: context.request.keepLogRetention,
    accepted: more.accepted ?? earlier?.accepted ?? [],
    resources: more.resources ?? earlier?.resources ?? [],
    proof: more.proof ?? earlier?.proof ?? null,
    evidence: more.evidence ?? earlier?.evidence ?? [],
    secrets: more.secrets ?? earlier?.secrets ?? null,
    mapping: more.mapping ?? earlier?.mapping,
    cost: more.cost ?? earlier?.cost,
    channels: more.channels ?? earlier?.channels,
    challenges: more.challenges ?? earlier?.challenges,
    ...(earlier?.asleep === undefined ? {} : { asleep: earlier.asleep }),
    outputs: more.outputs ?? earlier?.outputs ?? {},
  };
  await context.store.writeRecord(record);
  return record;
}
