/**
 * ρ: the substitution that takes names of the source to names of the target.
 *
 * An environment's name is matched as a whole token only: `device-dev` names dev once, `developer` and `product`
 * never. Where a known environment's name contains another's (`feature-auth`, `feature-auth-2`), the longest wins.
 * Two places where a whole token is no environment are left alone: device files (`/dev/xvda`), and the top-level
 * domain of a host in a URL or an e-mail address (`https://grafana.dev/`).
 */
import { wholeTokens } from '../transfer/patterns.ts';

export interface Rename {
  readonly source: string;
  readonly target: string;
  /** Takes a text of the source to the target: every whole token that names the source is replaced. */
  apply(text: string): string;
  /** True if the text names the source environment as a whole token, in any of its spellings. */
  namesSource(text: string): boolean;
  /** True if the text names the target environment as a whole token, in any of its spellings. */
  namesTarget(text: string): boolean;
  /**
   * True if the target's text is the source's, with each name of the source either kept or replaced by the target's
   * in any spelling. Kept is equal here: whether it may be kept is for other eyes than those of a comparison.
   */
  equalUnder(sourceText: string, targetText: string): boolean;
  /** The text with every name of either environment replaced by one and the same mark, to compare many at once. */
  mask(text: string): string;
}

/** Stands in masked texts for an environment's name; no name, policy or URL holds this character. */
export const maskedName = '\u0000';

type Spell = (name: string) => string;

const titled: Spell = (name) => name.replaceAll(/(?<![A-Za-z0-9])[a-z]/g, (letter) => letter.toUpperCase());
const underscored: Spell = (name) => name.replaceAll('-', '_');
const compact: Spell = (name) => name.replaceAll('-', '');
const camel: Spell = (name) =>
  name.replaceAll(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/**
 * What configurations make of a name: `replace(…, "-", "_")` where hyphens are refused, `upper`, `title`, and no
 * separator at all, as in database names. The order decides which one a token is taken for if several fit.
 */
const spells: readonly Spell[] = [
  (name) => name,
  underscored,
  compact,
  camel,
  (name) => name.toUpperCase(),
  (name) => underscored(name).toUpperCase(),
  (name) => compact(name).toUpperCase(),
  titled,
  (name) => titled(name).replaceAll('-', ''),
];

/** Spellings in which an environment's name turns up in other names: `feature-auth` also as `feature_auth`, `FEATURE_AUTH`. */
export function spellings(name: string): readonly string[] {
  return [...new Set(spells.map((spell) => spell(name)))];
}

interface Spellings extends ReadonlySet<string> {
  /** Without those that hold another one. */
  readonly list: readonly string[];
}

function wordsOf(name: string): Spellings {
  const all = spellings(name);
  const list = all.filter((one) => !all.some((other) => other !== one && one.includes(other)));
  return Object.assign(new Set(all), { list });
}

/** Files under `/dev/` that are devices, not parameters or folders of an environment called dev. */
const deviceFile =
  /^\/(?:(?:[sh]|xv)d[a-z]\d*|nvme\d\w*|null|zero|u?random|std(?:in|out|err)|tty\w*|shm|fd|mapper|loop\d*|fuse|pts|mem)(?![A-Za-z0-9_-])/;

/** What stands before a top-level domain: a scheme or a mailbox, then at least one more label of the host. */
const hostBefore = /(?:https?:\/\/|wss?:\/\/|@)[A-Za-z0-9._-]*[A-Za-z0-9_-]\.$/;
const longestHost = 260;

/** Whole tokens that are no environment's name all the same. */
function isSomethingElse(text: string, start: number, end: number): boolean {
  const before = text[start - 1];
  if (before === '/' && text[end] === '/') {
    return text.slice(start, end) === 'dev' && deviceFile.test(text.slice(end, end + 20));
  }
  if (before !== '.') return false;
  const after = text.slice(end, end + 2);
  const ends = after === '' || /^(?:[^A-Za-z0-9._-]|\.(?![A-Za-z0-9]))/.test(after);
  return ends && hostBefore.test(text.slice(Math.max(0, start - longestHost), start));
}

/** A text cut at the names in it: always one part more than names. */
interface Cut {
  readonly parts: readonly string[];
  readonly names: readonly string[];
}

/**
 * @param source name of the environment copied from
 * @param target name of the environment made
 * @param others names of other known environments, so that `feature-auth-2` is not taken for `feature-auth`
 */
export function createRename(source: string, target: string, others: readonly string[] = []): Rename {
  const sources = wordsOf(source);
  const targets = wordsOf(target);
  const pattern = wholeTokens([source, target, ...others].flatMap(spellings));

  const cut = (text: string): Cut => {
    const parts: string[] = [];
    const names: string[] = [];
    let last = 0;
    for (const { 0: name, index } of text.matchAll(pattern)) {
      if (isSomethingElse(text, index, index + name.length)) continue;
      parts.push(text.slice(last, index));
      names.push(name);
      last = index + name.length;
    }
    parts.push(text.slice(last));
    return { parts, names };
  };
  const replace = (text: string, by: (name: string, offset: number) => string): string =>
    text.replaceAll(pattern, (name: string, offset: number) =>
      isSomethingElse(text, offset, offset + name.length) ? name : by(name, offset),
    );
  const contains = (text: string, wanted: Spellings): boolean => {
    // Most texts name nothing at all, and a plain search is far cheaper than the pattern.
    if (!wanted.list.some((name) => text.includes(name))) return false;
    for (const { 0: name, index } of text.matchAll(pattern)) {
      if (wanted.has(name) && !isSomethingElse(text, index, index + name.length)) return true;
    }
    return false;
  };

  const inTargetSpelling = (token: string, text: string, offset: number): string => {
    const spell = spells.find((candidate) => candidate(source) === token);
    if (spell === undefined) return target;
    const spelled = spell(target);
    // `DEV` gives no hint how hyphens are written in capitals; what stands around it does: `TABLE_DEV`.
    const shouts = token === token.toUpperCase() && token !== token.toLowerCase();
    const neighbours = `${text[offset - 1] ?? ''}${text[offset + token.length] ?? ''}`;
    return shouts && neighbours.includes('_') ? underscored(spelled) : spelled;
  };

  const isEither = (token: string): boolean => sources.has(token) || targets.has(token);

  return {
    source,
    target,
    apply: (text) =>
      replace(text, (name, offset) => (sources.has(name) ? inTargetSpelling(name, text, offset) : name)),
    namesSource: (text) => contains(text, sources),
    namesTarget: (text) => contains(text, targets),
    equalUnder(sourceText, targetText) {
      if (sourceText === targetText) return true;
      const before = cut(sourceText);
      const after = cut(targetText);
      return (
        before.parts.length === after.parts.length &&
        before.parts.every((part, index) => part === after.parts[index]) &&
        before.names.every((name, index) => {
          const other = after.names[index] ?? '';
          return name === other || (sources.has(name) && targets.has(other));
        })
      );
    },
    mask: (text) => replace(text, (name) => (isEither(name) ? maskedName : name)),
  };
}
