/** What Terraform complains about, in its own words: as a line of JSON for `-json`, as text for people otherwise. */
export class Complaint extends Error {
  readonly summary: string;
  readonly detail: string;
  readonly address: string | null;
  readonly range: { readonly filename: string; readonly line: number; readonly code: string } | null;
  /** What is said beside it. */
  readonly more: readonly Complaint[];

  constructor(
    summary: string,
    detail = '',
    about: {
      readonly address?: string;
      readonly range?: Complaint['range'];
      readonly more?: readonly Complaint[];
    } = {},
  ) {
    super(summary);
    this.summary = summary;
    this.detail = detail;
    this.address = about.address ?? null;
    this.range = about.range ?? null;
    this.more = about.more ?? [];
  }
}

/** As a person reads it. */
export function asText({ summary, detail, range }: Complaint): string {
  const place =
    range === null ? '' : `\n  on ${range.filename} line ${range.line}:\n  ${range.line}: ${range.code}\n`;
  return `\nError: ${summary}\n${place}${detail === '' ? '' : `\n${detail}\n`}`;
}

/** As one line of the machine-readable output. */
export function asLine({ summary, detail, address, range }: Complaint): string {
  return JSON.stringify({
    '@level': 'error',
    '@message': `Error: ${summary}`,
    '@module': 'terraform.ui',
    diagnostic: {
      severity: 'error',
      summary,
      detail,
      ...(address === null ? {} : { address }),
      ...(range === null
        ? {}
        : {
            range: {
              filename: range.filename,
              start: { line: range.line, column: 1, byte: 0 },
              end: { line: range.line, column: 1 + range.code.length, byte: range.code.length },
            },
            snippet: { context: null, code: range.code, start_line: range.line },
          }),
    },
    type: 'diagnostic',
  });
}
