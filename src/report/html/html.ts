/**
 * Text that becomes a page. Everything that is put into `html` is escaped unless it came out of `html` itself; the
 * escaping is Hono's, which we ship anyway. Attribute values are always written in quotes.
 */
import { html as template, raw } from 'hono/html';

/** Markup that is safe to put into other markup. */
export type Html = ReturnType<typeof raw>;

type Value = Html | string | number | null | undefined | false | readonly Value[];

/**
 * Characters that nobody sees and that change what is seen around them: controls, directional marks and overrides,
 * zero-width ones (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing). A name that holds one is shown with its code.
 */
const unseen = /[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;

/** Foreign text as a person may safely look at it. Still to be escaped. */
export function shown(text: string): string {
  return text
    .replaceAll(/\p{Cs}/gu, '\uFFFD')
    .replaceAll(/\s*[\t\n\r]\s*/g, ' ')
    .replaceAll(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

function prepared(value: Value): unknown {
  if (typeof value === 'string') return shown(value);
  if (Array.isArray(value)) return value.map((each: Value) => prepared(each));
  return value;
}

/** Markup from a template; what is put into it is escaped, lists are joined, `null` and `false` leave nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  // The indentation of the source would be a fifth of a large page.
  const dense = strings.map((part) => part.replaceAll(/\s+/g, ' '));
  // Promises are the only thing that makes the result one, and no `Value` is a promise.
  return template(Object.assign(dense, { raw: dense }), ...values.map(prepared)) as Html;
}

/** Markup of our own that is not to be escaped: the style and the script. Never for foreign text. */
export const trusted = (markup: string): Html => raw(markup);

export const nothing: Html = raw('');
