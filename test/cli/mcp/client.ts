/** The SDK's own client, connected to the server in this process; the command behind it is the test's. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { documentSchema, type Document, emptyDocument, errorPart } from '../../../src/cli/document.ts';
import { ProvisionError } from '../../../src/transfer/errors.ts';
import type { OwnRequest, OwnRun, RunOwn } from '../../../src/cli/mcp/own-command.ts';
import { createAgentServer } from '../../../src/cli/mcp/server.ts';

export interface Connected {
  readonly client: Client;
  /** What was run, in order. */
  readonly ran: readonly OwnRequest[];
  readonly stop: () => Promise<void>;
}

/** A command that is done at once; what it shows has a digest. */
export const succeeds: RunOwn = ({ args: [command = ''] }) =>
  Promise.resolve({ exitCode: 0, document: { ...emptyDocument(command, 'done'), digest: 'd1' } });

/**
 * A world in which something else would be done each time that it is looked at: what was shown with `d1` is `d2` by the
 * time that somebody has agreed to it, so many times.
 */
export function moving(times: number): RunOwn {
  let world = 1;
  let left = times;
  return ({ args }) => {
    const [command = ''] = args;
    const expected = args.find((arg) => arg.startsWith('--expect='))?.slice('--expect='.length);
    if (expected !== undefined && left > 0) {
      left -= 1;
      world += 1;
    }
    const digest = `d${world}`;
    const document = { ...emptyDocument(command, 'done' as const), digest };
    if (expected === undefined || expected === digest) return Promise.resolve({ exitCode: 0, document });
    const error = errorPart(new ProvisionError('plan-changed', 'This is not what was agreed to.'));
    return Promise.resolve({ exitCode: 6, document: { ...document, status: 'waiting', error } });
  };
}

export const endsWith = (exitCode: number, more: Partial<Document>): (() => Promise<OwnRun>) => {
  return () => Promise.resolve({ exitCode, document: { ...emptyDocument('plan', 'done'), ...more } });
};

/** @param answers what the person says whom the client can ask; a client that can ask nobody without it */
export async function connect(
  runOwn: RunOwn = succeeds,
  answers?: (question: ElicitRequest['params']) => ElicitResult | Promise<ElicitResult>,
): Promise<Connected> {
  const ran: OwnRequest[] = [];
  const server = createAgentServer('1.2.3', (request) => {
    ran.push(request);
    return runOwn(request);
  });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: answers === undefined ? {} : { elicitation: {} } },
  );
  if (answers !== undefined) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answers(params));
  await Promise.all([server.mcp.connect(theirs), client.connect(ours)]);
  return { client, ran, stop: () => server.stop() };
}

/** Calls a tool and reads its answer as a client does. */
export async function call(
  client: Client,
  name: string,
  input: Record<string, unknown>,
): Promise<{ readonly isError: boolean; readonly text: string; readonly document: Document | null }> {
  const result: CallToolResult = CallToolResultSchema.parse(
    // The client's own limit of a minute is no part of what is tested.
    await client.callTool({ name, arguments: input }, undefined, { timeout: 300_000 }),
  );
  const [first] = result.content;
  const text = first?.type === 'text' ? first.text : '';
  const { structuredContent } = result;
  return {
    isError: result.isError ?? false,
    text,
    document: structuredContent === undefined ? null : documentSchema.parse(structuredContent),
  };
}
