/**
 * Step 6: the plan, the proof on the plan, and only then the changes: record, var-file, backend file, apply.
 *
 * Every change is journaled before and after, and each can be done again: whoever resumes plans anew, proves anew and
 * goes on with what is still to do.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { toChecked } from '../aws/check.ts';
import { begunCreations } from '../direct/begun.ts';
import { isProtected } from '../environment/names.ts';
import { prove, unusedAccepts } from '../proof/prove.ts';
import type { ProofInput } from '../proof/rule.ts';
import type { SecretsProofInput } from '../proof/secrets.ts';
import type { PlanModel, StateModel } from '../terraform/model.ts';
import { identityOf } from '../terraform/types/identity.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { Finding, Proof } from '../transfer/finding.ts';
import type {
  EnvironmentRecord,
  EnvironmentStatus,
  RecordedResource,
  RecordedSecrets,
} from '../transfer/record.ts';
import type { StepEnd } from '../transfer/run-steps.ts';
import { askAccount } from './ask-account.ts';
import type { TransferContext } from './context.ts';
import { agreeToLosses } from './agree-to-losses.ts';
import { type SettledSecrets, settleSecrets } from './settle-secrets.ts';
import type { PlanSummary, RewireOutput, StepsDone } from './outputs.ts';
import { sleepToolsOf, wakeDatabases } from './sleep-databases.ts';
import { channelsOf, setWebhook } from './webhooks.ts';

export async function rewire(context: TransferContext, before: StepsDone): Promise<StepEnd<RewireOutput>> {
  const { host, request, workspace, varFile, target } = context;
  const plan = await workspace.plan();
  let proof = await proveBeforeApply(context, plan);
  for (const finding of findingsOf(proof)) host.notify({ type: 'finding', finding });
  for (const unused of unusedAccepts(proof, request.accept)) {
    host.notify({
      type: 'note',
      level: 'warning',
      text: `--accept ${unused} overrules nothing: there is no such finding.`,
    });
  }

  const actions: { what: string; detail: string; durationMs: number }[] = [];
  const summary = summaryOf(plan);
  let changes = countOf(summary);
  const { record: earlier } = context;
  if (earlier?.asleep !== undefined) {
    host.notify({
      type: 'note',
      level: 'info',
      text: `${target.name} is asleep since ${earlier.asleep.since}: changes of the capacity of its databases in the plan come of that.`,
      hint: request.planOnly
        ? `provision-env wake ${target.name} takes them away.`
        : 'It is woken before anything is applied.',
    });
  }
  const output = (more: Partial<RewireOutput> = {}): RewireOutput => ({
    plan: summary,
    proof,
    actions,
    created: [],
    failed: [],
    outputs: {},
    terraformProcesses: context.terraformProcesses(),
    ...more,
  });
  if (!proof.held) return { status: 'blocked', output: output() };
  if (request.planOnly) return { status: 'pending', output: output() };

  host.notify({ type: 'proposal', step: 'rewire', output: output() });
  if (!(await host.ask({ kind: 'confirm', id: 'apply', text: questionOf(context, summary) }))) {
    throw new ProvisionError('declined', 'The plan was declined; nothing was changed.');
  }
  let agreed = await agreeToLosses(context, plan, new Set());
  context.signal.throwIfAborted();

  const doing: Doing = async (what, detail, act) => {
    const started = performance.now();
    await context.journal({ step: 'rewire', name: what, phase: 'begin' });
    const more = await act();
    await context.journal({ step: 'rewire', name: what, phase: 'end' });
    actions.push({ what, detail: more ?? detail, durationMs: performance.now() - started });
  };

  const accepted = findingsOf(proof).filter((finding) => finding.accepted !== undefined);
  await saveRecord(context, 'applying', { proof, accepted, mapping: before.map?.rows });
  const { backend } = target;
  if (!varFile.exists) {
    await doing('var-file', relative(context.project.root, varFile.path), () =>
      writeWhole(varFile.path, varFile.text),
    );
  }
  if (backend.file !== null && backend.fileText !== null && !backend.fileExists) {
    const { file, fileText } = backend;
    await doing('backend', relative(context.project.root, file), () => writeWhole(file, fileText));
  }
  let settled: SettledSecrets | undefined;
  const remember = async (secrets: RecordedSecrets): Promise<void> => {
    await saveRecord(context, 'applying', { secrets });
  };
  await doing('secrets', target.name, async () => {
    settled = await settleSecrets(context, remember);
  }).catch(async (error: unknown) => {
    if (isProvisionError(error) && error.code === 'needs-person') await saveRecord(context, 'waiting');
    throw error;
  });
  let woken = false;
  await wakeFirst(context, doing, () => {
    woken = true;
  });
  if (settled?.changed)
    context.giveSecrets((await context.secrets()).childEnvironment(settled.config.values));
  if (settled?.changed || woken) {
    // What is applied is what was proved: with the real values, and awake, that is a new plan, and a new proof.
    const again = await workspace.replan();
    proof = await proveBeforeApply(context, again);
    await saveRecord(context, 'applying', { proof });
    if (!proof.held) return { status: 'blocked', output: output() };
    agreed = await agreeToLosses(context, again, agreed);
    changes = countOf(summaryOf(again));
  }
  if (changes === 0) {
    const state = await workspace.state();
    // A run that died after the apply has not come to this.
    await fillSecrets(context, settled, outputsOf(state), doing);
    await saveRecord(context, 'applying', {
      resources: recordedResources(context, state),
      outputs: outputsOf(state),
    });
    await pointWebhooks(context, state, doing);
    await saveRecord(context, 'applied');
    return { status: 'done', output: output({ outputs: outputsOf(state) }) };
  }

  let result: Awaited<ReturnType<typeof workspace.apply>> | undefined;
  await doing('apply', `${changes} resources`, async () => {
    result = await workspace.apply();
  });
  const state = await stateAfter(context);
  const resources = recordedResources(context, state);
  const failed =
    result?.failed.map(({ address, diagnostic }) => ({ address, message: diagnostic.message })) ?? [];
  if (!result?.ok) {
    await saveRecord(context, 'halfway', { resources });
    return {
      status: 'failed',
      output: output({ created: result?.applied ?? [], failed, outputs: outputsOf(state) }),
    };
  }
  const outputs = outputsOf(state);
  // What exists is written down before anything else can fail.
  await saveRecord(context, 'applying', { resources, outputs });
  await fillSecrets(context, settled, outputs, doing);
  await pointWebhooks(context, state, doing);
  await saveRecord(context, 'applied');
  return { status: 'done', output: output({ created: result.applied, outputs: outputsOf(state) }) };
}

/** @param act its answer, if it gives one, says more of what was done than `detail` */
type Doing = (what: string, detail: string, act: () => Promise<string | void>) => Promise<void>;

