/** What `provision`, `plan` and `resume` have in common: open the transfer, run the steps, print, write the report. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { masterChecklist } from '../channels/checklist.ts';
import type { Block } from '../report/blocks.ts';
import { toMarkdown } from '../report/markdown.ts';
import { transferBlocks, verdictBlocks } from '../report/transfer.ts';
import { checkTransferNames } from '../environment/names.ts';
import { parseAccept } from '../proof/accept.ts';
import { rules } from '../proof/rules/index.ts';
import type { TransferRequest } from '../steps/context.ts';
import { requestRow } from '../steps/journaled-request.ts';
import { openTransfer } from '../steps/open.ts';
import type { RewireOutput } from '../steps/outputs.ts';
import { provision, type TransferResult } from '../steps/provision.ts';
import { ensureOwnFolder } from '../store/file-store.ts';
import { type ExitCode, exitCodes } from '../transfer/error-codes.ts';
import { type Document, emptyDocument, errorPart } from './document.ts';
import type { CliIo } from './io.ts';
import { printNothingDone, printResult } from './print.ts';
import { renderError } from './render-error.ts';
import { type Session, type SessionOptions, withSession } from './session.ts';

/**
 * @param makeRequest gets the session, because what is asked for may stand in the configuration or a record
 * @param reasonNotTo asked once the lock of the target is held, when nothing was begun: `null` goes on
 */
export async function runTransfer(
  io: CliIo,
  options: SessionOptions,
  makeRequest: (session: Session) => TransferRequest | Promise<TransferRequest>,
  reasonNotTo?: (session: Session) => Promise<string | null>,
): Promise<ExitCode> {
  return withSession(io, options, async (session) => {
    const request = await makeRequest(session);
    checkTransferNames(request.source, request.target);
    // A slip in the name of a rule is told before anything is looked at, not when the proof comes to it.
    for (const text of request.accept)
      parseAccept(
        text,
        rules.map(({ id }) => id),
      );
    const transfer = await openTransfer(request, session);
    try {
      const reason = (await reasonNotTo?.(session)) ?? null;
      if (reason !== null) {
        const { command, source, target } = request;
        printNothingDone(io, options, { ...emptyDocument(command, 'done'), source, target }, reason);
        return exitCodes.done;
      }
      if (!request.planOnly) await transfer.context.journal(requestRow(request));
      const result = await provision(transfer.context);
      const document = documentOf(request, result);
      const blocks = transferBlocks(request, result);
      await writeReport(session.ownFolder, request.target, document, blocks);
      printResult(io, options, document, options.markdown ? blocks : verdictBlocks(request, result));
      if (result.error) io.stderr.write(renderError(result.error, io));
      return result.exitCode;
    } finally {
      await transfer.close();
    }
  });
}

export function documentOf(request: TransferRequest, result: TransferResult): Document {
  return {
    ...emptyDocument(request.command, result.status),
    source: request.source,
    target: request.target,
    ...digestOf(result),
    steps: result.steps.map(({ id, status, durationMs, output }) => ({
      id,
      status,
      durationMs: Math.round(durationMs),
      output,
    })),
    findings: [...result.findings] as Document['findings'],
    mapping: [...result.mapping],
    proof: result.proof as Document['proof'],
    cost: result.cost as Document['cost'],
    request: {
      engine: request.engine ?? null,
      live: request.live ?? false,
      keepLogRetention: request.keepLogRetention,
    },
    evidence: [...result.evidence],
    record: result.record as Document['record'],
    ...(result.record === null ? {} : { checklist: [...masterChecklist(result.record)] }),
    error: result.error === null ? null : errorPart(result.error),
  };
}

/** Of what was shown and not done. */
function digestOf({ status, steps }: TransferResult): Pick<Document, 'digest'> {
  const rewired = steps.find(({ id }) => id === 'rewire')?.output as RewireOutput | null | undefined;
  const open = status === 'planned' || status === 'waiting';
  return open && rewired?.digest !== undefined ? { digest: rewired.digest } : {};
}

/** The report is the one thing that a blocked run writes. */
async function writeReport(
  ownFolder: string,
  target: string,
  document: Document,
  blocks: readonly Block[],
): Promise<void> {
  const folder = join(ownFolder, 'reports', target);
  await ensureOwnFolder(ownFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await Promise.all([
    writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 }),
    writeFileAtomic(join(folder, 'report.md'), toMarkdown(blocks), { mode: 0o600 }),
  ]);
}
