import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareWord, createWordIndex } from '../../src/proof/words.ts';

const find = (words: readonly string[], text: string): readonly string[] =>
  createWordIndex(words.map((word) => [word, word] as const))
    .find(text)
    .map(({ owner }) => owner);

describe('words stand as a whole', () => {
  it.each([
    [['bot-dev'], 'x bot-dev y', ['bot-dev']],
    [['bot-dev'], 'bot-dev-2 robot-dev bot-dev_x', []],
    [['bot-dev'], 'arn:aws:x:bot-dev/y', ['bot-dev']],
    [['bot-dev'], 'bot-dev-* and bot-dev*', ['bot-dev', 'bot-dev']],
    [['bot-dev'], 'bot-dev-x*', []],
    [['a:b-dev', 'b-dev'], 'x a:b-dev b-dev', ['a:b-dev', 'b-dev']],
    [['https://h.example.com/p/'], 'see h.example.com/p/q', ['https://h.example.com/p/']],
    [['h.example.com'], 'https://xh.example.com h.example.com.', ['h.example.com']],
    [['/aws/lambda/bot-dev'], 'log /aws/lambda/bot-dev:*', ['/aws/lambda/bot-dev']],
    [['bot-dev'], String.raw`{\"a\":\"\nbot-dev\"}`, ['bot-dev']],
    [['…'], '… …', []],
    [[], 'bot-dev', []],
  ])('%j in %j', (words, text, hits) => expect(find(words, text)).toEqual(hits));

  it('knows the place of a hit', () => {
    const [hit] = createWordIndex([['bot-dev', 1]]).find('my bot-dev');
    expect(hit).toEqual({ word: 'bot-dev', owner: 1, start: 3, end: 10 });
  });

  it('lets the first owner keep a word', () => {
    const index = createWordIndex([
      ['a-dev', 1],
      ['a-dev', 2],
    ]);
    expect(index.get('a-dev')).toBe(1);
    expect(index.size).toBe(1);
  });
});

/** The plain way, far too slow for a plan: every word at every place. */
function naive(words: readonly string[], text: string): readonly string[] {
  const inAtom = (character: string | undefined): boolean =>
    character !== undefined && /[A-Za-z0-9_-]/.test(character);
  const found = new Set<string>();
  for (const word of new Set(words.map(bareWord))) {
    if (!/[A-Za-z0-9_-]/.test(word)) continue;
    for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
      const end = start + word.length;
      const opens = !(inAtom(word[0]) && inAtom(text[start - 1]));
      const closes = !(inAtom(word.at(-1)) && inAtom(text[end]));
      if (opens && closes) found.add(word);
    }
  }
  return [...found];
}

it('finds what the plain way finds, but for what lies within a longer hit', () => {
  const piece = fc.stringMatching(/^[ab:./_-]{1,4}$/);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.array(piece, { maxLength: 8 }), (words, texts) => {
      const text = texts.join(' ');
      const hits = createWordIndex(words.map((word) => [word, word] as const)).find(text);
      const expected = naive(words, text);
      const got = new Set(hits.map(({ word }) => word));
      for (const word of got) expect(expected).toContain(word);
      for (const word of expected) {
        expect([...got].some((hit) => hit === word || hit.includes(word))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
