/** The files of source and target: what is there, and what the target's will be. Writes nothing. */
import { isAbsolute, relative } from 'node:path';
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import type { HclParser } from '../hcl/parser.ts';
import type { Declarations } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
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
  mustLieInProject(project, target);
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

/** A record says where they lie, and whoever reads it must not be led out of the project. */
function mustLieInProject({ root, moduleDir }: Project, { name, varFile, backend }: EnvironmentFiles): void {
  for (const path of [moduleDir, varFile, ...(backend.file === null ? [] : [backend.file])]) {
    if (!/^\.\.(?:[/\\]|$)/.test(relative(root, path)) && !isAbsolute(relative(root, path))) continue;
    throw new ProvisionError('config-invalid', `${path} of ${name} lies outside of the project ${root}.`, {
      hint: 'Put provision-env.config.* into a folder that holds all of it, and name the root module there under `terraform.dir`.',
    });
  }
}
