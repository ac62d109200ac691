/** Which Terraform a program is. */
import { run } from '../process/run.ts';

export interface TerraformVersion {
  readonly product: 'terraform' | 'tofu';
  /** For example `1.11.4`. */
  readonly version: string;
}

const banner = /^(?<product>Terraform|OpenTofu) v(?<version>\d+\.\d+\.\d+\S*)/m;

/** Reads what `terraform version` or `tofu version` prints. `-json` would not say which of the two it is. */
export function parseVersion(text: string): TerraformVersion | null {
  const { product, version } = banner.exec(text)?.groups ?? {};
  if (version === undefined) return null;
  return { product: product === 'OpenTofu' ? 'tofu' : 'terraform', version };
}

export interface VersionOptions {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @returns `null` if the program is not there or is neither of the two */
export async function readVersion(
  binary: string,
  options: VersionOptions = {},
): Promise<TerraformVersion | null> {
  const { exitCode, stdout } = await run({
    command: binary,
    args: ['version'],
    env: { ...options.env, CHECKPOINT_DISABLE: '1', TF_CLI_ARGS: undefined, TF_CLI_ARGS_version: undefined },
    timeoutMs: 30_000,
    graceMs: 2_000,
    signal: options.signal,
  });
  return exitCode === 0 ? parseVersion(stdout) : null;
}
