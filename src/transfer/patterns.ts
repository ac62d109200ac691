/** Patterns made of texts that people or clouds chose: whatever is in them stands for itself. Pure. */
import escapeStringRegexp from 'escape-string-regexp';

/**
 * Finds any of the texts as whole tokens, the longest first: not inside a longer run of letters and digits of any script.
 *
 * @returns a global pattern; one that matches nothing where there are no texts
 */
export function wholeTokens(texts: Iterable<string>): RegExp {
  const alternatives = [...new Set(texts)].toSorted((a, b) => b.length - a.length).map(escapeStringRegexp);
  if (alternatives.length === 0) return /(?!)/g;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
}

/** Matches a whole text in which each `*` of the pattern stands for any text, also for none. */
export function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.split(/\*+/).map(escapeStringRegexp).join('.*')}$`, 's');
}
