import { z } from 'zod';
import { startSandboxWorld } from '../../../sandbox/world.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { emptyDocument } from '../document.ts';
import { sandboxPart, sandboxText } from '../sandbox-output.ts';

/** Once per signal: a second Ctrl+C ends a process that does not end by itself. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

export const sandbox = defineCommand({
  name: 'sandbox',
  summary: 'the local stand-in for AWS, Doppler, LINE and Telegram, for trying things out',
  description: [
    'Starts an AWS, a Doppler, a LINE and a Telegram that live in this process only: no account, no Docker.',
    'Functions really run, and messages really arrive, in inboxes that are pages. Doppler holds what the project of',
    'examples/daily-report keeps there. Prints the variables that point Terraform, the AWS CLI, the Doppler CLI and',
    'provision-env to them, and runs until Ctrl+C.',
  ].join(' '),
  arguments: [],
  options: [
    { flags: '--port <n>', description: 'port of AWS (default: any free one); the others take any free one' },
    { flags: '--log <file>', description: 'write every request to AWS to this file' },
    { flags: '--json', description: 'print one JSON document to standard output, once all of it runs' },
  ],
  examples: [
    'provision-env sandbox',
    'provision-env sandbox --port 4566 > sandbox.env',
    'provision-env sandbox --json',
  ],
  input: z.object({
    port: z.coerce.number().int().min(0).max(65_535).default(0),
    log: z.string().optional(),
    json: z.boolean().optional(),
  }),
  async run(input, io) {
    const signal = untilInterrupted();
    const world = await startSandboxWorld({
      port: input.port,
      signal,
      ...(input.log === undefined ? {} : { logFile: input.log }),
    }).catch((cause: unknown) => {
      if (signal.aborted) return null;
      throw new ProvisionError('tool-missing', cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    });
    if (world === null) return exitCodes.done;
    const part = sandboxPart(world);
    if (input.json) io.writeJson({ ...emptyDocument('sandbox', 'done'), sandbox: part });
    else io.stdout.write(sandboxText(part));
    io.stderr.write(
      `AWS listens on ${world.aws.endpoint}, Doppler, LINE and Telegram beside it. Put the lines above into your shell; Ctrl+C stops all of them.\n`,
    );
    if (!signal.aborted) await new Promise((stopped) => signal.addEventListener('abort', stopped));
    await world.close();
    return exitCodes.done;
  },
});
