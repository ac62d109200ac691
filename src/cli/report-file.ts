/** Reads the report that a run has written, and renders it in the form that was asked for. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withHead } from '../report/head.ts';
import { toMarkdown } from '../report/markdown.ts';
import { askedOf, broughtUpToDate, reportedTransfer } from '../report/saved.ts';
import { toTerminal } from '../report/terminal.ts';
import { transferBlocks } from '../report/transfer.ts';
import { viewOf } from '../report/html/from-document.ts';
import { toHtml } from '../report/html/page.ts';
import { writeWhole } from '../store/write-whole.ts';
import { isProvisionError, ProvisionError, systemError } from '../transfer/errors.ts';
import type { Records } from '../transfer/store.ts';
import { type Document, documentSchema } from './document.ts';
import type { CliIo } from './io.ts';
import { jsonText } from './output-guard.ts';
import { terminalOptions } from './print.ts';

export const reportFormats = ['terminal', 'markdown', 'json', 'html'] as const;

export type ReportFormat = (typeof reportFormats)[number];

export interface SavedReport {
  readonly document: Document;
  /** When the run that wrote it ended; ISO 8601, UTC. */
  readonly ranAt: string;
}

/**
 * @param ownFolder where the tool keeps what is its own
 * @throws ProvisionError `environment-not-found` if no run wrote one, `output-unreadable` if it is not one of ours
 */
export async function readReport(ownFolder: string, store: Records, name: string): Promise<SavedReport> {
  const file = join(ownFolder, 'reports', name, 'report.json');
  const [text, { mtime }] = await Promise.all([readFile(file, 'utf8'), stat(file)]).catch(
    (cause: unknown) => {
      const told = systemError(cause, file);
      if (isProvisionError(told)) throw told;
      throw new ProvisionError('environment-not-found', `There is no report of ${name}.`, {
        cause,
        hint: 'A report is written by every run of provision, plan and resume. provision-env list shows the environments.',
      });
    },
  );
  return {
    document: broughtUpToDate(
      parsed(text, file),
      (await store.readRecord(name)) ?? (await store.readRetired(name)),
    ),
    ranAt: mtime.toISOString(),
  };
}

function parsed(text: string, file: string): Document {
  try {
    return documentSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ProvisionError('output-unreadable', `${file} is not a report that this version can read.`, {
      cause,
      hint: 'Another version wrote it, or somebody changed it. Run the plan again: it writes a new one.',
    });
  }
}

/** @param toFile a file has neither colours nor a width */
export function renderReport(
  { document: saved, ranAt }: SavedReport,
  format: ReportFormat,
  io: CliIo,
  toFile: boolean,
): string {
  // It was written without secrets; of what it did not know then, this run may know more.
  const document = io.redactor.value(saved);
  if (format === 'json') return jsonText(document);
  if (format === 'html') return toHtml(viewOf({ document, ranAt }));
  const blocks = withHead(transferBlocks(askedOf(document), reportedTransfer(document)), document);
  if (format === 'markdown') return toMarkdown(blocks);
  return toTerminal(blocks, toFile ? { color: false, width: 120 } : terminalOptions(io));
}

/** @returns where it was written; relative paths are below `cwd` */
export async function writeReportFile(cwd: string, output: string, text: string): Promise<string> {
  const path = resolve(cwd, output);
  try {
    await writeWhole(path, text);
  } catch (cause) {
    if (isProvisionError(cause)) throw cause;
    throw new ProvisionError('usage', `${path} cannot be written.`, {
      cause,
      hint: 'Name a file in a folder that is there and that you may write to.',
    });
  }
  return path;
}
