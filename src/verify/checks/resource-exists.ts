import type { Presence } from '../../aws/adapter.ts';
import { type Check, fail, pass, skipped } from '../context.ts';

export const resourceExists: Check<Presence> = {
  layer: 1,
  id: 'resource-exists',
  expected: 'it is in the account',
  judge: (presence) => {
    if (presence.state === 'absent') return fail('not found');
    if (presence.state === 'not-applicable') return skipped('nothing of it is in the cloud');
    if (presence.state === 'unreadable') return fail(`could not be read: ${presence.reason}`);
    const status = presence.status === undefined ? '' : ` (${presence.status})`;
    return presence.condition === 'leaving' ? fail(`being deleted${status}`) : pass(`found${status}`);
  },
};
