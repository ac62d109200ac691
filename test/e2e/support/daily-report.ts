/** examples/daily-report as a team has it: dev applied by hand, its secrets in Doppler, its channels on LINE and Telegram. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxWorld, startSandboxWorld } from '../../../sandbox/world.ts';
import { applyByHand, createStateBucket, outputsByHand } from '../../../src/demo/by-hand.ts';
import { run } from '../../../src/process/run.ts';
import { providerSources } from '../../../src/tools/provider-sources.ts';
import { findOrInstallTerraform } from '../../../src/tools/terraform.ts';
import { exampleFolder } from '../../support/example.ts';
import { commandsIn, type World } from './world.ts';

export interface DailyReport extends Pick<World, 'cli' | 'json'> {
  readonly world: SandboxWorld;
  readonly project: string;
  /** What the command line is given: how to reach the stand-ins, and the token of Doppler. No secret of the project. */
  readonly env: Record<string, string>;
  edit(path: string, change: (text: string) => string): Promise<void>;
  write(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export interface DailyReportOptions {
  /** False leaves the database out: everything that does not need it is then some three minutes faster. */
  readonly aurora: boolean;
}

export async function createDailyReport({ aurora }: DailyReportOptions): Promise<DailyReport> {
  const folder = await mkdtemp(join(tmpdir(), 'pe-daily-'));
  const world = await startSandboxWorld({ logFile: join(folder, 'sandbox.log') });
  const terraform = await findOrInstallTerraform({ env: process.env, notify: () => undefined });
  const { cliConfigFile } = await providerSources({ env: process.env });
  const env: Record<string, string> = {
    ...world.env,
    ...(cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: cliConfigFile }),
  };
  const project = join(folder, 'project');
  await cp(exampleFolder, project, {
    recursive: true,
    filter: (path) => !/[/\\](?:\.terraform|\.provision-env|build|node_modules)(?:[/\\]|$)/.test(path),
  });
  const edit: DailyReport['edit'] = async (path, change) => {
    const file = join(project, path);
    await writeFile(file, change(await readFile(file, 'utf8')));
  };
  if (!aurora) {
    for (const name of ['dev', 'staging'])
      await edit(`terraform/terraform.${name}.tfvars`, (text) => `${text}\naurora_enabled = false\n`);
  }
  const config = join(project, 'provision-env.config.json');
  await writeFile(
    config,
    JSON.stringify({
      ...(JSON.parse(await readFile(config, 'utf8')) as object),
      secrets: { provider: 'doppler', project: 'daily-report' },
      channels: {
        line: { tester: world.spare.line.tester.id },
        telegram: { tester: world.spare.telegram.tester.id },
      },
    }),
  );
  await run({ command: process.execPath, args: ['build.mjs'], cwd: project, timeoutMs: 60_000 });
  await createStateBucket(world.aws.env);
  const dir = join(project, 'terraform');
  const dev = {
    ...process.env,
    ...env,
    ...world.terraformVariables('dev'),
    TF_DATA_DIR: join(folder, 'dev-data'),
  } as Record<string, string>;
  await applyByHand({
    terraform,
    dir: join(project, 'shared'),
    env: { ...process.env, ...env } as Record<string, string>,
    init: [],
    apply: [],
  });
  await applyByHand({
    terraform,
    dir,
    env: dev,
    init: ['-backend-config=envs/dev/backend.hcl'],
    apply: ['-var-file=terraform.dev.tfvars'],
  });
  await world.settleDev(await outputsByHand({ terraform, dir, env: dev }));
  return {
    world,
    project,
    env,
    ...commandsIn(project, env),
    edit,
    write: (path, text) => writeFile(join(project, path), text),
    async close() {
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
