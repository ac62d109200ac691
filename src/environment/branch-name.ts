/**
 * Names of environments from names of branches. A branch name is hostile input: git lets it hold `$(…)`, quotes,
 * upper case and any Unicode, at any length.
 */
import { createHash } from 'node:crypto';
import { ProvisionError } from '../transfer/errors.ts';
import { isProtected, longestName, problemOf, suggestName } from './names.ts';

/** What can be read back: one word, or one word, a slash, and words with hyphens. `feature/auth`, `fix/line-reply`. */
const plain = /^[a-z][a-z0-9]*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)?$/;

const hashLength = 9;

/** Longest name with a hash: it becomes part of the names of resources, which have limits of their own. */
const longestHashed = 24;

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const digits = '234567';

/** A digit first, so that few words that people write look like it. */
const hashed = /-[2-7][a-z2-7]{8}$/;

/** 42 bits, as lower-case letters and digits; lone surrogates are told apart too. */
function hashOf(branch: string): string {
  const digest = createHash('sha256').update(JSON.stringify(branch)).digest();
  const characters = [...digest.subarray(0, hashLength)].map((byte, index) => {
    const choice = index === 0 ? digits : alphabet;
    return choice[byte % choice.length];
  });
  return characters.join('');
}

/**
 * The name of a branch's environment: valid, short, and always the same for the same branch. `feature/auth` becomes
 * `feature-auth`, as people expect. A branch from whose slug it could not be read back (`feature-auth`,
 * `feature/Auth`, `feature/auth_x`, a long one), or whose slug means something else already (`dev`, `default`), gets
 * a hash at the end: so no two branches share an environment.
 *
 * @param branch the short name, for example GITHUB_REF_NAME
 * @param config whose protected environments no branch takes the name of
 * @throws ProvisionError `name-invalid` for nothing, and for a full ref: `refs/heads/x` may be a branch's short name
 */
export function environmentNameFor(
  branch: string,
  config: { readonly protected: readonly string[] } = { protected: [] },
): string {
  if (branch === '' || branch.startsWith('refs/')) {
    throw new ProvisionError(
      'name-invalid',
      branch === '' ? 'The name of the branch is empty.' : 'The name of the branch is a full ref.',
      { hint: 'Give its short name: `feature/auth`, as GITHUB_REF_NAME has it.' },
    );
  }
  const slug = branch.replace('/', '-');
  // What looks like a name with a hash gets one of its own, or it could be that of another branch.
  const readable = plain.test(branch) && slug.length <= longestName && !hashed.test(slug);
  if (readable && problemOf(slug) === null && !isProtected(slug, config)) return slug;
  const words = (suggestName(branch) ?? 'branch').slice(0, longestHashed - hashLength - 1).replace(/-+$/, '');
  return `${words}-${hashOf(branch)}`;
}
