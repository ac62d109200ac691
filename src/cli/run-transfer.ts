/** What `provision`, `plan` and `resume` have in common: open the transfer, run the steps, print, write the report. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { masterChecklist } from '../channels/checklist.ts';
import type { Block } from '../report/blocks.ts';
import { withHead } from '../report/head.ts';
import { toMarkdown } from '../report/markdown.ts';
import { transferBlocks, verdictBlocks } from '../report/transfer.ts';
import { checkTransferNames } from '../environment/names.ts';
import { parseAccept } from '../proof/accept.ts';
import { rules } from '../proof/rules/index.ts';
import type { TransferRequest } from '../steps/context.ts';
import { requestRow } from '../steps/journaled-request.ts';
import { openTransfer } from '../steps/open.ts';
import type { RewireOutput, VerifyOutput } from '../steps/outputs.ts';
import { provision, type TransferResult } from '../steps/provision.ts';
import { ensureOwnFolder } from '../store/file-store.ts';
import { writeWhole } from '../store/write-whole.ts';
import { type ExitCode, exitCodes } from '../transfer/error-codes.ts';
import { type ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { PlaceFacts } from '../transfer/place.ts';
import type { StepId } from '../transfer/steps.ts';
import { callCount } from '../transfer/call-count.ts';
import { type Document, emptyDocument, errorPart, placePart } from './document.ts';
import type { CliIo } from './io.ts';
import { outcomeOf } from './outcome.ts';
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
      const ended = await provision(transfer.context);
      const error = ended.error && outcomeOf(ended.error, [transfer.lock]);
      const result = { ...ended, error, exitCode: exitCodeOf(ended, error) };
      const document = io.redactor.value(documentOf(request, result, session.host.place()));
      const blocks = io.redactor.value(transferBlocks(request, result));
      // The report in its place is by now that of whoever has the lock.
      if (!transfer.lock.lost.aborted)
        await writeReport(session.ownFolder, request.target, document, blocks).catch((thrown: unknown) => {
          const { message, hint } = toProvisionError(thrown);
          session.host.notify({
            type: 'note',
            level: 'warning',
            text: `The report of ${request.target} was not written: ${message} What is said here stands.`,
            ...(hint === undefined ? {} : { hint }),
          });
        });
      printResult(
        io,
        { ...options, headed: session.host.headed() },
        document,
        options.markdown ? blocks : verdictBlocks(request, result),
      );
      if (result.error) io.stderr.write(renderError(result.error, io));
      return result.exitCode;
    } finally {
      await transfer.close();
    }
  });
}

/** Where an error says that something was begun, no verdict of a step says less. */
const exitCodeOf = ({ exitCode }: TransferResult, error: ProvisionError | null): ExitCode =>
  error?.begun ? error.exitCode : exitCode;

export function documentOf(
  request: TransferRequest,
  result: TransferResult,
  place: PlaceFacts | null = null,
): Document {
  return {
    ...emptyDocument(request.command, result.status),
    source: request.source,
    target: request.target,
    place: placePart(place, result.record),
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
      invoke: request.invoke ?? null,
    },
    ...callsPart(result),
    evidence: [...result.evidence],
    record: result.record as Document['record'],
    ...(result.record === null ? {} : { checklist: [...masterChecklist(result.record)] }),
    error: result.error === null ? null : errorPart(result.error),
  };
}

/** What was called, or would be: the verification says it last. */
function callsPart({ steps, evidence, record }: TransferResult): Partial<Document> {
  const outputOf = (id: StepId): unknown => steps.find((step) => step.id === id)?.output ?? null;
  const rewired = outputOf('rewire') as RewireOutput | null;
  const verified = outputOf('verify') as VerifyOutput | null;
  const calls = verified?.calls ?? rewired?.calls;
  return {
    ...(calls === undefined ? {} : { calls: calls as Document['calls'] }),
    ...(verified === null ? {} : { functions: callCount(record?.evidence ?? evidence) }),
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
    writeWhole(join(folder, 'report.json'), `${JSON.stringify(document, null, 2)}\n`, 0o600),
    writeWhole(join(folder, 'report.md'), toMarkdown(withHead(blocks, document)), 0o600),
  ]);
}
