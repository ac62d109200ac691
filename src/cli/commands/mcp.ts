import { resolve } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { ownVersion } from '../../ci/install.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import type { CliIo } from '../io.ts';

/** Resolves when the client has gone away, or a signal asks us to. */
function untilLeft(io: CliIo, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const left = (): void => done();
    const options = { signal, once: true };
    // The client closes our standard input to end us; a client that died closes both.
    for (const event of ['end', 'close', 'error']) io.stdin.once(event, left);
    io.stdout.on('error', left);
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, left);
    signal.addEventListener(
      'abort',
      () => {
        for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, left);
      },
      options,
    );
  });
}

export const mcp = defineCommand({
  name: 'mcp',
  summary: 'an MCP server on standard input and output, for coding agents',
  description:
    'Offers plan, list, status, diff, verify, report and cost to coding agents, and provision and destroy, which change nothing until they are confirmed with the name of the environment. Speaks the Model Context Protocol on standard input and output until the client closes it; not for people. docs/agents.md says how to set it up.',
  arguments: [],
  options: [
    { flags: '-C, --project <dir>', description: 'folder of the project (default: the working directory)' },
  ],
  examples: ['provision-env mcp', 'claude mcp add provision-env -- provision-env mcp'],
  input: z.object({ project: z.string().optional() }),
  async run(input, io) {
    const [{ StdioServerTransport }, { createAgentServer }, { createRunOwn }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/stdio.js'),
      import('../mcp/server.ts'),
      import('../mcp/own-command.ts'),
    ]);
    const runOwn = createRunOwn({
      node: [...process.execArgv, process.argv[1] ?? ''],
      cwd: resolve(io.cwd, input.project ?? '.'),
      env: io.env,
    });
    const server = createAgentServer(await ownVersion(), runOwn);
    const over = new AbortController();
    const left = untilLeft(io, over.signal);
    // A protocol, not a text: a message arrives as it was sent.
    const { stdout } = io.unguarded;
    await server.mcp.connect(new StdioServerTransport(io.stdin, stdout));
    await left;
    // What runs is interrupted and not left alone: nobody would see what becomes of it.
    await server.stop();
    await server.mcp.close();
    over.abort();
    return exitCodes.done;
  },
});
