/** The files of source and target: what is there, and what the target's will be. Writes nothing. */
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import type { HclParser } from '../hcl/parser.ts';
import type { Declarations } from '../terraform/model.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { TransferRequest } from './context.ts';
import { directFiles } from './direct-files.ts';
import { readVarFiles } from './var-files.ts';

export async function filesOf(
  request: TransferRequest,
  {
    project,
    config,
    hcl,
    declared,
    record,
  }: {
    readonly project: Project;
    readonly config: Config;
    readonly hcl: HclParser;
    readonly declared: Declarations;
    readonly record: EnvironmentRecord | null;
  },
): Promise<{
  source: EnvironmentFiles;
  target: EnvironmentFiles;
  varFiles: Awaited<ReturnType<typeof readVarFiles>>;
}> {
  if (!project.hasModule) {
    const { source, target, varFile } = directFiles(project, request.source, request.target);
    return { source, target, varFiles: { target: varFile, sourceValues: { environment: request.source } } };
  }
  const found = { hcl, declarations: declared };
  const source = await findEnvironment(project, request.source, config, found);
  const target = await deriveTarget(project, source, request.target, config, found);
  const varFiles = await readVarFiles({
    project,
    source,
    target,
    declarations: declared,
    request,
    config,
    hcl,
    recorded: record?.set ?? null,
  });
  return { source, target, varFiles };
}
