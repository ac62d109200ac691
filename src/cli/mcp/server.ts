/** The MCP server (https://modelcontextprotocol.io): puts the tools before a client over a transport. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { exitCodes } from '../../transfer/error-codes.ts';
import { toProvisionError } from '../../transfer/errors.ts';
import { type Document, failureDocument } from '../document.ts';
import type { OwnRun, RunOwn } from './own-command.ts';
import { askPerson, canAsk } from './question.ts';
import { type Change, type Tool, type ToolCall, tools } from './tools.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** How often a person is asked anew in one call because things have moved on while they read. */
const mostQuestions = 3;

/** Clients give up on a call that they hear nothing of; most wait for a minute. */
const heartbeatMs = 10_000;

const instructions = [
  'provision-env makes isolated environments from working ones (Terraform on AWS), proves them, and takes them away.',
  'Every tool answers with one JSON document: `status`, `findings`, `proof`, `cost`, `evidence`, and `error` with a `hint` where something went wrong.',
  'provision and destroy change nothing without `confirm` and the `digest` of what a person was shown. Only a person may decide to confirm; a client that can ask them is told to.',
  'verify is no look: it calls functions of the environment and sends messages to testers.',
].join('\n');

export interface AgentServer {
  readonly mcp: McpServer;
  /** Interrupts what runs, and waits until it has come to its end. */
  stop(): Promise<void>;
}

/** @param version of this tool */
export function createAgentServer(version: string, runOwn: RunOwn): AgentServer {
  const mcp = new McpServer({ name: 'provision-env', title: 'provision-env', version }, { instructions });
  const stopping = new AbortController();
  const running = new Set<Promise<OwnRun>>();
  const runTool = async (tool: Tool, input: unknown, extra: Extra): Promise<CallToolResult> => {
    let call: ToolCall;
    try {
      call = tool.call(input);
    } catch (thrown) {
      return answer(failureDocument(tool.name, toProvisionError(thrown), []), true);
    }
    const progress = progressTo(extra);
    const signal = AbortSignal.any([extra.signal, stopping.signal]);
    const { timeoutMs, graceMs } = tool;
    const ran = async (args: readonly string[]): Promise<OwnRun> => {
      const run = runOwn({ args, timeoutMs, graceMs, signal, onProgress: progress.say });
      running.add(run);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    };
    try {
      const { args, change } = call;
      if (change === undefined) return answerOf(tool, input, await ran(args));
      const asks = canAsk(mcp);
      // Who can be asked is asked, whatever the agent says of them.
      let done = change.confirmed === null || asks ? null : await ran(change.args(change.confirmed));
      for (let asked = 0; ; asked += 1) {
        if (done !== null && done.document.error?.code !== 'plan-changed') return answerOf(tool, input, done);
        const shown = await ran(args);
        // What cannot be done is not asked about.
        const { digest } = shown.document;
        if (!isAnswer(tool, shown) || digest === undefined) return answerOf(tool, input, shown);
        if (!asks || asked === mostQuestions)
          return toBeConfirmed(tool, input, { change, shown, digest, done });
        progress.say(`waiting for a person: ${change.verb} ${change.name}?`);
        await askPerson(mcp, change, shown.document, { signal, requestId: extra.requestId });
        signal.throwIfAborted();
        done = await ran(change.args(digest));
      }
    } catch (thrown) {
      return answer(failureDocument(tool.name, toProvisionError(thrown), []), true);
    } finally {
      progress.stop();
    }
  };
  for (const tool of tools) {
    const { title, description, annotations, input: inputSchema } = tool;
    mcp.registerTool(tool.name, { title, description, annotations, inputSchema }, (input, extra) =>
      runTool(tool, input, extra),
    );
  }
  return {
    mcp,
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
    },
  };
}

/** Tells the client how far a call is, where it asked to be told. */
function progressTo({ _meta, sendNotification, signal }: Extra): {
  readonly say: (message: string) => void;
  readonly stop: () => void;
} {
  const token = _meta?.progressToken;
  if (token === undefined) return { say: () => undefined, stop: () => undefined };
  let count = 0;
  let last = 'working';
  const send = (): void => {
    if (signal.aborted) return;
    count += 1;
    const params = { progressToken: token, progress: count, message: last };
    // Who does not listen any more is not told: the call itself ends by its signal.
    sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  };
  const heartbeat = setInterval(send, heartbeatMs);
  return {
    say(message) {
      last = message;
      send();
    },
    stop: () => clearInterval(heartbeat),
  };
}

interface ToBeConfirmed {
  readonly change: Change;
  /** What would be done as things stand. */
  readonly shown: OwnRun;
  readonly digest: string;
  /** What came of doing what was agreed to, where that was something else. */
  readonly done: OwnRun | null;
}

function toBeConfirmed(
  tool: Tool,
  input: unknown,
  { change, shown, digest, done }: ToBeConfirmed,
): CallToolResult {
  const confirmation = { confirm: change.name, digest, message: change.message };
  const document: Document = { ...shown.document, error: done?.document.error ?? null, confirmation };
  return answerOf(tool, input, { exitCode: done?.exitCode ?? shown.exitCode, document });
}

function isAnswer(tool: Tool, { exitCode, document }: OwnRun): boolean {
  return exitCode === exitCodes.done || (document.error === null && (tool.answers ?? []).includes(exitCode));
}

function answerOf(tool: Tool, input: unknown, run: OwnRun): CallToolResult {
  const { document } = run;
  return answer(wantsDetails(input) ? document : withoutOutputs(document), !isAnswer(tool, run));
}

const wantsDetails = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'details' in input && input.details === true;

/** The outputs of the steps are most of a document, and what they mean stands in the rest of it. */
function withoutOutputs(document: Document): Document {
  const { steps } = document;
  // A document of our own command always has them; this one came from another process.
  if (!Array.isArray(steps)) return document;
  return { ...document, steps: steps.map((step) => ({ ...step, output: null })) };
}

function answer(document: Document, isError: boolean): CallToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(document) }],
    structuredContent: document,
    ...(isError ? { isError } : {}),
  };
}