/** Endpoints of what was just made go where the functions' secrets are kept. */
async function fillSecrets(
  context: TransferContext,
  settled: SettledSecrets | undefined,
  outputs: Readonly<Record<string, string>>,
  doing: Doing,
): Promise<void> {
  const secrets = await context.secrets();
  if (settled === undefined || !secrets.provider.capabilities.write) return;
  const { config } = settled;
  await doing('secrets-from-outputs', config.place, async () => {
    await secrets.fill(config, outputs);
  });
}

/** Where the messages go is recorded before it is changed: whoever destroys the environment has to know. */
async function pointWebhooks(
  context: TransferContext,
  state: StateModel | null,
  doing: Doing,
): Promise<void> {
  const channels = await channelsOf(context, state);
  await saveRecord(context, 'applying', { channels });
  for (const channel of channels) {
    await doing(`webhook of ${channel.kind}`, channel.webhookUrl ?? '', async () => {
      const { state: outcome, detail } = await setWebhook(context, channel);
      if (outcome === 'by-hand')
        context.host.notify({ type: 'note', level: 'warning', text: `${channel.kind}: ${detail}` });
      return detail;
    });
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, text);
}

/** After a failed apply the state may be out of reach too; what failed is the news then, not this. */
async function stateAfter(context: TransferContext): Promise<StateModel | null> {
  return context.workspace.state().catch((error: unknown) => {
    context.host.notify({
      type: 'note',
      level: 'warning',
      text: `The state could not be read after the apply: ${error instanceof Error ? error.message : String(error)}`,
    });
    return null;
  });
}

const countOf = ({ create, update, delete: gone, replace }: PlanSummary): number =>
  create + update + gone + replace;

/** A stopped database refuses changes, and Terraform would take the capacity of one that sleeps for drift. */
async function wakeFirst(context: TransferContext, doing: Doing, onWoken: () => void): Promise<void> {
  const { asleep } = context.record ?? {};
  if (asleep === undefined) return;
  await doing('wake', context.target.name, async () => {
    const reports = await wakeDatabases(context.target.name, asleep, sleepToolsOf(context));
    const failed = reports.find(({ outcome }) => outcome === 'failed');
    if (failed !== undefined) {
      throw new ProvisionError(
        'apply-failed',
        `${context.target.name} could not be woken: ${failed.detail}`,
        {
          hint: `Look at ${failed.id} in the account; provision-env resume ${context.target.name} goes on.`,
        },
      );
    }
    onWoken();
  });
}

function questionOf({ target, request, record }: TransferContext, summary: PlanSummary): string {
  const { create, update, delete: gone, replace } = summary;
  if (countOf(summary) === 0)
    return `Nothing is left to ${record === null ? 'create for' : 'change in'} ${target.name}. Verify it?`;
  const what = `${create} to add, ${update + replace} to change, ${gone + replace} to destroy`;
  return record === null
    ? `Create ${target.name} from ${request.source}: ${what}?`
    : `Update ${target.name}: ${what}?`;
}

