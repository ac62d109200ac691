#!/usr/bin/env node
/**
 * The executable. `--version` answers before anything else is loaded: shells and editors ask for it often.
 */
import { createRequire } from 'node:module';

const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  process.stdout.write(`${version}\n`);
} else {
  // The SDK would print on standard error that this Node is old; `engines` says which ones are supported.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [{ main }, { outliveOutputErrors }] = await Promise.all([
    import('./cli/main.ts'),
    import('./cli/output-errors.ts'),
  ]);
  const output = outliveOutputErrors(process);
  process.exitCode = await main(args);
  // Some errors are told only after the last line was written.
  process.on('exit', () => {
    if (output.lost() !== null && !process.exitCode) process.exitCode = 1;
  });
}
