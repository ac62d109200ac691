/** `--accept <rule>:<subject>`: a person overrules one finding, and the record says who. */
import { didYouMean } from '../environment/near-names.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Finding, Proof } from '../transfer/finding.ts';

export interface Acceptance {
  readonly rule: string;
  readonly subject: string;
}

const form = /^([a-z][a-z-]*[a-z]):(.+)$/s;

/**
 * @param rules ids of the rules there are
 * @throws ProvisionError `usage` if there is no such rule, or nothing after it
 */
export function parseAccept(text: string, rules: readonly string[]): Acceptance {
  const match = form.exec(text.trim());
  const [, rule = '', subject = ''] = match ?? [];
  if (!match || subject.trim() === '') {
    throw new ProvisionError('usage', `--accept ${text} is not of the form <rule>:<subject>.`, {
      hint: "Write it as the report shows it, in quotes: --accept 'identity-free:aws_sqs_queue.jobs'.",
    });
  }
  if (!rules.includes(rule)) {
    throw new ProvisionError('usage', `--accept ${text}: there is no rule ${rule}.`, {
      hint: `${didYouMean(rule, rules)} The rules are ${rules.join(', ')}.`.trim(),
    });
  }
  return { rule, subject: subject.trim() };
}

/** Shells eat the quotes of `aws_x.y["a"]`: without them it is the same subject. */
const plain = (subject: string): string => subject.replaceAll(/["']/g, '');

/** What a finding is accepted by; equal for findings that one `--accept` covers. */
export function acceptanceKey({ rule, subject }: Acceptance): string {
  return `${rule}:${plain(subject)}`;
}

/** Those that overrule nothing: a finding that is gone, or a subject that is misspelled. */
export function unusedAccepts(proof: Proof, accept: readonly string[]): readonly string[] {
  const found = new Set(proof.verdicts.flatMap(({ findings }) => findings).map(acceptanceKey));
  return accept.filter((text) => {
    const [, rule = '', subject = ''] = form.exec(text.trim()) ?? [];
    return !found.has(acceptanceKey({ rule, subject: subject.trim() }));
  });
}

/** Who accepts what the configuration of the project accepts: whoever agreed to that change of it. */
export const byConfiguration = 'the configuration';

/** @param accepted who accepted it, by `acceptanceKey` */
export function withAcceptance(
  findings: readonly Finding[],
  accepted: ReadonlyMap<string, string>,
  at: string,
): readonly Finding[] {
  if (accepted.size === 0) return findings;
  return findings.map((finding) => {
    const by = finding.severity === 'info' ? undefined : accepted.get(acceptanceKey(finding));
    return by === undefined ? finding : { ...finding, accepted: { by, at } };
  });
}
