/**
 * The demo: the main job on the example project, in the sandbox, from an empty account to nothing left. It runs the
 * same commands that a person would type, and prints them.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createColors } from 'picocolors';
import { packageRoot } from '../../sandbox/package-root.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { duration } from '../report/blocks.ts';
import { run } from '../process/run.ts';
import { providerSources } from '../tools/provider-sources.ts';
import { findOrInstallTerraform } from '../tools/terraform.ts';
import { isProvisionError } from '../transfer/errors.ts';
import { applyByHand, createStateBucket } from './by-hand.ts';
import { secretsOf } from './secrets.ts';

const colors = createColors(process.stdout.isTTY && !process.env['NO_COLOR']);
const started = performance.now();
// `engines` says which versions of Node are supported; the SDK need not say it again.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

function chapter(title: string, why?: string): void {
  console.log(
    `\n${colors.bold(colors.magenta(`━━ ${title}`))} ${colors.dim(`(${duration(performance.now() - started)} so far)`)}`,
  );
  if (why) console.log(colors.dim(`   ${why}`));
}

/** Runs the command line as a person would, with its output as it comes. */
async function provisionEnv(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<void> {
  console.log(`\n${colors.cyan('$')} provision-env ${args.join(' ')}\n`);
  const bin = join(packageRoot(), 'dist', 'bin.mjs');
  const { exitCode } = await execa(process.execPath, [bin, ...args], {
    cwd,
    env,
    stdio: 'inherit',
    reject: false,
    timeout: 20 * 60_000,
  });
  if (exitCode !== 0) throw new Error(`provision-env ${args.join(' ')} ended with exit code ${exitCode}`);
}

async function demo(): Promise<void> {
  chapter(
    'Tools',
    'terraform, the AWS provider and moto are looked for on this machine, and installed where the network allows it.',
  );
  const terraform = await findOrInstallTerraform({ env: process.env, notify: () => undefined });
  const { cliConfigFile, note } = await providerSources({ env: process.env });
  console.log(`   terraform: ${terraform}${note ? `\n   providers: ${note}` : ''}`);

  const folder = await mkdtemp(join(tmpdir(), 'provision-env-demo-'));
  const sandbox = await startSandbox({ logFile: join(folder, 'sandbox.log') });
  try {
    console.log(`   sandbox: ${sandbox.endpoint} (an AWS that lives in this process only)`);
    const project = join(folder, 'daily-report');
    await cp(join(packageRoot(), 'examples', 'daily-report'), project, {
      recursive: true,
      filter: (path) => !/[/\\](?:\.terraform|\.provision-env|build|node_modules)(?:[/\\]|$)/.test(path),
    });
    // The example has a doppler.yaml: a token of the user's would send the demo to the user's own Doppler.
    const toolEnv = {
      DOPPLER_TOKEN: '',
      ...(cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: cliConfigFile }),
    };
    const environment = { ...process.env, ...sandbox.env, ...toolEnv } as Record<string, string>;

    chapter(
      'An environment to copy from',
      'dev, applied by hand as it always was. About a minute and a half: Aurora takes its time.',
    );
    await run({ command: process.execPath, args: ['build.mjs'], cwd: project, timeoutMs: 60_000 });
    await createStateBucket(sandbox.env);
    await applyByHand({ terraform, dir: join(project, 'shared'), env: environment, init: [], apply: [] });
    await applyByHand({
      terraform,
      dir: join(project, 'terraform'),
      env: { ...environment, ...secretsOf('dev'), TF_DATA_DIR: join(folder, 'dev-data') },
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });

    chapter(
      'A new environment from it',
      'Seven steps. The longest wait is the provider’s own: 30 s each for the Aurora cluster and its instance.',
    );
    const feature = { ...environment, ...secretsOf('feature-auth') };
    await provisionEnv(['feature-auth', 'from=dev', '--yes'], project, feature);

    chapter('What is known of it');
    await provisionEnv(['status', 'feature-auth'], project, feature);

    chapter('Taken away again', 'Aurora takes its minute again.');
    await provisionEnv(['destroy', 'feature-auth', '--yes'], project, feature);
    await provisionEnv(['list'], project, feature);

    chapter('Done');
    console.log('   dev is as it was, feature-auth is gone. All of it ran in the sandbox, which ends now.');
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  await demo();
} catch (error) {
  console.error(
    `\n${colors.red('The demo did not come to its end:')} ${error instanceof Error ? error.message : String(error)}`,
  );
  if (isProvisionError(error) && error.hint) console.error(`  → ${error.hint}`);
  process.exitCode = 1;
}
