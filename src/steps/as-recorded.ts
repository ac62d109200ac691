/** What an earlier run has decided for the environment, and a later one cannot decide otherwise. Pure. */
import type { Config } from '../config/schema.ts';
import type { Project } from '../environment/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { EngineName, TransferRequest } from './context.ts';

/** @throws ProvisionError `journal-mismatch` where the environment was made from another source */
export function checkSource(request: TransferRequest, record: EnvironmentRecord | null): void {
  if (record === null || record.source === request.source) return;
  throw new ProvisionError(
    'journal-mismatch',
    `${request.target} was made from ${record.source}, not from ${request.source}.`,
    {
      hint: `Say from=${record.source}, or destroy it first: provision-env destroy ${request.target}.`,
    },
  );
}

/** @throws ProvisionError where an environment was made by another engine, or Terraform is wanted and not there */
export function engineOf(
  request: TransferRequest,
  record: EnvironmentRecord | null,
  project: Project,
  config: Config,
): EngineName {
  const engine = request.engine ?? record?.engine ?? config.engine;
  if (record !== null && record.engine !== engine) {
    throw new ProvisionError(
      'usage',
      `${record.name} was made by the ${record.engine} engine, not by ${engine}.`,
      {
        hint: `Leave --engine out, or destroy it first: provision-env destroy ${record.name}.`,
      },
    );
  }
  if (engine === 'terraform' && !project.hasModule)
    throw new ProvisionError('project-not-found', 'No Terraform root module was found.', {
      hint: 'For an environment that no Terraform manages say --engine direct.',
    });
  return engine;
}
