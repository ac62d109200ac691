/** What stands for the files of environments where no Terraform manages them: there are none. */
import { join } from 'node:path';
import { checkTransferNames } from '../environment/names.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import type { Declarations } from '../terraform/model.ts';
import type { TargetVarFile } from './context.ts';

export const noDeclarations: Declarations = {
  backend: null,
  requiredVersion: null,
  requiredProviders: {},
  modules: {},
  unresolvedCalls: [],
};

/** Nothing of it is ever read or written. */
export function liveFiles(project: Project, name: string): EnvironmentFiles {
  return {
    name,
    varFile: join(project.root, '.provision-env'),
    varFileExists: true,
    layout: 'none',
    backend: {
      kind: 'none',
      declaration: null,
      file: null,
      fileText: null,
      fileExists: false,
      overrides: {},
      settings: {},
      stateFile: null,
      location: `live://${name}`,
    },
  };
}

/** @throws ProvisionError `name-invalid` */
export function directFiles(
  project: Project,
  source: string,
  target: string,
): { source: EnvironmentFiles; target: EnvironmentFiles; varFile: TargetVarFile } {
  checkTransferNames(source, target);
  const own = liveFiles(project, target);
  return {
    source: liveFiles(project, source),
    target: own,
    varFile: { path: own.varFile, exists: true, text: '', values: { environment: target }, changes: [] },
  };
}
