/**
 * Texts from elsewhere in Markdown, for everything of it that leaves: reports, comments, summaries of CI jobs. Nothing
 * in them becomes markup, and GitHub and GitLab make no mention, no reference and no link of it. Pure.
 *
 * These look for `@team`, `#12` and addresses in what is rendered, however it was escaped, but not within code: a word
 * that could be one is code, every sign of it a character reference.
 */
import { printable } from './foreign-text.ts';

const reference = (character: string): string => `&#${character.codePointAt(0)};`;

/** Code, whatever the text is and wherever it stands: in a table, in a heading, in HTML. */
export function htmlCode(text: string): string {
  return `<code>${text.replaceAll(/[^A-Za-z0-9 ]/gu, reference)}</code>`;
}

/** On one line, with nothing that is not seen. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim();

/** What GitHub or GitLab would link: `@team`, `#12`, `!12`, `~"a label"`, `[issue:12]`, `GH-1`, a commit, an address. */
const linked =
  /[@#]|(?<![\w.])[!&~%]["\w]|\[\w+:|:\/\/|www\.|\b(?:mailto|xmpp|ftp):|\bG[HL]-\d|(?<![\w.])(?=\d*[a-f])[0-9a-f]{7,40}(?!\w)/iu;

/** And what they would draw: `:white_check_mark:`, but not a time of day; `{+ added +}`. */
const drawn = /:(?!\d+:\d)[\w+-]+:|[{[][-+]|[-+][}\]]/u;

/** What Markdown reads as its own and takes back after a backslash; and what HTML, tables and formulas read, too. */
const emphasis = /[*_{}[\]]/gu;
const structure = /[\\`<>|&#~$^!]/gu;

/** Where a line begins with it, it begins a list, a rule, or a command of a CI system or of GitLab (`/merge`). */
const atBegin = /^(?:()([-+=:/])|(\d+)([.)])(?=\s|$))/u;

/** Plain text. */
export function markdownText(text: string): string {
  return oneLine(text)
    .split(' ')
    .map((word) =>
      linked.test(word) || drawn.test(word)
        ? htmlCode(word)
        : word.replaceAll(structure, reference).replaceAll(emphasis, String.raw`\$&`),
    )
    .join(' ')
    .replace(
      atBegin,
      (_, none?: string, mark?: string, digits?: string, dot?: string) =>
        `${digits ?? none ?? ''}${reference(mark ?? dot ?? '')}`,
    );
}

/** Code. In backticks where it can be read as it is: most of it is names. */
export function markdownCode(text: string): string {
  const shown = oneLine(text);
  if (shown === '') return '';
  const plain = /^[\p{L}\p{N}\p{M} _.,:;/()"'[\]{}=+*@#-]+$/u.test(shown) && !/##\w*\[/.test(shown);
  return plain ? `\`${shown}\`` : htmlCode(shown);
}
