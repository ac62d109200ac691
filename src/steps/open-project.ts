/** The project of a folder and its configuration. Most commands need no more, and do not wait for the rest to load. */
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { findProject } from '../environment/discover.ts';
import type { Project } from '../environment/model.ts';
import type { EngineName } from './context.ts';

/** Finds the project and its configuration. Reads only. */
export async function openProject(
  cwd: string,
  engine?: EngineName,
): Promise<{ project: Project; config: Config }> {
  const config = await loadConfig(cwd);
  const direct = (engine ?? config.engine) === 'direct';
  return { config, project: await findProject({ cwd, config, moduleOptional: direct }) };
}
