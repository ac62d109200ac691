/** Everything that an environment of examples/daily-report touches, on this machine: AWS, Doppler, LINE and Telegram. */
import { closeAll, type DailyReportServices, type ServicesOptions, startServices } from './daily-report.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './start.ts';

export type SandboxWorldOptions = SandboxOptions & ServicesOptions;

export interface SandboxWorld extends DailyReportServices {
  readonly aws: Sandbox;
}

/**
 * Starts all of it; what was started is ended again if one part does not start.
 * @throws Error if moto cannot be had or a port is taken
 */
export async function startSandboxWorld(options: SandboxWorldOptions = {}): Promise<SandboxWorld> {
  const services = await startServices(options);
  const aws = await startSandbox(options).catch(async (error: unknown) => {
    await services.close();
    throw error;
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll([() => aws.stop(), () => services.close()]));
  // Whoever waits for the end calls `close` and learns there whether it went well.
  options.signal?.addEventListener('abort', () => void close().catch(() => undefined), { once: true });
  return { ...services, aws, env: { ...aws.env, ...services.env }, close };
}
