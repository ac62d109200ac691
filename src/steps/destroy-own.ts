/** The files and the secrets config that go with an environment: derived now, as a new one of that name would have them. */
import { relative, resolve } from 'node:path';
import { realPath } from '../environment/state-places.ts';
import { acceptHint, ownershipRule } from '../ownership/judge.ts';
import type { OtherEnvironment, OwnershipFinding } from '../ownership/model.ts';
import { isProtected } from '../environment/names.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';

export interface OwnPlaces {
  /** Absolute; each is this environment's alone. */
  readonly files: readonly string[];
  /** True if the secrets config of the record is this environment's alone, and was made by us. */
  readonly secrets: boolean;
  readonly findings: readonly OwnershipFinding[];
}

/** Where a finding about one of these is accepted, the thing is left as it is. */
export async function ownPlaces(
  context: TransferContext,
  record: EnvironmentRecord,
  others: readonly OtherEnvironment[],
): Promise<OwnPlaces> {
  const files: string[] = [];
  const findings: OwnershipFinding[] = [];
  for (const { recorded, derived } of recordedFiles(context, record)) {
    const problem = await problemOfFile(context, record, recorded, derived, others);
    if (problem === null) files.push(resolve(context.project.root, recorded));
    else findings.push(problem);
  }
  const secrets = await problemOfSecrets(context, record, others);
  return {
    files,
    secrets: record.secrets?.made === true && secrets === null,
    findings: [...findings, ...(secrets === null ? [] : [secrets])],
  };
}

interface RecordedFile {
  /** As the record has it. */
  readonly recorded: string;
  /** Where it lies as the project says now; absolute, `null` if there would be none. */
  readonly derived: string | null;
}

function recordedFiles({ target, varFile }: TransferContext, record: EnvironmentRecord): RecordedFile[] {
  return [
    ...(record.varFileOurs ? [{ recorded: record.varFile, derived: varFile.path }] : []),
    ...(record.backendFileOurs && record.backendFile !== null
      ? [{ recorded: record.backendFile, derived: target.backend.file }]
      : []),
  ];
}

const finding = (subject: string, message: string, hint: string): OwnershipFinding => ({
  rule: ownershipRule,
  severity: 'error',
  subject,
  message,
  hint: `${hint} ${acceptHint(subject)} Then it is left as it is.`,
  overrulable: true,
});

const recordHint = 'The record was changed by hand, or the settings of the project since: correct either.';

async function problemOfFile(
  { project }: TransferContext,
  { name }: EnvironmentRecord,
  recorded: string,
  derived: string | null,
  others: readonly OtherEnvironment[],
): Promise<OwnershipFinding | null> {
  const path = await realPath(resolve(project.root, recorded));
  const root = await realPath(project.root);
  const inside = relative(root, path);
  if (inside === '' || inside.startsWith('..') || resolve(inside) === inside)
    return finding(
      recorded,
      `The record of ${name} says that ${recorded} goes with it, which lies outside of the project: ${path}`,
      recordHint,
    );
  const owner = others.find(({ files }) => files.includes(path));
  if (owner !== undefined)
    return finding(
      recorded,
      `The record of ${name} says that ${recorded} goes with it, which is ${owner.name}'s.`,
      recordHint,
    );
  if (derived !== null && (await realPath(derived)) === path) return null;
  const now = derived === null ? 'there is none' : `it is ${relative(project.root, derived)}`;
  return finding(
    recorded,
    `The record of ${name} says that ${recorded} goes with it; by the project ${now}.`,
    recordHint,
  );
}

async function problemOfSecrets(
  context: TransferContext,
  { name, secrets }: EnvironmentRecord,
  others: readonly OtherEnvironment[],
): Promise<OwnershipFinding | null> {
  if (secrets?.made !== true) return null;
  const { provider } = await context.secrets();
  const { config } = secrets;
  if (provider.id !== secrets.provider)
    return finding(
      config,
      `The secrets of ${name} lie in ${secrets.provider} (${config}) by its record, and in ${provider.id} by the project.`,
      'Correct `secrets.provider` in provision-env.config.*.',
    );
  if (!provider.capabilities.environments) return null;
  const found = await provider.find(name);
  const derived =
    found ??
    (await provider.nameFor({
      environment: name,
      standing: isProtected(name, context.config),
      source: {
        environment: context.source.name,
        config: (await provider.find(context.source.name)) ?? '',
      },
    }));
  if (derived !== config)
    return finding(
      config,
      `The record of ${name} says that ${provider.place(config)} goes with it; by the project its secrets lie in ${provider.place(derived)}.`,
      recordHint,
    );
  for (const other of others) {
    if ((await provider.find(other.name)) !== config) continue;
    return finding(
      config,
      `The record of ${name} says that ${provider.place(config)} goes with it, which is ${other.name}'s.`,
      recordHint,
    );
  }
  return null;
}
