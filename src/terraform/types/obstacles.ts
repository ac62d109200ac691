/** Obstacles that several types share, in the same words. */
import type { ReversalObstacle } from './facts.ts';

/** Protection that has to be switched off, and applied, before a destroy. */
export function deletionProtection(attribute: string, on: string | boolean = true): ReversalObstacle {
  const off = typeof on === 'string' ? '"INACTIVE"' : 'false';
  return {
    attribute,
    when: on,
    effect: 'fails',
    terraformOnly: true,
    what: 'deletion protection is on, so destroy fails',
    hint: `Set ${attribute} = ${off} for this environment.`,
  };
}

/** The two sides of a final snapshot: refused without a name for it, left behind with one. */
export const finalSnapshot: readonly ReversalObstacle[] = [
  {
    attribute: 'skip_final_snapshot',
    when: { not: true },
    unless: { attribute: 'final_snapshot_identifier', is: 'set' },
    effect: 'fails',
    terraformOnly: true,
    what: 'a final snapshot is wanted but has no name, so destroy fails',
    hint: 'Set skip_final_snapshot = true for this environment, or give a final_snapshot_identifier.',
  },
  {
    attribute: 'final_snapshot_identifier',
    when: 'set',
    unless: { attribute: 'skip_final_snapshot', is: true },
    effect: 'leaves',
    terraformOnly: true,
    what: 'destroy leaves a final snapshot, which costs and whose name stays taken',
    hint: 'Set skip_final_snapshot = true for this environment.',
  },
];

/** Where there is no `skip_final_snapshot`: a snapshot is taken if it has a name. */
export const namedFinalSnapshot: ReversalObstacle = {
  attribute: 'final_snapshot_identifier',
  when: 'set',
  effect: 'leaves',
  terraformOnly: true,
  what: 'destroy leaves a final snapshot, which costs and whose name stays taken',
  hint: 'Leave final_snapshot_identifier out for this environment.',
};

export const retainedBackups: ReversalObstacle = {
  attribute: 'delete_automated_backups',
  when: false,
  effect: 'leaves',
  terraformOnly: true,
  what: 'destroy leaves the automated backups until their retention period ends',
  hint: 'Set delete_automated_backups = true for this environment.',
};

/** `skip_destroy`: Terraform forgets the thing instead of deleting it. */
export function skipDestroy(whatStays: string): ReversalObstacle {
  return {
    attribute: 'skip_destroy',
    when: true,
    effect: 'leaves',
    terraformOnly: true,
    what: `destroy leaves ${whatStays}`,
    hint: 'Set skip_destroy = false for this environment.',
  };
}

/** A container that is deleted only when empty, unless told to empty it. */
export function notEmptied(attribute: string, contents: string): ReversalObstacle {
  return {
    attribute,
    when: { not: true },
    effect: 'leaves',
    terraformOnly: true,
    what: `destroy fails while there are ${contents} in it`,
    hint: `Set ${attribute} = true for this environment.`,
    onlyIf: `there are ${contents} in it`,
  };
}

/** A key is never deleted at once. */
export const pendingDeletion: ReversalObstacle = {
  attribute: 'deletion_window_in_days',
  when: { not: 0 },
  effect: 'leaves',
  terraformOnly: true,
  what: 'destroy leaves the key pending deletion until its window ends (30 days if none is set); its alias is free at once',
  hint: 'Set deletion_window_in_days = 7, the shortest there is, for this environment.',
};