export function findingsOf(proof: Proof): readonly Finding[] {
  return proof.verdicts.flatMap((verdict) => verdict.findings);
}

export function summaryOf(plan: PlanModel): PlanSummary {
  const managed = plan.changes.filter(({ mode }) => mode === 'managed');
  const count = (action: string): number => managed.filter((change) => change.action === action).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    replace: count('replace'),
  };
}

/** What both proofs are judged on. */
export async function proofInput(
  context: TransferContext,
): Promise<Omit<ProofInput, 'phase' | 'target'> & { target: Omit<ProofInput['target'], 'state' | 'plan'> }> {
  const state = await context.sourceState();
  return {
    source: {
      name: context.source.name,
      state,
      stateLocation: context.source.backend.location,
      variables: context.sourceVariables,
      fingerprintBefore: await context.fingerprintBefore(),
    },
    target: {
      name: context.target.name,
      stateLocation: context.target.backend.location,
      variables: context.varFile.values,
      ours: context.record !== null,
      protected: isProtected(context.target.name, context.config),
    },
    others: context.others,
    declarations: await context.declarations(),
    environmentVariable: context.project.environmentVariable,
    rename: context.rename,
    types: context.types,
    shared: context.config.shared,
    secrets: await secretsInput(context),
  };
}

async function proveBeforeApply(context: TransferContext, plan: PlanModel): Promise<Proof> {
  const { types, record } = context;
  const [source, state] = await Promise.all([context.sourceState(), context.workspace.state()]);
  const [input, account] = await Promise.all([
    proofInput(context),
    askAccount({
      plan: await withoutBegun(context, plan),
      source,
      state,
      recorded: record?.resources ?? [],
      types,
      aws: () => context.aws(),
    }),
  ]);
  return prove(
    { ...input, phase: 'before-apply', account, target: { ...input.target, plan, state } },
    acceptance(context),
  );
}

/** What a killed run of the direct engine may have made is looked for when it is made, by its mark. */
async function withoutBegun({ engine, store, target }: TransferContext, plan: PlanModel): Promise<PlanModel> {
  if (engine !== 'direct') return plan;
  const begun = begunCreations(await store.readJournal(target.name));
  return { ...plan, changes: plan.changes.filter(({ address }) => !begun.has(address)) };
}

/** Read anew each time: after the apply, what was filled in counts. */
async function secretsInput(context: TransferContext): Promise<SecretsProofInput> {
  const [secrets, planned] = await Promise.all([context.secrets(), context.plannedSecrets()]);
  const config = await secrets.preview();
  const asked = new Set(planned.asked);
  const [input, channels] = await Promise.all([
    secrets.proofInput(
      config,
      config.missing.filter((key) => !asked.has(key)),
    ),
    context.channels().then((session) => session.judge(config.values)),
  ]);
  return { ...input, channels };
}

export function acceptance(context: TransferContext): { accept: readonly string[]; by: string; at: string } {
  return {
    accept: context.request.accept,
    by: context.owner,
    at: context.clock.now().toISOString(),
  };
}

export function recordedResources(
  context: TransferContext,
  state: StateModel | null,
): readonly RecordedResource[] {
  return (state?.resources ?? [])
    .filter(({ mode }) => mode === 'managed')
    .map((resource) => {
      const identity = identityOf(resource.type, resource.values, context.types);
      return toChecked(resource, identity.kind === 'known' ? identity.text : null);
    });
}

function outputsOf(state: StateModel | null): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(state?.outputs ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** Writes what is known of the target, keeping what an earlier run knew and this one does not change. */
export async function saveRecord(
  context: TransferContext,
  status: EnvironmentStatus,
  more: Partial<
    Pick<
      EnvironmentRecord,
      | 'resources'
      | 'outputs'
      | 'proof'
      | 'accepted'
      | 'evidence'
      | 'secrets'
      | 'mapping'
      | 'channels'
      | 'challenges'
    >
  > = {},
): Promise<EnvironmentRecord> {
  const { target, varFile, project } = context;
  const now = context.clock.now().toISOString();
  const earlier = await context.store.readRecord(target.name);
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
    state: target.backend.location,
    // A run that says nothing of them changes none: they stand in the var-file.
    set: { ...earlier?.set, ...context.request.set },
    keepLogRetention: context.request.keepLogRetention,
    accepted: more.accepted ?? earlier?.accepted ?? [],
    resources: more.resources ?? earlier?.resources ?? [],
    proof: more.proof ?? earlier?.proof ?? null,
    evidence: more.evidence ?? earlier?.evidence ?? [],
    secrets: more.secrets ?? earlier?.secrets ?? null,
    mapping: more.mapping ?? earlier?.mapping,
    channels: more.channels ?? earlier?.channels,
    challenges: more.challenges ?? earlier?.challenges,
    ...(earlier?.asleep === undefined ? {} : { asleep: earlier.asleep }),
    outputs: more.outputs ?? earlier?.outputs ?? {},
  };
  await context.store.writeRecord(record);
  return record;
}
