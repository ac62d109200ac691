/** What `doctor` looks at, one function a check; each says what it saw, and how to mend it. */
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { openProject } from '../steps/open-project.ts';
import { toProvisionError } from '../transfer/errors.ts';
import type { CliIo } from './io.ts';

export interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint: string | null;
}

export interface DoctorInput {
  readonly from?: string | undefined;
  readonly project?: string | undefined;
}

/** Later checks need what earlier ones found; where that lacks, they are left out rather than failed twice. */
export async function runChecks(io: CliIo, input: DoctorInput): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const attempt = async <T>(
    check: string,
    look: () => Promise<{ detail: string; value: T }>,
  ): Promise<T | null> => {
    try {
      const { detail, value } = await look();
      results.push({ check, ok: true, detail, hint: null });
      return value;
    } catch (thrown) {
      const { message, hint } = toProvisionError(thrown);
      results.push({ check, ok: false, detail: message, hint: hint ?? null });
      return null;
    }
  };

  const opened = await attempt('Project', async () => {
    const value = await openProject(resolve(io.cwd, input.project ?? '.'));
    const { root, moduleDir, hasModule, environments, environmentVariable } = value.project;
    if (!hasModule)
      return { value, detail: `${root}; no Terraform: environments are copied from what is live` };
    return {
      value,
      detail: `root module ${moduleDir}; var.${environmentVariable} names the environment; ${environments.join(', ') || 'no environments yet'}`,
    };
  });
  if (opened !== null && !opened.project.hasModule) {
    await attempt('AWS credentials', credentials);
    return results;
  }
  const binary = await attempt('Terraform', () => terraform(io, opened?.config));
  await attempt('Providers', () => providers(io));
  await attempt('AWS credentials', credentials);
  const source = opened ? await attempt('Source environment', () => sourceFiles(opened, input)) : null;
  if (source !== null && binary !== null)
    await attempt('Source state', () => sourceState(io, source, binary));
  return results;
}

async function terraform(io: CliIo, config: Config | undefined): Promise<{ detail: string; value: string }> {
  const { findTerraform } = await import('../tools/terraform.ts');
  const found = await findTerraform({ configured: config?.terraform.binary, env: io.env });
  return { value: found.path, detail: `${found.path}, version ${found.version}` };
}

async function providers(io: CliIo): Promise<{ detail: string; value: true }> {
  const { providerSources } = await import('../tools/provider-sources.ts');
  const { note } = await providerSources({ env: io.env });
  return { value: true, detail: note };
}

async function credentials(): Promise<{ detail: string; value: true }> {
  const { callerIdentity } = await import('../aws/identity.ts');
  const { account, arn } = await callerIdentity();
  return { value: true, detail: `account ${account} as ${arn}` };
}

async function sourceFiles(
  { project, config }: { project: Project; config: Config },
  input: DoctorInput,
): Promise<{ detail: string; value: EnvironmentFiles }> {
  const value = await findEnvironment(project, input.from ?? config.defaultSource, config);
  return { value, detail: `${value.name}: ${value.varFile}, state at ${value.backend.location}` };
}

async function sourceState(
  { redactor }: CliIo,
  source: EnvironmentFiles,
  binary: string,
): Promise<{ detail: string; value: true }> {
  const { readState } = await import('../terraform/read-state.ts');
  const state = await readState(source.backend, {
    binary,
    signal: AbortSignal.timeout(60_000),
    notify: () => undefined,
    redactor,
  });
  const count = state?.resources.filter(({ mode }) => mode === 'managed').length ?? 0;
  return {
    value: true,
    detail: state === null ? 'there is none yet' : `${count} resources, serial ${state.serial}`,
  };
}
