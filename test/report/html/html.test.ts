import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, shown, trusted } from '../../../src/report/html/html.ts';

describe('html', () => {
  it('escapes what it is given, and not what it made', () => {
    expect(html`<b title="${'"'}">${'<&'}${html`<i>${'>'}</i>`}</b>`.toString()).toBe(
      '<b title="&quot;">&lt;&amp;<i>&gt;</i></b>',
    );
  });

  it('joins lists, and leaves nothing for what is not there', () => {
    expect(html`${[html`<i>1</i>`, '<', null]}${false}${undefined}${0}`.toString()).toBe('<i>1</i>&lt;0');
  });

  it('leaves what it is told to trust', () => {
    expect(html`${trusted('<b>')}`.toString()).toBe('<b>');
  });

  it('lets no text out of the place it was put in, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inside = html`<a title="${text}">${text}</a>`
          .toString()
          .slice('<a title="'.length, -'</a>'.length);
        expect(inside).not.toContain('<');
        expect(inside.split('"')).toHaveLength(2);
        expect(inside).not.toMatch(/\p{Cc}|\p{Cs}|[\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });
});

describe('foreign text', () => {
  it('shows what nobody would see', () => {
    expect(shown('abc\u202Egnp.exe')).toBe('abc\\u{202E}gnp.exe');
    expect(shown('a\u0000b\u001B[31m')).toBe('a\\u{0}b\\u{1B}[31m');
    expect(shown('lone \uD800')).toBe('lone \uFFFD');
  });

  it('leaves letters of every script, and breaks of lines as space', () => {
    expect(shown('שלום عربي 環境 é 🚀')).toBe('שלום عربي 環境 é 🚀');
    expect(shown('one\n  two\tthree')).toBe('one two three');
  });
});
