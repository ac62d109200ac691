/** Takes escapes of all kinds back by one step: of URLs, forms, JSON, Go, shells, HTML, mails, terminals. */
import { type Layer, type Piece, withPieces } from './layer.ts';
import { utf8 } from './utf8.ts';

const escape = new RegExp(
  [
    String.raw`(?:%[0-9a-fA-F]{2})+`,
    String.raw`(?:\\x[0-9a-fA-F]{2})+`,
    String.raw`(?:\\[0-7]{3})+`,
    String.raw`\\[uU]\{[0-9a-fA-F]{1,6}\}`,
    String.raw`\\[uU][0-9a-fA-F]{4}`,
    String.raw`\\[nrtfvbNRTFVB]`,
    String.raw`\\[^\w\s]`,
    String.raw`&#[xX][0-9a-fA-F]{1,6};?`,
    String.raw`&#\d{1,7};?`,
    String.raw`&[a-zA-Z]{2,8};`,
    String.raw`%[uU][0-9a-fA-F]{4}`,
    // Colours, links, titles and other orders to a terminal.
    String.raw`(?:\u001B\[|\u009B)[0-9;?]*[A-Za-z]`,
    String.raw`\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)`,
  ].join('|'),
  'g',
);

/** The names that encoders write; accents are dropped when a text is folded, so their letters are enough. */
const entities: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'amp& lt< gt> quot" apos\' nbsp\u00A0 num# excl! dollar$ percnt% lpar( rpar) ast* plus+ comma, period. sol/ colon: ' +
    'semi; equals= quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] hat^ lowbar_ grave` lcub{ lbrace{ verbar| vert| ' +
    'rcub} rbrace} hyphen- dash- tilde~ newline\n tab\t szligß aeligæ oslashø aringå ethð thornþ euro€ pound£ yen¥ ' +
    'sect§ para¶ copy© reg® deg° micro\u00B5 middot· laquo« raquo» iexcl¡ iquest¿ cent¢ not¬ shy\u00AD hellip…'
  )
    .split(' ')
    .map((each) => {
      const [name = ''] = /^[a-z]+/.exec(each) ?? [];
      return [name, each.slice(name.length)] as const;
    }),
);

function entity(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(entities, lower)) return entities[lower];
  const [, letter] = /^([a-z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron)$/.exec(lower) ?? [];
  return letter;
}

function point(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
}

const bytesOf = (text: string, every: number, skip: number, radix: number): number[] =>
  Array.from(
    { length: text.length / every },
    (_, index) => Number.parseInt(text.slice(index * every + skip, (index + 1) * every), radix) & 0xff,
  );

/** Each byte is one piece, unless several make one character: a secret may end in the middle of a run. */
function* ofBytes(bytes: readonly number[], start: number, every: number): Generator<Piece> {
  const { text, startOf, endOf } = utf8(Uint8Array.from(bytes));
  let index = 0;
  for (const char of text) {
    yield { text: char, start: start + startOf(index) * every, end: start + endOf(index) * every };
    index += char.length;
  }
}

function* pieces(text: string): Generator<Piece> {
  for (const { 0: found, index: start } of text.matchAll(escape)) {
    const end = start + found.length;
    const hex = (from: number): number => Number.parseInt(found.slice(from).replace(/[};]$/, ''), 16);
    if (/^%u/i.test(found)) yield { text: String.fromCharCode(hex(2)), start, end };
    else if (found.startsWith('%')) yield* ofBytes(bytesOf(found, 3, 1, 16), start, 3);
    else if (found.startsWith('\\x')) yield* ofBytes(bytesOf(found, 4, 2, 16), start, 4);
    else if (/^\\\d/.test(found)) yield* ofBytes(bytesOf(found, 4, 1, 8), start, 4);
    else if (/^\\u\{/i.test(found)) yield { text: point(hex(3)), start, end };
    else if (/^\\u/i.test(found)) yield { text: String.fromCharCode(hex(2)), start, end };
    else if (found.startsWith('\\'))
      yield { text: /\w/.test(found[1] ?? '') ? '\n' : (found[1] ?? ''), start, end };
    else if (/^&#x/i.test(found)) yield { text: point(hex(3)), start, end };
    else if (found.startsWith('&#')) yield { text: point(Number.parseInt(found.slice(2), 10)), start, end };
    else if (found.startsWith('&')) {
      const meant = entity(found.slice(1, -1));
      if (meant !== undefined) yield { text: meant, start, end };
    } else yield { text: '', start, end };
  }
}

/** @returns `null` where nothing is escaped */
export function unescaped(layer: Layer): Layer | null {
  const { text } = layer;
  const orders = text.includes('\u001B') || text.includes('\u009B');
  return orders || /[%\\&]/.test(text) ? withPieces(layer, pieces(text)) : null;
}

/** Mails break lines with `=` and write bytes as `=C3`: read apart from the rest, for `=` stands before many values. */
export function quotedPrintable(layer: Layer): Layer | null {
  if (!/=(?:\r?\n|[0-9A-Fa-f]{2})/.test(layer.text)) return null;
  return withPieces(
    layer,
    (function* () {
      for (const { 0: found, index } of layer.text.matchAll(/=\r?\n|(?:=[0-9A-Fa-f]{2})+/g)) {
        if (/^=\r?\n/.test(found)) yield { text: '', start: index, end: index + found.length };
        else yield* ofBytes(bytesOf(found, 3, 1, 16), index, 3);
      }
    })(),
  );
}
