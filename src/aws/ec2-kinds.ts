/** What the kinds of EC2 have in common: how a state is read, what a thing is called, and the five verbs of most. */
import type { EC2, Tag } from '@aws-sdk/client-ec2';
import { type StatusWords, type WholeDefinition, absent, presentAs, presentIf } from './adapter.ts';
import { type RawListed, tagsFrom } from './listing.ts';

/** EC2 keeps what was deleted visible for a while, with its last state. */
export const networkStates: StatusWords = {
  ready: ['available', 'Available', 'associated', 'in-use', 'pendingAcceptance', 'PendingAcceptance'],
  failed: ['failed', 'Failed', 'Rejected', 'Expired'],
  leaving: ['deleting', 'Deleting', 'disassociating', 'detaching'],
};

/** States of what is no more. */
export const gone = new Set(['deleted', 'Deleted', 'terminated', 'disassociated']);

function found(status: string | undefined, words: StatusWords): ReturnType<typeof presentAs> | typeof absent {
  return status !== undefined && gone.has(status) ? absent : presentAs(status, words);
}

type Check = WholeDefinition<EC2>['check'];

/** Something that has no state: it is in the answer or not. */
export const listed =
  (list: (client: EC2, id: string) => Promise<unknown>): Check =>
  async (subject, client) =>
    presentIf(await list(client, subject.id));

/** Something that has a state; `undefined` from `read` is "not in the answer". */
export const stated =
  (
    words: StatusWords,
    read: (client: EC2, id: string) => Promise<{ readonly status: string | undefined } | undefined>,
  ): Check =>
  async (subject, client) => {
    const answer = await read(client, subject.id);
    return answer === undefined ? absent : found(answer.status, words);
  };

/** For a listing: that it is on its way out already. */
export const leavingIf = (status: string | undefined): string | undefined =>
  networkStates.leaving?.includes(status ?? '') ? 'being deleted' : undefined;

/** Most of it has no name but the tag that people see in the console. */
export function named(id: string | undefined, tags: readonly Tag[] | undefined): RawListed {
  const all = tagsFrom(tags ?? []);
  return { id, name: all['Name'] || id, tags: all };
}

type Rest = Pick<WholeDefinition<EC2>, 'check' | 'list' | 'remove'>;

/** What is described by one call, which also lists it, and deleted by others. */
export function whole(
  describe: string,
  remove: readonly string[],
  dependsOn: readonly string[],
  rest: Rest,
): WholeDefinition<EC2> {
  const read = [`ec2:${describe}`];
  return {
    needs: [],
    actions: { check: read, list: read, remove: remove.map((each) => `ec2:${each}`) },
    dependsOn,
    ...rest,
  };
}
