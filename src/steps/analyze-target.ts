/** Step 3: what applies to the target, asked before Terraform is: names, files, state, outside services. */
import { relative } from 'node:path';
import { isProtected } from '../environment/names.ts';
import { derivedNameFindings } from '../proof/rules/name-fits.ts';
import { canonicalKey } from '../secrets/names.ts';
import { physicalName } from '../terraform/types/identity.ts';
import { blocks, type Finding } from '../transfer/finding.ts';
import type { StepEnd } from '../transfer/run-steps.ts';
import { botText } from './channels.ts';
import type { TransferContext } from './context.ts';
import type { AnalyzeTargetOutput, DerivedName, StepsDone } from './outputs.ts';
import type { PlannedSecrets } from './planned-secrets.ts';

export async function analyzeTarget(
  context: TransferContext,
  before: StepsDone,
): Promise<StepEnd<AnalyzeTargetOutput>> {
  const { project, target, varFile, rename, types, record } = context;
  const state = await context.sourceState();
  const findings = [...(await context.inventoryFindings()), ...derivedNameFindings(state, rename, types)].map(
    (finding) => accepted(context, finding),
  );
  context.findings.push(...findings);
  const blocked = findings.some(blocks);

  // The plan takes longest of all steps: it runs while the next ones think. A name that does not fit would only
  // make Terraform say so later and less clearly.
  const planned = await context.plannedSecrets();
  await context.fingerprintBefore();
  context.giveSecrets((await context.secrets()).childEnvironment(planned.values));
  if (!blocked) context.workspace.plan().catch(() => undefined);
  const existing = blocked ? null : await context.workspace.state();
  const existingManaged = existing?.resources.filter(({ mode }) => mode === 'managed').length ?? 0;

  const inProject = (path: string): string => relative(project.root, path) || '.';
  const output: AnalyzeTargetOutput = {
    name: target.name,
    varFile: { path: inProject(varFile.path), exists: varFile.exists, changes: varFile.changes },
    backend: {
      kind: target.backend.kind,
      location: target.backend.location,
      file: target.backend.file === null ? null : inProject(target.backend.file),
      fileExists: target.backend.fileExists,
    },
    existing: { resources: existingManaged, ours: record !== null },
    constraints: [
      { constraint: 'Name', met: true, detail: `${target.name} is valid` },
      {
        constraint: 'Names of resources',
        met: !blocked,
        detail: blocked
          ? findings.map(({ message }) => message).join(' ')
          : 'every derived name fits the limits of its service',
      },
      {
        constraint: 'State of its own',
        met: target.backend.location !== context.source.backend.location,
        detail: target.backend.location,
      },
      {
        constraint: 'State is free',
        met: existingManaged === 0 || record !== null,
        detail:
          existingManaged === 0
            ? 'nothing is there yet'
            : `${existingManaged} resources are there already${record ? `, made by ${record.owner} on ${record.created}` : ', and no record says that provision-env made them'}`,
      },
      {
        constraint: 'Secrets',
        met: planned.missing.length === 0,
        detail: [
          planned.config.place,
          ...keyList('will be asked for', planned.asked),
          ...keyList('filled from outputs after the apply', planned.filled),
          ...keyList('missing', planned.missing),
        ].join('; '),
      },
      ...(await channelConstraints(context, planned)),
      {
        constraint: 'Can be destroyed',
        met: true,
        detail: isProtected(target.name, context.config)
          ? 'protected: no command destroys it'
          : 'yes, with provision-env destroy',
      },
    ],
    derivedNames: derivedNames(context, state.resources),
    external: before.identify?.external ?? [],
  };
  return { status: blocked ? 'blocked' : 'done', output };
}

const keyList = (what: string, keys: readonly string[]): readonly string[] =>
  keys.length === 0 ? [] : [`${what}: ${keys.map(canonicalKey).join(', ')}`];

/** One channel has one webhook: each that the source uses has to be the target's own. */
async function channelConstraints(
  context: TransferContext,
  planned: PlannedSecrets,
): Promise<AnalyzeTargetOutput['constraints']> {
  const session = await context.channels();
  const { channels } = await session.judge(planned.config.values);
  const asked = new Set(planned.asked.map(canonicalKey));
  return [
    ...session.used.map((kind) => {
      const found = channels.find((channel) => channel.kind === kind.id);
      const willBe = kind.secrets.some(({ key }) => asked.has(key));
      const nobody = willBe
        ? `a new one, made by a person: ${kind.guide.link}`
        : 'its credentials are not there';
      return {
        constraint: `${kind.title} of its own`,
        met: found === undefined ? willBe : found.bot !== null && found.sharedWith === null,
        detail: found === undefined ? nobody : botText(found),
      };
    }),
    ...session.leftOut.map(({ kind, reason }) => ({
      constraint: `${kind.title} of its own`,
      met: false,
      detail: `left out by the configuration: ${reason}`,
    })),
  ];
}

/** A person may overrule a limit that we have wrong. */
function accepted({ request, owner, clock }: TransferContext, finding: Finding): Finding {
  return request.accept.includes(`${finding.rule}:${finding.subject}`)
    ? { ...finding, accepted: { by: owner, at: clock.now().toISOString() } }
    : finding;
}

function derivedNames(
  { rename, types }: TransferContext,
  resources: Awaited<ReturnType<TransferContext['sourceState']>>['resources'],
): DerivedName[] {
  return resources.flatMap(({ address, mode, type, values }) => {
    const name = mode === 'managed' ? physicalName(type, values, types) : null;
    if (name === null || !rename.namesSource(name)) return [];
    return [
      {
        address,
        source: name,
        target: rename.apply(name),
        maxLength: types.get(type)?.limits[0]?.maxLength ?? null,
      },
    ];
  });
}
