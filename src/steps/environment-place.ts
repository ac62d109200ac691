/** Where an environment lies, for what works on it without opening a transfer: sweep, sleep, wake, diff. */
import type { AwsClients } from '../aws/clients.ts';
import { createHclParser } from '../hcl/parser.ts';
import { whole } from '../redact/redactor.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { noDeclarations } from './direct-files.ts';
import { filesOf } from './environment-files.ts';
import type { OpenDependencies } from './open.ts';
import { findPlace, type FoundPlace, requirePlace } from './place.ts';
import { providerPlaceOf, usesAws } from './provider-of.ts';

export interface EnvironmentPlace {
  /** `null` where nothing of the project lies in AWS. */
  readonly place: FoundPlace | null;
  /** They act there. To be closed by who asked. */
  readonly clients: AwsClients;
}

/**
 * Refuses to go on where this run would act in another account or region than the environment lies in.
 *
 * @param source what it was made from: its var-file says what the environment's did, where that is gone
 * @param record `null` where there is none: then nobody knows where it lay
 * @throws ProvisionError `place-mismatch`, or what kept the account from being asked
 */
export async function openEnvironmentPlace(
  name: string,
  source: string,
  record: EnvironmentRecord | null,
  { project, config, host, signal, createClients }: OpenDependencies,
): Promise<EnvironmentPlace> {
  const hcl = await createHclParser();
  const declared = project.hasModule ? await readDeclarations(project.moduleDir, { hcl }) : noDeclarations;
  const request = {
    command: 'place',
    target: name,
    source,
    set: whole(record?.set ?? {}),
    accept: [],
    keepLogRetention: true,
    planOnly: true,
  };
  const files = await filesOf(request, { project, config, hcl, declared, record }).catch((error: unknown) => {
    // Without var-files there is only what the configuration itself says.
    if (error instanceof ProvisionError) return null;
    throw error;
  });
  const varFile = files?.varFiles.target ?? { path: 'none.tfvars', text: '' };
  const provider = await providerPlaceOf(varFile, { project, declared, hcl });
  const { place, clients } = await findPlace(provider, {
    signal,
    ...(createClients ? { open: createClients } : {}),
  });
  const inAws = usesAws({ project, declared }) ? place : null;
  try {
    if (inAws !== null) {
      host.notify({ type: 'place', source, target: name, place: { ...inAws.facts, ...record?.place } });
      if (record !== null) requirePlace(record, inAws, 'recorded');
    }
    return { place: inAws, clients };
  } catch (error) {
    clients.close();
    throw error;
  }
}
