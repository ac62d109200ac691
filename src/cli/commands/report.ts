import { z } from 'zod';
import { checkExistingName } from '../../environment/names.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { defineCommand } from '../define-command.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import {
  readReport,
  renderReport,
  type ReportFormat,
  reportFormats,
  writeReportFile,
} from '../report-file.ts';
import { withSession } from '../session.ts';

export const report = defineCommand({
  name: 'report',
  summary: 'the evidence report of an environment',
  description:
    'Shows the report of the last run for an environment, with what was verified since: on the terminal, as Markdown, as JSON, or as one HTML page that opens from disk and loads nothing.',
  arguments: [{ name: 'env', description: 'the environment', required: true }],
  options: [
    {
      flags: '--format <format>',
      description: 'form of the report (default: by the name of --output, else terminal)',
      choices: reportFormats,
    },
    { flags: '-o, --output <file>', description: 'write it to this file instead of standard output' },
    ...sessionOptions,
  ],
  examples: [
    'provision-env report feature-auth',
    'provision-env report feature-auth --format html --output report.html',
    'provision-env report feature-auth --json',
  ],
  input: z.object({
    env: z.string(),
    format: z.enum(reportFormats).optional(),
    output: z.string().min(1, { error: 'must name a file' }).optional(),
    ...sessionInput,
  }),
  run: (input, io) =>
    withSession(io, input, async ({ ownFolder, store }) => {
      checkExistingName(input.env);
      const format = formatOf(input);
      if (format === 'html' && input.output === undefined && io.stdout.isTTY) {
        throw new ProvisionError('usage', 'An HTML page is of no use on a terminal.', {
          hint: 'Name a file: --output report.html',
        });
      }
      const saved = await readReport(ownFolder, store, input.env);
      const text = renderReport(saved, format, io, input.output !== undefined);
      if (input.output === undefined) io.stdout.write(text);
      else {
        const path = await writeReportFile(io.cwd, input.output, text);
        if (!input.quiet)
          io.stderr.write(`Wrote ${path} (${Math.ceil(Buffer.byteLength(text) / 1024)} kB).\n`);
      }
      return exitCodes.done;
    }),
});

interface FormatInput {
  readonly format?: ReportFormat | undefined;
  readonly output?: string | undefined;
  readonly json?: boolean | undefined;
  readonly markdown?: boolean | undefined;
}

const byEnding: Readonly<Record<string, ReportFormat>> = {
  html: 'html',
  htm: 'html',
  md: 'markdown',
  json: 'json',
};

/** `--json` and `--markdown` are short for a format; two that differ are a mistake. */
function formatOf({ format, output, json, markdown }: FormatInput): ReportFormat {
  const asked = new Set([
    ...(format ? [format] : []),
    ...(json ? ['json' as const] : []),
    ...(markdown ? ['markdown' as const] : []),
  ]);
  if (asked.size > 1) {
    throw new ProvisionError('usage', `The report is asked for as ${[...asked].join(' and as ')}.`, {
      hint: 'Ask for one format.',
    });
  }
  const [only] = asked;
  return only ?? byEnding[output?.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'terminal';
}
