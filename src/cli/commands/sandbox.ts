import { z } from 'zod';
import { startSandbox } from '../../../sandbox/start.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';

export const sandbox = defineCommand({
  name: 'sandbox',
  summary: 'the local stand-in for AWS, for trying things out',
  description:
    'Starts an AWS that lives in this process only: no account, no Docker. Functions really run. Prints the variables that point Terraform, the AWS CLI and provision-env to it, and runs until Ctrl+C.',
  arguments: [],
  options: [
    { flags: '--port <n>', description: 'port to listen on (default: any free one)' },
    { flags: '--log <file>', description: 'write every request to this file' },
  ],
  examples: ['provision-env sandbox', 'provision-env sandbox --port 4566 > sandbox.env'],
  input: z.object({
    port: z.coerce.number().int().min(0).max(65_535).default(0),
    log: z.string().optional(),
  }),
  async run(input, io) {
    const stop = new AbortController();
    const started = await startSandbox({
      port: input.port,
      signal: stop.signal,
      ...(input.log === undefined ? {} : { logFile: input.log }),
    }).catch((cause: unknown) => {
      throw new ProvisionError('tool-missing', cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    });
    io.stdout.write(
      `${Object.entries(started.env)
        .map(([key, value]) => `export ${key}='${value}'`)
        .join('\n')}\n`,
    );
    io.stderr.write(
      `The sandbox listens on ${started.endpoint}. Put the lines above into your shell; Ctrl+C stops it.\n`,
    );
    await new Promise<void>((stopped) => {
      process.once('SIGINT', stopped);
      process.once('SIGTERM', stopped);
    });
    await started.stop();
    return exitCodes.done;
  },
});
