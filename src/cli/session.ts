/** What every command that works on a project sets up and takes down: host, signals, tools, store. */
import { setMaxListeners } from 'node:events';
import { join, resolve } from 'node:path';
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import type { Project } from '../environment/model.ts';
import type { EngineName } from '../steps/context.ts';
import type { OpenDependencies, TerraformTool } from '../steps/open.ts';
import { openProject } from '../steps/open-project.ts';
import { openStore } from '../steps/store.ts';
import type { Clock } from '../transfer/host.ts';
import { exitCodes } from '../transfer/error-codes.ts';
import { ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { Lock, Store } from '../transfer/store.ts';
import { removeAllLeftovers } from '../tools/private-folder.ts';
import { createTerminalHost, type TerminalHost } from './host.ts';
import type { CliIo } from './io.ts';
import { outcomeOf } from './outcome.ts';
import { printBlocks } from './print.ts';
import { gatedHost, gatedStore } from '../redact/gates.ts';

export interface SessionOptions {
  readonly json?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly allowDataLoss?: boolean | undefined;
  readonly allowUnrecorded?: boolean | undefined;
  readonly expect?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** Print the result as Markdown. */
  readonly markdown?: boolean | undefined;
  /** Folder of the project; the working directory if absent. */
  readonly project?: string | undefined;
  /** Where it is `direct`, a folder without Terraform is a project too. */
  readonly engine?: EngineName | undefined;
}

export interface Session extends OpenDependencies {
  readonly io: CliIo;
  readonly host: TerminalHost;
  readonly project: Project;
  readonly config: Config;
  readonly store: Store;
  /** Where reports and records lie. */
  readonly ownFolder: string;
}

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((done, failed) => {
      const timer = setTimeout(done, ms);
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          failed(signal.reason as Error);
        },
        { once: true },
      );
    }),
};

/** Runs `work` with a session, and takes the session down however it ends. */
export async function withSession<Result>(
  io: CliIo,
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const cwd = resolve(io.cwd, options.project ?? '.');
  const { project, config } = await openProject(cwd, options.engine);
  const { redactor } = io;
  await removeAllLeftovers();
  redactor.publish(project.environments);
  const terminal = createTerminalHost(io, {
    yes: options.yes ?? false,
    allowDataLoss: options.allowDataLoss ?? false,
    allowUnrecorded: options.allowUnrecorded ?? false,
    expect: options.expect,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    ...(options.json || options.markdown ? {} : { show: (blocks) => printBlocks(io, blocks) }),
  });
  const host = gatedHost(terminal, redactor);
  const interrupt = listenForInterrupt(host);
  const ownFolder = join(project.root, '.provision-env');
  let tool: Promise<TerraformTool> | undefined;
  let storeClients: AwsClients | undefined;
  const locks: Lock[] = [];
  try {
    const opened = await openStore(config.store, ownFolder, async () => {
      const { createClients } = await import('../aws/clients.ts');
      return (storeClients ??= createClients());
    });
    const store: Store = {
      ...opened,
      async lock(environment, command) {
        const lock = await opened.lock(environment, command);
        locks.push(lock);
        lock.lost.addEventListener('abort', () => {
          const text = toProvisionError(lock.lost.reason).message;
          host.notify({ type: 'note', level: 'warning', text });
        });
        return lock;
      },
    };
    return await work({
      io,
      host,
      clock: io.clock ?? systemClock,
      signal: interrupt.signal,
      insist: interrupt.insist,
      project,
      config,
      ownFolder,
      store: gatedStore(store, redactor),
      redactor,
      findTool: () => (tool ??= findTool(io, config, host)),
    });
  } catch (thrown) {
    throw outcomeOf(thrown, locks);
  } finally {
    storeClients?.close();
    interrupt.stop();
    host.close();
  }
}

async function findTool(io: CliIo, config: Config, host: TerminalHost): Promise<TerraformTool> {
  const [{ findOrInstallTerraform }, { providerSources }] = await Promise.all([
    import('../tools/terraform.ts'),
    import('../tools/provider-sources.ts'),
  ]);
  const [binary, sources] = await Promise.all([
    findOrInstallTerraform({
      configured: config.terraform.binary,
      env: io.env,
      notify: (event) => host.notify(event),
    }),
    providerSources({ env: io.env }),
  ]);
  return { binary, cliConfigFile: sources.cliConfigFile };
}

interface Interrupt {
  /** Aborted by the first Ctrl+C: what is under way comes to its end, nothing new is begun. */
  readonly signal: AbortSignal;
  /** Aborted by the second: what is under way is stopped at once. */
  readonly insist: AbortSignal;
  stop(): void;
}

/** A third Ctrl+C ends this process without asking anybody. */
function listenForInterrupt(host: TerminalHost): Interrupt {
  const first = new AbortController();
  const second = new AbortController();
  // Every request and every process of a run listens to it: the default limit of ten is for leaks.
  setMaxListeners(0, first.signal, second.signal);
  const onSignal = (): void => {
    if (second.signal.aborted) process.exit(exitCodes.halfway);
    if (first.signal.aborted) {
      second.abort();
      return;
    }
    host.notify({
      type: 'note',
      level: 'warning',
      text: 'Interrupted: letting what is under way come to its end.',
      hint: 'Ctrl+C again stops it at once. The same command, or provision-env resume <env>, goes on either way.',
    });
    first.abort(
      new ProvisionError('interrupted', 'The run was interrupted.', {
        hint: 'Run the same command again, or provision-env resume <env>: it goes on where it stopped.',
      }),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: first.signal,
    insist: second.signal,
    stop() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
