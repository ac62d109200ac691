import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../sandbox/start.ts';
import { applyByHand, createStateBucket } from '../src/demo/by-hand.ts';
import { run } from '../src/process/run.ts';
import { providerSources } from '../src/tools/provider-sources.ts';
import { findOrInstallTerraform } from '../src/tools/terraform.ts';
import { secretsOf } from './secrets.ts';

const root = join(import.meta.dirname, '..');

/** `provision-env <target> from=dev --yes` against `terraform init`, `plan -out`, `apply` by hand: at most 1.10 times. */
export async function provisionBench(): Promise<void> {
  const terraform = await findOrInstallTerraform({ env: process.env, notify: () => undefined });
  const { cliConfigFile } = await providerSources({ env: process.env });
  const folder = await mkdtemp(join(tmpdir(), 'pe-bench-'));
  const sandbox = await startSandbox({ logFile: join(folder, 'sandbox.log') });
  try {
    const project = join(folder, 'daily-report');
    await cp(join(root, 'examples', 'daily-report'), project, { recursive: true });
    const env = {
      ...process.env,
      ...sandbox.env,
      // The example has a doppler.yaml; what is measured takes its secrets from here.
      DOPPLER_TOKEN: '',
      ...(cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: cliConfigFile }),
    } as Record<string, string>;
    // By hand nobody asks LINE and Telegram either, and what is measured is Terraform.
    const skip = 'not measured';
    await writeFile(
      join(project, 'provision-env.config.json'),
      JSON.stringify({ channels: { line: { skip }, telegram: { skip } } }),
    );
    await run({ command: process.execPath, args: ['build.mjs'], cwd: project, timeoutMs: 60_000 });
    await createStateBucket(sandbox.env);
    await applyByHand({ terraform, dir: join(project, 'shared'), env, init: [], apply: [] });
    const dir = join(project, 'terraform');
    const dev = { ...env, ...secretsOf('dev'), TF_DATA_DIR: join(folder, 'dev') };
    await applyByHand({
      terraform,
      dir,
      env: dev,
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });

    const byHand = performance.now();
    const hand = {
      ...env,
      ...secretsOf('feature-hand'),
      TF_DATA_DIR: join(folder, 'hand'),
      TF_IN_AUTOMATION: '1',
    };
    for (const args of [
      [
        'init',
        '-input=false',
        '-backend-config=envs/dev/backend.hcl',
        '-backend-config=key=dr-daily-report/feature-hand/terraform.tfstate',
      ],
      [
        'plan',
        '-input=false',
        '-var-file=terraform.dev.tfvars',
        '-var=environment=feature-hand',
        `-out=${join(folder, 'plan')}`,
      ],
      ['apply', '-input=false', join(folder, 'plan')],
    ]) {
      const { exitCode, stderr } = await run({
        command: terraform,
        args,
        cwd: dir,
        env: hand,
        timeoutMs: 600_000,
      });
      if (exitCode !== 0) throw new Error(stderr);
    }
    const byHandMs = performance.now() - byHand;

    const { exitCode, stdout, stderr, durationMs } = await run({
      command: process.execPath,
      args: [join(root, 'dist', 'bin.mjs'), 'feature-tool', 'from=dev', '--yes', '--json'],
      cwd: project,
      env: { ...env, ...secretsOf('feature-tool') },
      timeoutMs: 900_000,
    });
    const document = JSON.parse(stdout) as {
      status: string;
      steps: { id: string; durationMs: number; output: { terraformProcesses?: number } | null }[];
    };
    if (exitCode !== 0) throw new Error(`${document.status}\n${stderr}`);
    console.log(`  by hand (init, plan, apply)        ${(byHandMs / 1000).toFixed(1)} s`);
    console.log(
      `  provision-env, proof and layers    ${(durationMs / 1000).toFixed(1)} s, ${(durationMs / byHandMs).toFixed(2)} times (limit 1.10)`,
    );
    for (const { id, durationMs: ms, output } of document.steps) {
      console.log(
        `    ${id.padEnd(16)} ${(ms / 1000).toFixed(1)} s${output?.terraformProcesses === undefined ? '' : `, ${output.terraformProcesses} Terraform processes`}`,
      );
    }
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
