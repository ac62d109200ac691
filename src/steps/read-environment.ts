import type { EnvironmentFiles } from '../environment/model.ts';
import type { StateModel } from '../terraform/model.ts';
import { readState } from '../terraform/read-state.ts';
import type { OpenDependencies } from './open.ts';

/** The state of an environment that need not be ours. `null` if nothing was applied there; throws what keeps us from reading. */
export async function readStateOf(
  { backend }: EnvironmentFiles,
  dependencies: Pick<OpenDependencies, 'signal' | 'host' | 'findTool' | 'redactor'>,
): Promise<StateModel | null> {
  const { signal, host, redactor } = dependencies;
  // Files are read as they are; only for other places Terraform may be needed.
  const binary = backend.kind === 's3' ? (await dependencies.findTool()).binary : 'terraform';
  return readState(backend, { binary, signal, notify: (event) => host.notify(event), redactor });
}
