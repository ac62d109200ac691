/** What the generated CI files have in common: how the tool is installed and called. */
import { readFile } from 'node:fs/promises';

export interface CiOptions {
  /** Version of this tool that the CI installs. */
  readonly version: string;
  /** `--ttl` for what the CI makes; absent where the configuration says how long environments live. */
  readonly ttl?: string | undefined;
}

/** The version of this tool, from its package. */
export async function ownVersion(): Promise<string> {
  for (const path of ['../package.json', '../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => null);
    if (text === null) continue;
    const { name, version } = JSON.parse(text) as { name?: string; version?: string };
    if (name === 'provision-env' && version !== undefined) return version;
  }
  return 'latest';
}

/** Scripts of packages are not run: nothing that is installed here needs them. */
export const install = 'npm install --global --ignore-scripts "provision-env@$PROVISION_ENV_VERSION"';

/** How long a run waits for another that works on the same environment: as long as that may take. */
export const waits = '--wait 90m';

/** Lines that destroy what has expired, then look whether anything of it is left in the account. */
export const nightly: readonly string[] = [
  'status=0',
  'provision-env gc --yes --json > gc.json || status=$?',
  // Names of environments have no spaces and nothing that a shell would read.
  `gone="$(node -p 'JSON.parse(fs.readFileSync("gc.json", "utf8")).gc?.environments.filter(({ outcome }) => ["destroyed", "left-behind"].includes(outcome)).map(({ environment }) => environment).join(" ") ?? ""')"`,
  'for environment in $gone; do',
  '  provision-env sweep "$environment" || status=$?',
  'done',
  'exit "$status"',
];
