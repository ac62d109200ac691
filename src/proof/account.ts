/** What the account said of the names that the plan would take. Asked before the proof: the proof itself asks nobody. */
import type { Finding } from '../transfer/finding.ts';
import { acceptanceKey } from './accept.ts';
import type { ProofInput } from './rule.ts';

export interface AccountAnswer {
  /** Of the planned resource. */
  readonly address: string;
  /** The name that was asked for. */
  readonly name: string;
  readonly presence: AskedPresence;
}

export type AskedPresence =
  | { readonly state: 'free' }
  | {
      readonly state: 'taken';
      /** `leaving`: being deleted, or in its recovery window. The name is taken all the same. */
      readonly condition: 'there' | 'leaving';
      /** Until when, or in which region; a clause. */
      readonly detail?: string;
      /** Whose it is, where its tags tell, or what made it; a clause whose subject is the thing. */
      readonly owner?: string;
      /** What made it by itself, for example `Lambda function bot`; absent where nothing says so. */
      readonly madeFor?: string;
    }
  /** Another account has it. */
  | { readonly state: 'foreign'; readonly detail: string }
  /** Neither. `permission` is the action that lacks, if that is the reason. */
  | { readonly state: 'unreadable'; readonly reason: string; readonly permission?: string }
  | { readonly state: 'not-asked'; readonly reason: string };

const rule = 'identity-free';

/** The finding on an answer; `null` where the name is free, or nobody asked. */
export function accountFinding(
  { address, name, presence }: AccountAnswer,
  type: string,
  title: string,
  target: string,
): Finding | null {
  const finding = (severity: Finding['severity'], message: string, hint: string): Finding => ({
    rule,
    severity,
    subject: address,
    message,
    hint,
  });
  switch (presence.state) {
    case 'free':
    case 'not-asked':
      return null;
    case 'foreign':
      return finding(
        'error',
        `${address} would be the ${title} ${name}: ${presence.detail}.`,
        'Names of this kind are unique over all accounts: put something of your own into the name.',
      );
    case 'unreadable':
      return finding(
        'warning',
        `Whether the name of ${address}, ${name}, is free could not be asked: ${presence.reason}. The proof is not complete.`,
        presence.permission === undefined
          ? `Repeat the command, or accept it: --accept '${rule}:${address}'.`
          : `Allow ${presence.permission} for the identity that runs provision-env, or accept it: --accept '${rule}:${address}'.`,
      );
    case 'taken': {
      const { condition, detail, owner, madeFor } = presence;
      const state =
        condition === 'leaving' ? 'is being deleted, and has its name until then' : 'exists already';
      const more = [detail, owner].filter((clause) => clause !== undefined).join('; ');
      return finding(
        'error',
        `${address} would be the ${title} ${name}, which ${state}${more === '' ? '' : `: ${more}`}.`,
        takenHint(address, type, name, target, condition, madeFor),
      );
    }
  }
}

function takenHint(
  address: string,
  type: string,
  name: string,
  target: string,
  condition: 'there' | 'leaving',
  madeFor: string | undefined,
): string {
  if (type === 'aws_secretsmanager_secret' && condition === 'leaving') {
    return `Restore it (aws secretsmanager restore-secret --secret-id '${name}') and import it, or delete it for good (aws secretsmanager delete-secret --secret-id '${name}' --force-delete-without-recovery).`;
  }
  if (condition === 'leaving') return 'Wait until it is gone, and repeat the command.';
  if (type === 'aws_cloudwatch_log_group' && madeFor !== undefined) {
    return `The service makes such a group by itself for the ${madeFor}. Import it (terraform import '${address}' '${name}'), or delete it with its logs (aws logs delete-log-group --log-group-name '${name}').`;
  }
  return `If it is left over from an earlier ${target}, provision-env sweep ${target} shows it and can remove it. If somebody needs it, choose another name for ${target}, import it, or read it with a data source.`;
}

/**
 * What the account did not let be read, for the coverage: with any, the proof does not hold. What a person accepted
 * is left out.
 */
export function unreadableNames(
  input: Pick<ProofInput, 'account'>,
  accepted: ReadonlySet<string>,
): readonly string[] {
  return (input.account ?? []).flatMap(({ address, name, presence }) => {
    if (presence.state !== 'unreadable' || accepted.has(acceptanceKey({ rule, subject: address }))) return [];
    const { reason, permission } = presence;
    const lacking = permission === undefined || reason.includes(permission) ? '' : `, ${permission}`;
    return [`${address} (whether the name ${name} is free: ${reason}${lacking})`];
  });
}
