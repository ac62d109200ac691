/**
 * Terraform's complaints, as data: from the machine-readable lines of `plan -json` and `apply -json`, and from the
 * text that commands without such an output write to standard error.
 */
import path from 'node:path';
import { z } from 'zod';
import type { Redactor } from '../redact/redactor.ts';
import type { SourceLocation } from '../transfer/errors.ts';

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Resource that it is about. */
  readonly address: string | null;
  readonly where: SourceLocation | null;
  /** Name of the variable, argument or block at that place; never its value, which may be secret. */
  readonly subject: string | null;
  /** Summary and what of the detail fits behind it, on one line. */
  readonly message: string;
}

const JsonDiagnostic = z.object({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().optional(),
  address: z.string().optional(),
  range: z
    .object({ filename: z.string(), start: z.object({ line: z.number(), column: z.number() }) })
    .nullish(),
  snippet: z.object({ context: z.string().nullish(), code: z.string().optional() }).nullish(),
});

/** `required_version` and its constraint may be shown: what stands there is never a secret. */
const versionLine = /^\s*required_version\s*=\s*"(?<constraint>[^"]*)"/;

function subjectOf(code: string | undefined, context: string | null | undefined): string | null {
  const constraint = versionLine.exec(code ?? '')?.groups?.['constraint'];
  if (constraint !== undefined) return constraint;
  const attribute = /^\s*"?(?<name>[\w-]+)"?\s*[=:]/.exec(code ?? '')?.groups?.['name'];
  const variable = /^\s*variable\s+"(?<name>[\w-]+)"/.exec(context ?? code ?? '')?.groups?.['name'];
  return variable ?? attribute ?? null;
}

function messageOf(summary: string, detail: string): string {
  const paragraph =
    detail
      .split(/\n\s*\n/)[0]
      ?.replaceAll(/\s+/g, ' ')
      .trim() ?? '';
  const text = summary.replaceAll(/\s+/g, ' ').trim();
  if (paragraph === '') return text;
  return /[.:!?]$/.test(text) ? `${text} ${paragraph}` : `${text}: ${paragraph}`;
}

function make(parts: Omit<Diagnostic, 'message'>): Diagnostic {
  return { ...parts, message: messageOf(parts.summary, parts.detail) };
}

/** Terraform names files relative to where it runs. */
function locate(file: string, folder: string, line: number, column?: number): SourceLocation {
  return { file: path.resolve(folder, file), line, ...(column === undefined ? {} : { column }) };
}

/** The same with secrets taken out of its texts: services like to repeat what they refuse. */
export function redacted(diagnostic: Diagnostic, redactor: Redactor | undefined): Diagnostic {
  if (redactor === undefined) return diagnostic;
  const { summary, detail, message } = diagnostic;
  return { ...diagnostic, ...redactor.value({ summary, detail, message }) };
}

/** @param folder where Terraform ran */
export function readDiagnostic(raw: unknown, folder: string): Diagnostic | null {
  const parsed = JsonDiagnostic.safeParse(raw);
  if (!parsed.success) return null;
  const { severity, summary, detail = '', address, range, snippet } = parsed.data;
  return make({
    severity: severity === 'error' ? 'error' : 'warning',
    summary,
    detail: detail.trim(),
    address: address ?? null,
    where: range ? locate(range.filename, folder, range.start.line, range.start.column) : null,
    subject: subjectOf(snippet?.code, snippet?.context),
  });
}

const heading = /^(?<severity>Error|Warning): (?<summary>.*)$/;
const place = /^ {2}(?:on|with) (?<file>.+?) line (?<line>\d+)(?:, in (?<context>.*))?:?$/;
const codeLine = /^\s+(?<line>\d+): (?<code>.*)$/;

/** Terraform breaks its texts at a fixed width; what stands indented or in a list is left as it is. */
function unwrap(lines: readonly string[]): string {
  const joined: string[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const goesOn =
      last !== undefined && last !== '' && line !== '' && !/^[\s*-]/.test(line) && !/^\s/.test(last);
    if (goesOn) joined[joined.length - 1] = `${last} ${line}`;
    else joined.push(line);
  }
  return joined.join('\n').trim();
}

function readBlock(severity: string, summary: string, lines: readonly string[], folder: string): Diagnostic {
  const detail: string[] = [];
  let where: SourceLocation | null = null;
  let subject: string | null = null;
  let context: string | undefined;
  for (const line of lines) {
    const found = place.exec(line)?.groups;
    if (found && where === null) {
      where = locate(found['file'] ?? '', folder, Number(found['line']));
      context = found['context'];
      continue;
    }
    const code =
      where === null || detail.some((text) => text !== '')
        ? undefined
        : codeLine.exec(line)?.groups?.['code'];
    if (code === undefined) detail.push(line);
    else subject ??= subjectOf(code, context);
  }
  return make({
    severity: severity === 'Error' ? 'error' : 'warning',
    summary: summary.trim(),
    detail: unwrap(detail),
    address: null,
    where,
    subject,
  });
}

/**
 * Reads the text that Terraform writes for people (`-no-color`): blocks that begin with `Error: `.
 * @param folder where Terraform ran
 */
export function readDiagnosticText(text: string, folder: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  let open: { severity: string; summary: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open) found.push(readBlock(open.severity, open.summary, open.lines, folder));
  };
  // Some builds draw a frame around each block even without colour.
  for (const line of text.split('\n').map((raw) => raw.replace(/^[│|╷╵]\s?/, '').trimEnd())) {
    const start = heading.exec(line)?.groups;
    if (start) {
      close();
      open = { severity: start['severity'] ?? 'Error', summary: start['summary'] ?? '', lines: [] };
    } else open?.lines.push(line);
  }
  close();
  return found;
}
