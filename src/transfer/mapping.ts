/** What happens to one thing of the source. The words are the contract's. */
export const mappingActions = [
  'clone',
  'new-cluster',
  'new-credential',
  'new-value',
  'same-value',
  'share',
  'skip',
] as const;

export type MappingAction = (typeof mappingActions)[number];

/** One row of the mapping table: what of the source becomes what of the target, and why. */
export interface MappingRow {
  readonly kind: 'resource' | 'secret';
  /** Resource address, or key of a secret. */
  readonly subject: string;
  /** Resource type; `secret` for a secret. */
  readonly type: string;
  /** Physical name in the source; the subject if it has none. */
  readonly source: string;
  /** Physical name in the target; `null` where it is known only after the apply, or there is none. */
  readonly target: string | null;
  readonly action: MappingAction;
  readonly reason: string;
}
