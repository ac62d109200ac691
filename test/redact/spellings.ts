/** How a value may turn up in a text: for tests of what leaves, at every edge. */

const bytes = (value: string): readonly number[] => [...Buffer.from(value)];
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const json = (value: string): string => JSON.stringify(value).slice(1, -1);
const units = (value: string, write: (code: number) => string): string =>
  Array.from({ length: value.length }, (_, index) => write(value.charCodeAt(index))).join('');
const html = (value: string): string =>
  value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

function base64(value: string, offset: number, encoding: 'base64' | 'base64url'): string {
  return Buffer.concat([Buffer.from('xyz'.slice(0, offset)), Buffer.from(value), Buffer.from('~')]).toString(
    encoding,
  );
}

function xxd(value: string): string {
  const all = bytes(`token=${value}`);
  const lines = Array.from({ length: Math.ceil(all.length / 16) }, (_, line) =>
    all.slice(line * 16, line * 16 + 16),
  );
  return lines
    .map((line, index) => {
      const pairs =
        line
          .map(hex)
          .join('')
          .match(/.{1,4}/g)
          ?.join(' ') ?? '';
      const shown = line
        .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '.'))
        .join('');
      return `${(index * 16).toString(16).padStart(8, '0')}: ${pairs.padEnd(39)}  ${shown}`;
    })
    .join('\n');
}

export const spellings: Readonly<Record<string, (value: string) => string>> = {
  'as it is': (value) => value,
  'in capitals': (value) => value.toUpperCase(),
  'in small letters': (value) => value.toLowerCase(),
  'URL-encoded': encodeURIComponent,
  'URL-encoded in small letters': (value) => encodeURIComponent(value).toLowerCase(),
  'URL-encoded twice': (value) => encodeURIComponent(encodeURIComponent(value)),
  'every byte URL-encoded': (value) =>
    bytes(value)
      .map((byte) => `%${hex(byte)}`)
      .join(''),
  'as a form': (value) => new URLSearchParams([['', value]]).toString().slice(1),
  'as JSON': json,
  'as JSON in JSON': (value) => json(json(value)),
  'as JSON that escapes slashes': (value) => json(value).replaceAll('/', String.raw`\/`),
  'as \\u of JSON': (value) => units(value, (code) => `\\u${code.toString(16).padStart(4, '0')}`),
  'as \\U of capitals': (value) =>
    units(value, (code) => `\\u${code.toString(16).padStart(4, '0')}`.toUpperCase()),
  'as Go quotes < > &': (value) =>
    json(value).replaceAll(/[<>&]/g, (char) => `\\u${hex(char.codePointAt(0) ?? 0).padStart(4, '0')}`),
  'as \\x': (value) =>
    bytes(value)
      .map((byte) => `\\x${hex(byte)}`)
      .join(''),
  'in octal': (value) =>
    bytes(value)
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  'in HTML': html,
  'in HTML, decimal': (value) =>
    Array.from(value)
      .map((char) => `&#${char.codePointAt(0)};`)
      .join(''),
  'in HTML, hexadecimal': (value) =>
    Array.from(value)
      .map((char) => `&#x${(char.codePointAt(0) ?? 0).toString(16)};`)
      .join(''),
  'HTML in JSON': (value) => json(html(value)),
  'in hexadecimal': (value) => Buffer.from(value).toString('hex'),
  'in hexadecimal, capitals': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'in hexadecimal, byte by byte': (value) => bytes(value).map(hex).join(' '),
  'as a list of bytes': (value) => `[${bytes(value).join(' ')}]`,
  'as a dump': (value) => `\n${xxd(value)}\n`,
  'in Base64': (value) => base64(value, 0, 'base64'),
  'in Base64, one byte later': (value) => base64(value, 1, 'base64'),
  'in Base64, two bytes later': (value) => base64(value, 2, 'base64'),
  'in Base64 for URLs': (value) => base64(value, 1, 'base64url'),
  'in Base64 of Base64': (value) => Buffer.from(base64(value, 2, 'base64')).toString('base64'),
  'in Base64, broken into lines': (value) =>
    (
      Buffer.from(`${'x'.repeat(70)}${value}`)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n'),
  'JSON in Base64': (value) => Buffer.from(JSON.stringify({ a: value })).toString('base64'),
  'Base64, URL-encoded': (value) => encodeURIComponent(base64(value, 2, 'base64')),
  'quoted-printable': (value) =>
    bytes(value)
      .map((byte) => `=${hex(byte).toUpperCase()}`)
      .join(''),
  'broken into lines': (value) =>
    Array.from(value)
      .map((char, index) => (index % 7 === 6 ? `${char}\n    ` : char))
      .join(''),
  'in a box': (value) =>
    Array.from(value)
      .map((char, index) => (index % 9 === 8 ? `${char}\n│ ` : char))
      .join(''),
  'with colours': (value) =>
    Array.from(value)
      .map((char, index) => (index % 5 === 4 ? `\u001B[31m${char}\u001B[0m` : char))
      .join(''),
  'with marks that nobody sees': (value) => Array.from(value).join('\u200B'),
  decomposed: (value) => value.normalize('NFD'),
  composed: (value) => value.normalize('NFC'),
  'with backslashes': (value) => value.replaceAll(/[^\w\s]/g, String.raw`\$&`),
};

/** As many ways as there are to see a text: what is found in none of them is not there. */
export function holds(text: string, value: string): string[] {
  const small = text.toLowerCase();
  return Object.entries(spellings)
    .filter(([, spell]) => small.includes(spell(value).toLowerCase()))
    .map(([name]) => name);
}
