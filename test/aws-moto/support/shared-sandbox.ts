/** One emulator for all files of the project: starting it takes longer than most of them. */
import type { TestProject } from 'vitest/node';
import { startSandbox } from '../../../sandbox/start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly sandboxEnv: Readonly<Record<string, string>>;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sandbox = await startSandbox();
  project.provide('sandboxEnv', sandbox.env);
  return () => sandbox.stop();
}
