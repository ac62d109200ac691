import type { Presence } from '../../aws/adapter.ts';
import { type Check, fail, pass, skipped } from '../context.ts';

export const resourceExists: Check<Presence> = {
  layer: 1,
  id: 'resource-exists',
  expected: 'it is in the account',
  judge: (presence) => {
    if (presence.state === 'absent') return fail('not found');
    if (presence.state === 'not-applicable') return skipped('nothing of it is in the cloud');
    // Terraform's state says that it is there. That nobody else was asked is no failure of the environment.
    if (presence.state === 'not-asked') return skipped(`the account was not asked: ${presence.reason}`);
    if (presence.state === 'unreadable') return fail(`could not be read: ${presence.reason}`);
    const status = presence.status === undefined ? '' : ` (${presence.status})`;
    return presence.condition === 'leaving' ? fail(`being deleted${status}`) : pass(`found${status}`);
  },
};
