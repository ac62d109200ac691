/** Which managed policies are attached to a role, on either side. */
import type { JsonObject } from '../transfer/json.ts';
import type { ProofIndex } from './proof-index.ts';
import type { ProofInput } from './rule.ts';
import type { TargetResource } from './target.ts';
import { listed, unknownUnder } from './values.ts';

const type = 'aws_iam_role_policy_attachment';

export interface AttachmentFindings {
  readonly differences: readonly { readonly subject: string; readonly message: string }[];
  readonly undecided: readonly string[];
  readonly judged: number;
}

interface RoleAttachments {
  /** Policies by their translated ARN. */
  readonly before: Map<string, string>;
  readonly after: Map<string, string>;
  /** Address to name in a finding, and the role as the target calls it. */
  readonly subject: string;
  readonly role: string;
}

const textOf = (values: JsonObject, key: string): string | undefined => {
  const value = values[key];
  return typeof value === 'string' ? value : undefined;
};

/** Whether a variable decides that an attachment is there. */
function isOptional(resource: TargetResource, index: ProofIndex): boolean {
  const declaration = index.expressions.declaration(resource);
  if (!declaration) return false;
  return index.expressions.repetition(resource.modulePath, declaration).variables.size > 0;
}

export function attachmentFindings(input: ProofInput, index: ProofIndex): AttachmentFindings {
  const { pairing, translator } = index;
  const roles = new Map<string, RoleAttachments>();
  const undecided: string[] = [];
  for (const { source, target } of pairing.pairs) {
    if (source.type !== type) continue;
    const role = textOf(source.values, 'role');
    const arn = textOf(source.values, 'policy_arn');
    if (role === undefined || arn === undefined) continue;
    // What is not known yet comes from a resource of the target, and stands for the policy at the same address.
    if (['role', 'policy_arn'].some((attribute) => unknownUnder(target.unknown, attribute))) {
      undecided.push(target.address);
      continue;
    }
    const key = translator.ofSource(role);
    const known = roles.get(key);
    const name = textOf(target.values, 'role') ?? role;
    const entry = known ?? { before: new Map(), after: new Map(), subject: target.address, role: name };
    if (!known) roles.set(key, entry);
    entry.before.set(translator.ofSource(arn), arn);
  }
  const attach = (resource: TargetResource, isNew: boolean): void => {
    if (resource.type !== type) return;
    const role = textOf(resource.values, 'role');
    const arn = textOf(resource.values, 'policy_arn');
    if (role === undefined || arn === undefined) return;
    const entry = roles.get(translator.ofTarget(role));
    // A role that the source has no attachments of, or one that a variable brings in, breaks no contract.
    if (!entry || (isNew && isOptional(resource, index))) return;
    entry.after.set(translator.ofTarget(arn), arn);
  };
  for (const { target } of pairing.pairs) attach(target, false);
  for (const resource of pairing.added) attach(resource, true);

  const differences: { subject: string; message: string }[] = [];
  for (const { before, after, subject, role } of roles.values()) {
    const lacks = missing(before, after);
    const adds = missing(after, before);
    const parts = [
      ...(lacks.length > 0 ? [`lacks ${listed(lacks)}`] : []),
      ...(adds.length > 0 ? [`has ${listed(adds)} beyond ${input.source.name}'s`] : []),
    ];
    if (parts.length > 0) differences.push({ subject, message: `The role ${role} ${parts.join(' and ')}.` });
  }
  return { differences, undecided, judged: roles.size };
}

function missing(from: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...from].flatMap(([key, arn]) => (other.has(key) ? [] : [arn]));
}
