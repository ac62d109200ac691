/**
 * Whether a text bears an environment's name. Only a look: what merely looks alike is never taken for the
 * environment's own.
 */
import { spellings } from '../environment/rename.ts';
import { wholeTokens } from '../transfer/patterns.ts';

/**
 * After a name, a short number is part of another name: `feature-auth-2` is a second environment, or one for ticket
 * 2, and nothing tells it from the second queue of the first. Dates and times are longer.
 */
const numbered = /^[-_]\p{Nd}{1,5}(?![\p{L}\p{N}])/u;

/**
 * @param name of the environment
 * @param others names of all other environments that are known; where one of them holds the name, the longest wins
 * @returns true for texts in which the name stands as a whole token, in any of its spellings
 */
export function createNameMatcher(name: string, others: readonly string[]): (text: string) => boolean {
  const own = new Set(spellings(name));
  const foreign = others.filter((other) => other !== name).flatMap(spellings);
  const pattern = wholeTokens([...own, ...foreign]);
  const shortest = [...own];
  return (text) => {
    // Most texts name nothing at all, and a plain search is far cheaper than the pattern.
    if (!shortest.some((each) => text.includes(each))) return false;
    for (const { 0: token, index } of text.matchAll(pattern)) {
      if (own.has(token) && !numbered.test(text.slice(index + token.length, index + token.length + 7)))
        return true;
    }
    return false;
  };
}
