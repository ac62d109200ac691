/** What the provider's configuration of a project says of the place of one environment. Starts no process. */
import process from 'node:process';
import type { Project } from '../environment/model.ts';
import { valuesFor } from '../environment/variable-values.ts';
import type { HclParser } from '../hcl/parser.ts';
import type { Declarations } from '../terraform/model.ts';
import { readProviderBlocks } from '../terraform/provider-blocks.ts';
import {
  byEnvironment,
  mainConfiguration,
  placeOfProvider,
  type ProviderPlace,
} from '../terraform/provider-place.ts';

export interface ProviderOf {
  readonly project: Project;
  readonly declared: Declarations;
  readonly hcl: HclParser;
}

/** @param varFile of the environment, as it is or as it will be written */
export async function providerPlaceOf(
  varFile: { readonly path: string; readonly text: string },
  { project, declared, hcl }: ProviderOf,
): Promise<ProviderPlace> {
  if (!project.hasModule) return byEnvironment;
  const [blocks, values] = await Promise.all([
    readProviderBlocks(project.moduleDir, hcl),
    valuesFor(varFile, {
      moduleDir: project.moduleDir,
      declared: declared.modules['']?.variables ?? {},
      hcl,
      env: process.env,
    }),
  ]);
  const main = mainConfiguration(blocks.evaluate(values));
  return main === undefined ? byEnvironment : placeOfProvider(main, project.root);
}

/** False only where nothing of the project can lie in AWS: then nobody is asked where that would be. */
export function usesAws({ project, declared }: Omit<ProviderOf, 'hcl'>): boolean {
  if (!project.hasModule || declared.unresolvedCalls.length > 0) return true;
  return Object.values(declared.modules).some(({ resources }) =>
    Object.values(resources).some(({ type }) => type.startsWith('aws_')),
  );
}
