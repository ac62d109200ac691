/**
 * The demo: the main job on the example project, in the sandbox, from an empty account to nothing left. It runs the
 * same commands that a person would type, and prints them.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createColors } from 'picocolors';
import { packageRoot } from '../../sandbox/package-root.ts';
import type { ChannelSet } from '../../sandbox/daily-report.ts';
import { inboxText, readInbox } from '../../sandbox/inbox/read.ts';
import { startSandboxWorld, type SandboxWorld } from '../../sandbox/world.ts';
import { duration } from '../report/blocks.ts';
import { run } from '../process/run.ts';
import { providerSources } from '../tools/provider-sources.ts';
import { findOrInstallTerraform } from '../tools/terraform.ts';
import { isProvisionError } from '../transfer/errors.ts';
import { applyByHand, createStateBucket, outputsByHand } from './by-hand.ts';

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

interface Shell {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

const bin = join(packageRoot(), 'dist', 'bin.mjs');

function announce(args: readonly string[]): void {
  console.log(`\n${colors.cyan('$')} provision-env ${args.join(' ')}\n`);
}

function expectExit(args: readonly string[], exitCode: number | undefined, expected: number): void {
  if (exitCode !== expected)
    throw new Error(`provision-env ${args.join(' ')} ended with exit code ${exitCode}, not ${expected}`);
}

/** Runs the command line as a person would, with its output as it comes. */
async function provisionEnv({ cwd, env }: Shell, args: readonly string[], expected = 0): Promise<void> {
  announce(args);
  const { exitCode } = await execa(process.execPath, [bin, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
    timeout: 20 * 60_000,
  });
  expectExit(args, exitCode, expected);
}

/**
 * Runs it and shows the end of what it says: one run in full is enough to see what a run shows.
 *
 * @param lines how many
 */
async function provisionEnvBriefly(
  { cwd, env }: Shell,
  args: readonly string[],
  { expected, lines }: { readonly expected: number; readonly lines: number },
): Promise<void> {
  announce(args);
  const { exitCode, all } = await execa(process.execPath, [bin, ...args], {
    cwd,
    env,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: 20 * 60_000,
  });
  const said = all.trimEnd().split('\n');
  const rest = said.length - lines;
  if (rest > 0)
    console.log(
      colors.dim(`   … ${rest} lines are left out: the seven steps are shown where staging is made\n`),
    );
  console.log(said.slice(-lines).join('\n'));
  expectExit(args, exitCode, expected);
}

/** What a person does at LINE's console, with @BotFather and at Doppler's dashboard. */
function storeChannels({ doppler }: SandboxWorld, config: string, channels: ChannelSet): void {
  doppler.set('daily-report', config, channels.secrets);
  console.log(`   stored in Doppler, config ${config}: ${Object.keys(channels.secrets).join(', ')}`);
}

/** What the testers do with their phones: read the message, and return the code. */
async function confirmBoth(shell: Shell, world: SandboxWorld, env: string, set: ChannelSet): Promise<void> {
  const services = [
    { title: 'LINE', endpoint: world.line.endpoint, user: set.line.tester },
    { title: 'Telegram', endpoint: world.telegram.endpoint, user: set.telegram.tester },
  ];
  for (const [index, { title, endpoint, user }] of services.entries()) {
    const messages = await readInbox(endpoint, user.id);
    console.log(`\n${colors.bold(`${title}, on the phone of ${user.name}`)} ${colors.dim(user.inbox)}`);
    console.log(colors.dim(inboxText(messages).trimEnd().replaceAll(/^/gm, '   ')));
    const code = messages.flatMap(({ text }) => /confirm \S+ (\S+)$/.exec(text)?.[1] ?? []).at(-1) ?? '';
    // The first code is not the last: the environment waits for the other channel.
    await provisionEnv(shell, ['confirm', env, code], index < services.length - 1 ? 6 : 0);
  }
}

/** What the example says, with the testers of the sandbox, by the ids that LINE and Telegram know them by. */
function configFor(example: string, { line, telegram }: ChannelSet): string {
  const channels = { line: { tester: line.tester.id }, telegram: { tester: telegram.tester.id } };
  return `${JSON.stringify({ ...(JSON.parse(example) as object), channels }, null, 2)}\n`;
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
  const world = await startSandboxWorld({ logFile: join(folder, 'sandbox.log') });
  try {
    console.log(
      `   sandbox: an AWS (${world.aws.endpoint}), a Doppler, a LINE and a Telegram that live in this process only`,
    );
    const project = join(folder, 'daily-report');
    await cp(join(packageRoot(), 'examples', 'daily-report'), project, {
      recursive: true,
      filter: (path) => !/[/\\](?:\.terraform|\.provision-env|build|node_modules)(?:[/\\]|$)/.test(path),
    });
    const { spare } = world;
    const config = join(project, 'provision-env.config.json');
    await writeFile(config, configFor(await readFile(config, 'utf8'), spare));
    const environment = {
      ...process.env,
      ...world.env,
      ...(cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: cliConfigFile }),
    } as Record<string, string>;
    const shell = { cwd: project, env: environment };

    chapter(
      'An environment to copy from',
      'dev, applied by hand as it always was. About a minute and a half: Aurora takes its time.',
    );
    await run({ command: process.execPath, args: ['build.mjs'], cwd: project, timeoutMs: 60_000 });
    await createStateBucket(world.aws.env);
    await applyByHand({ terraform, dir: join(project, 'shared'), env: environment, init: [], apply: [] });
    const dev = {
      terraform,
      dir: join(project, 'terraform'),
      env: { ...environment, ...world.terraformVariables('dev'), TF_DATA_DIR: join(folder, 'dev-data') },
    };
    await applyByHand({
      ...dev,
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });
    await world.settleDev(await outputsByHand(dev));

    chapter(
      'Staging from it',
      'Seven steps. LINE and Telegram let no program make a channel, so it stops before anything is made, and says what a person has to do.',
    );
    await provisionEnvBriefly(shell, ['staging', 'from=dev', '--yes', '--quiet'], { expected: 6, lines: 24 });

    chapter('A person makes the channels');
    storeChannels(world, 'staging', spare);

    chapter(
      'It goes on',
      'The longest wait is the provider’s own: 30 s each for the Aurora cluster and its instance. It ends with exit code 6: a person has to receive the message.',
    );
    await provisionEnv(shell, ['resume', 'staging', '--yes'], 6);

    chapter('The message is received');
    await confirmBoth(shell, world, 'staging', spare);

    chapter('What is known of it');
    await provisionEnv(shell, ['status', 'staging']);

    chapter(
      'An environment for a feature, and away again',
      'staging is protected: no command destroys it. One for a feature is made the same way, here without a database, and taken away again.',
    );
    const feature = world.makeChannels('feature-auth');
    const make = ['feature-auth', 'from=dev', '--yes', '--quiet', '--set', 'aurora_enabled=false'];
    await provisionEnvBriefly(shell, make, { expected: 6, lines: 6 });
    storeChannels(world, 'dev_feature-auth', feature);
    const goOn = ['resume', 'feature-auth', '--yes', '--quiet'];
    await provisionEnvBriefly(shell, goOn, { expected: 6, lines: 3 });
    await provisionEnv(shell, ['destroy', 'feature-auth', '--yes']);
    await provisionEnv(shell, ['list']);

    chapter('Done');
    console.log(
      '   dev is as it was, staging is verified, feature-auth is gone. All of it ran in the sandbox, which ends now.',
    );
  } finally {
    await world.close();
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
