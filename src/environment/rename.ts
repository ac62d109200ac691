/**
 * ρ: the substitution that takes names of the source to names of the target.
 *
 * An environment's name is matched as a whole token only: `device-dev` names dev once, `developer` and `product`
 * never. Where a known environment's name contains another's (`feature-auth`, `feature-auth-2`), the longest wins.
 */

export interface Rename {
  readonly source: string;
  readonly target: string;
  /** Takes a text of the source to the target: every whole token that names the source is replaced. */
  apply(text: string): string;
  /** True if the text names the source environment as a whole token, in any of its spellings. */
  namesSource(text: string): boolean;
  /** True if the text names the target environment as a whole token, in any of its spellings. */
  namesTarget(text: string): boolean;
  /** True if the two texts are equal once both environments' names are taken out. */
  equalUnder(sourceText: string, targetText: string): boolean;
}

/** Spellings in which an environment's name turns up in other names: `feature-auth` also as `feature_auth`, `FEATURE_AUTH`. */
export function spellings(name: string): readonly string[] {
  const underscored = name.replaceAll('-', '_');
  return [...new Set([name, underscored, name.toUpperCase(), underscored.toUpperCase()])];
}

const special = /[.*+?^${}()|[\]\\]/g;

/** Matches any of the names as whole tokens: not inside a longer run of letters and digits. */
function tokenPattern(names: readonly string[]): RegExp {
  const alternatives = [...names].sort((a, b) => b.length - a.length).map((name) => name.replaceAll(special, '\\$&'));
  return new RegExp(`(?<![A-Za-z0-9])(?:${alternatives.join('|')})(?![A-Za-z0-9])`, 'g');
}

/**
 * @param source name of the environment copied from
 * @param target name of the environment made
 * @param others names of other known environments, so that `feature-auth-2` is not taken for `feature-auth`
 */
export function createRename(source: string, target: string, others: readonly string[] = []): Rename {
  const sourceSpellings = spellings(source);
  const targetSpellings = spellings(target);
  const sources = new Set(sourceSpellings);
  const targets = new Set(targetSpellings);
  const pattern = tokenPattern([...sourceSpellings, ...targetSpellings, ...others.flatMap(spellings)]);

  const names = (text: string, wanted: ReadonlySet<string>): boolean => {
    for (const match of text.matchAll(pattern)) if (wanted.has(match[0])) return true;
    return false;
  };
  const masked = (text: string, wanted: ReadonlySet<string>): string =>
    text.replaceAll(pattern, (token) => (wanted.has(token) ? '\u0000' : token));
  const inTargetSpelling = (token: string): string => {
    const underscored = token.includes('_') ? target.replaceAll('-', '_') : target;
    return token === token.toUpperCase() && token !== token.toLowerCase() ? underscored.toUpperCase() : underscored;
  };

  return {
    source,
    target,
    apply: (text) => text.replaceAll(pattern, (token) => (sources.has(token) ? inTargetSpelling(token) : token)),
    namesSource: (text) => names(text, sources),
    namesTarget: (text) => names(text, targets),
    equalUnder: (sourceText, targetText) => masked(sourceText, sources) === masked(targetText, targets),
  };
}
