/**
 * Step 6: the plan, the proof on the plan, and only then the changes: record, var-file, backend file, apply.
 *
 * Every change is journaled before and after, and each can be done again: whoever resumes plans anew, proves anew and
 * goes on with what is still to do.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { unusedAccepts } from '../proof/prove.ts';
import { writeWhole } from '../store/write-whole.ts';
import type { StateModel } from '../terraform/model.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { RecordedSecrets } from '../transfer/record.ts';
import type { StepEnd } from '../transfer/run-steps.ts';
import { adoptLeftovers, findLeftovers, warnOfNameless } from './adopt-leftovers.ts';
import { agreeToLosses } from './agree-to-losses.ts';
import { plannedCalls } from './calls.ts';
import type { TransferContext } from './context.ts';
import { lineageOf, rememberPlanned, resourcesAfter } from './made-by-apply.ts';
import type { RewireOutput, StepsDone } from './outputs.ts';
import { shownPlan } from './plan-digest.ts';
import { changeCount, questionOf, summaryOf } from './plan-summary.ts';
import { findingsOf } from './proof-input.ts';
import { proveBeforeApply } from './prove-before-apply.ts';
import { outputsOf, recordedCost, saveRecord, shownOutputs } from './save-record.ts';
import { type SettledSecrets, settleSecrets } from './settle-secrets.ts';
import { sleepToolsOf, wakeDatabases } from './sleep-databases.ts';
import { channelsOf, setWebhook } from './webhooks.ts';

export async function rewire(context: TransferContext, before: StepsDone): Promise<StepEnd<RewireOutput>> {
  const { host, request, workspace, varFile, target } = context;
  let plan = await workspace.plan();
  const leftovers = await findLeftovers(context, plan);
  let { proof, account } = await proveBeforeApply(
    context,
    plan,
    context.record?.lineage,
    new Set(leftovers.map(({ address }) => address)),
  );
  for (const finding of findingsOf(proof)) host.notify({ type: 'finding', finding });
  for (const unused of unusedAccepts(proof, request.accept)) {
    host.notify({
      type: 'note',
      level: 'warning',
      text: `--accept ${unused} overrules nothing: there is no such finding.`,
    });
  }

  for (const unused of unusedAccepts(proof, context.config.accept)) {
    host.notify({
      type: 'note',
      level: 'info',
      text: `\`accept\` of the configuration has ${unused}, and there is no such finding: take it out once no environment has it.`,
    });
  }

  if (proof.held && !request.planOnly) warnOfNameless(context, plan);
  const cost = before.map?.cost ?? null;
  const actions: { what: string; detail: string; durationMs: number }[] = [];
  const summary = summaryOf(plan);
  let changes = changeCount(summary);
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
  const calls = await plannedCalls(context, plan, before.map?.references ?? []);
  const secretRows = (before.map?.rows ?? []).filter(({ kind }) => kind === 'secret');
  const shownNow = () => shownPlan(context, plan, { proof, cost, calls, secrets: secretRows });
  const shown = await shownNow();
  const output = (more: Partial<RewireOutput> = {}): RewireOutput => ({
    plan: summary,
    calls,
    digest: shown.digest,
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
  const asked = await unlessRefused(async () => {
    if (!(await host.ask({ kind: 'confirm', id: 'apply', text: questionOf(context, summary) }))) {
      throw new ProvisionError('declined', 'The plan was declined; nothing was changed.');
    }
    return agreeToLosses(context, plan, new Set());
  });
  if ('refused' in asked) return { status: 'failed', output: output(), error: asked.refused };
  context.signal.throwIfAborted();

  const doing: Doing = async (what, detail, act) => {
    const started = performance.now();
    await context.journal({ step: 'rewire', name: what, phase: 'begin' });
    const more = await act();
    await context.journal({ step: 'rewire', name: what, phase: 'end' });
    actions.push({ what, detail: more ?? detail, durationMs: performance.now() - started });
  };

  const accepted = findingsOf(proof).filter((finding) => finding.accepted !== undefined);
  await saveRecord(context, 'applying', {
    proof,
    accepted,
    mapping: before.map?.rows,
    cost: before.map && recordedCost(before.map.cost),
  });
  const { backend } = target;
  if (!varFile.exists) {
    await doing('var-file', relative(context.project.root, varFile.path), () =>
      writeFile(varFile.path, varFile.text),
    );
  }
  if (backend.file !== null && backend.fileText !== null && !backend.fileExists) {
    const { file, fileText } = backend;
    await doing('backend', relative(context.project.root, file), () => writeFile(file, fileText));
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
  if (leftovers.length > 0)
    await doing('adopt', `${leftovers.length} resources`, async () => {
      plan = await adoptLeftovers(context, leftovers);
    });
  if (settled?.changed || woken || leftovers.length > 0) {
    // What is applied is what was proved: with the real values, and awake, that is a new plan, and a new proof.
    if (leftovers.length === 0) plan = await workspace.replan();
    ({ proof, account } = await proveBeforeApply(context, plan));
    await saveRecord(context, 'applying', { proof });
    if (!proof.held) return { status: 'blocked', output: output() };
    const { values } = settled?.config ?? (await context.plannedSecrets());
    const isCovered = shown.covers(plan, values, woken || leftovers.length > 0);
    const now = output(isCovered ? {} : { plan: summaryOf(plan), digest: (await shownNow()).digest });
    const askedAgain = await unlessRefused(async () => {
      if (!isCovered) await agreeAnew(context, now);
      return agreeToLosses(context, plan, asked.answer);
    });
    if ('refused' in askedAgain) return { status: 'failed', output: now, error: askedAgain.refused };
    changes = changeCount(summaryOf(plan));
  }
  if (changes === 0) {
    const state = await workspace.state();
    // A run that died after the apply has not come to this.
    await fillSecrets(context, settled, outputsOf(state), doing);
    const outputs = shownOutputs(context, state);
    await saveRecord(context, 'applying', {
      resources: await resourcesAfter(context, state, null),
      outputs,
      ...lineageOf(state),
    });
    await pointWebhooks(context, state, doing);
    await saveRecord(context, 'applied');
    return { status: 'done', output: output({ outputs }) };
  }

  await rememberPlanned(context, plan, account);
  let result: Awaited<ReturnType<typeof workspace.apply>> | undefined;
  await doing('apply', `${changes} resources`, async () => {
    result = await workspace.apply();
  });
  const state = await stateAfter(context);
  const resources = await resourcesAfter(context, state, result ?? null);
  const failed = result?.failed ?? [];
  if (!result?.ok) {
    await saveRecord(context, 'halfway', { resources, ...lineageOf(state) });
    return {
      status: 'failed',
      output: output({ created: result?.applied ?? [], failed, outputs: shownOutputs(context, state) }),
    };
  }
  const outputs = shownOutputs(context, state);
  // What exists is written down before anything else can fail.
  await saveRecord(context, 'applying', { resources, outputs, ...lineageOf(state) });
  await fillSecrets(context, settled, outputsOf(state), doing);
  await pointWebhooks(context, state, doing);
  await saveRecord(context, 'applied');
  return { status: 'done', output: output({ created: result.applied, outputs }) };
}

/** A yes was to the plan that was shown then, and to no other. */
async function agreeAnew(context: TransferContext, now: RewireOutput): Promise<void> {
  context.host.notify({ type: 'proposal', step: 'rewire', output: now });
  const text = `This is not the plan that was agreed to. ${questionOf(context, now.plan)}`;
  if (await context.host.ask({ kind: 'confirm', id: 'apply-again', text })) return;
  throw new ProvisionError('declined', 'The new plan was declined; nothing of it was applied.');
}

/** Whoever is to answer later has to see what was planned, and what it loses: a refusal does not throw that away. */
async function unlessRefused<Answer>(
  ask: () => Promise<Answer>,
): Promise<{ readonly answer: Answer } | { readonly refused: ProvisionError }> {
  try {
    return { answer: await ask() };
  } catch (thrown) {
    if (isProvisionError(thrown)) return { refused: thrown };
    throw thrown;
  }
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

async function writeFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, text);
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
