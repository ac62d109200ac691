/** What a message of AWS says about a missing permission. */
export interface Denial {
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource?: string;
  /** Why, as AWS says it: `no identity-based policy allows the dynamodb:PutItem action`. */
  readonly because?: string;
}

const sentence =
  /not authorized to perform:?\s+([a-z0-9-]+:[A-Za-z0-9*]+)(?:\s+on\s+(?:the\s+)?resource:?\s+["'\\]*([^\s"'\\,]+))?(?:[^.\n]{0,40}?because\s+([^"\\\n.]{1,160}))?/;

/** Finds "… is not authorized to perform: <action> on resource: <arn> because …" in a message or a log line. */
export function findDenial(text: string): Denial | null {
  const match = sentence.exec(text);
  const action = match?.[1];
  if (!match || action === undefined) return null;
  return {
    action,
    ...(match[2] === undefined ? {} : { resource: match[2].replace(/[.;]$/, '') }),
    ...(match[3] === undefined ? {} : { because: match[3].trim() }),
  };
}

/** One line for people: which action on what was denied. */
export function describeDenial(denial: Denial): string {
  const on = denial.resource === undefined ? '' : ` on ${denial.resource}`;
  const because = denial.because === undefined ? '' : ` (${denial.because})`;
  return `access denied: ${denial.action}${on}${because}`;
}
