/** The var-files of the two environments: the source's as it is, the target's as it is or as it will be written. */
import { relative } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { isProtected } from '../environment/names.ts';
import { checkSet, logRetentionFor, makeTargetVarFile } from '../environment/target-var-file.ts';
import { parseVarFile, readVarFile } from '../environment/var-file.ts';
import type { HclParser } from '../hcl/parser.ts';
import { wasRedacted } from '../redact/redactor.ts';
import type { Declarations } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import type { TargetVarFile, TransferRequest } from './context.ts';
import type { VarFileChange } from './outputs.ts';

interface VarFileRequest {
  readonly project: Project;
  readonly source: EnvironmentFiles;
  readonly target: EnvironmentFiles;
  readonly declarations: Declarations;
  readonly request: TransferRequest;
  readonly config: Config;
  readonly hcl: HclParser;
  /** Values of an earlier `--set`, which are in the file already; `null` if this tool has not made the target. */
  readonly recorded: Readonly<Record<string, string>> | null;
}

const reasons = {
  environment: 'names the environment',
  set: 'given with --set',
  'log-retention': 'shorter retention saves costs (--keep-log-retention leaves it)',
} as const;

const inText = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : JSON.stringify(value);

/**
 * Reads the var-file of the source, and reads or makes up that of the target. Writes nothing.
 *
 * @throws ProvisionError `usage` for a `--set` that cannot be, `var-file-invalid`
 */
export async function readVarFiles({
  project,
  source,
  target,
  declarations,
  request,
  config,
  hcl,
  recorded,
}: VarFileRequest): Promise<{ target: TargetVarFile; sourceValues: Readonly<Record<string, Json>> }> {
  const sourceFile = await readVarFile(source.varFile, { hcl });
  const variables = declarations.modules['']?.variables ?? {};
  const { environmentVariable } = project;
  checkSet({ environmentVariable, set: request.set, sourceName: source.name, variables });
  const defaults = Object.fromEntries(
    Object.values(variables).flatMap((variable) =>
      variable.default === undefined ? [] : [[variable.name, variable.default]],
    ),
  );
  const sourceValues = { ...defaults, ...sourceFile.values };
  if (target.varFileExists) {
    const existing = await readVarFile(target.varFile, { hcl });
    const stands = ([name, value]: readonly [string, string]): boolean => {
      const known = recorded?.[name];
      // It was not written down: the file alone has it.
      return known === value || (wasRedacted(known ?? '') && inText(existing.values[name]) === value);
    };
    if (!Object.entries(request.set).every(stands)) {
      throw new ProvisionError(
        'usage',
        `--set does not change a var-file that is there already: ${relative(project.root, target.varFile)}`,
        {
          hint: 'Change the value in the file itself.',
        },
      );
    }
    const named = existing.values[project.environmentVariable];
    if (named !== undefined && named !== target.name) {
      throw new ProvisionError(
        'var-file-invalid',
        `The var-file of ${target.name} says ${project.environmentVariable} = ${JSON.stringify(named)}.`,
        {
          where: { file: target.varFile, line: existing.lines[project.environmentVariable] ?? 1 },
          hint: `Set it to "${target.name}", or remove the file and let it be made from ${source.name}'s.`,
        },
      );
    }
    return {
      sourceValues,
      target: {
        path: target.varFile,
        exists: true,
        text: existing.text,
        values: { ...defaults, ...existing.values },
        changes: [],
      },
    };
  }
  const { text, changes } = await makeTargetVarFile({
    sourceText: sourceFile.text,
    sourceFile: source.varFile,
    targetFile: relative(project.root, target.varFile),
    sourceName: source.name,
    targetName: target.name,
    environmentVariable: project.environmentVariable,
    variables,
    hcl,
    set: request.set,
    logRetention:
      request.keepLogRetention || isProtected(target.name, config)
        ? null
        : logRetentionFor(sourceFile.values, variables, config.logRetentionDays),
  });
  const values = { ...defaults, ...parseVarFile(text, target.varFile, hcl).values };
  return {
    sourceValues,
    target: {
      path: target.varFile,
      exists: false,
      text,
      values,
      changes: changes.map(({ variable, from, to, sensitive, reason }): VarFileChange => ({
        variable,
        from: sensitive ? '(sensitive)' : (from ?? null),
        to: sensitive ? '(sensitive)' : to,
        reason: reasons[reason],
      })),
    },
  };
}
