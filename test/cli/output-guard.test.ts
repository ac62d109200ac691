/** What leaves for a terminal or a log: nothing in it that came from elsewhere is an instruction to who reads it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputGuard, jsonText } from '../../src/cli/output-guard.ts';
import type { Block } from '../../src/report/blocks.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { makeProject, runCli } from '../support/cli.ts';

const ESC = '\u001B';
const ownColor = new RegExp(String.raw`${ESC}\[\d{1,2}m`, 'g');

/** Texts as others may choose them, full of what a runner, a terminal or a reader would be led by. */
const piece = fc.constantFrom(
  '::',
  ':',
  ' ',
  '\n',
  '\r',
  '\t',
  '##[',
  '##',
  '[',
  '#',
  '::set-output name=a::b',
  '::stop-commands::x',

  '##[add-mask]x',
  '##vso[task.setvariable variable=a]b',
  '##teamcity[',
  `${ESC}[31m`,
  `${ESC}[2J`,
  `${ESC}[0Ksection_start:1:a\r${ESC}[0K`,
  '\u009B31m',
  '\u0085',

  '\u202E',
  '\u2066',
  '\u200B',
  '\u200D',
  '\uFEFF',
  '\u2028',
  '\u00A0',
  '\u0007',
  '\0',
  'a',
  'word',
  '日報',
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));

/** As GitHub's runner reads a log: lines end with CR or LF; white space before a command counts for nothing. */
function commandsIn(text: string): readonly string[] {
  const bare = text.replaceAll(ownColor, '');
  return bare.split(/\r|\n/).filter((line) => line.trimStart().startsWith('::') || /##\w*\[/.test(line));
}
const activeIn = (text: string): readonly string[] =>
  text.replaceAll(ownColor, '').match(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu) ?? [];

describe('the guard of what is written', () => {
  it.each([
    ['::error::x\n', '\\::error::x\n'],
    ['  ::set-output name=a::b', '  \\::set-output name=a::b'],
    ['a ::b:: c\n', 'a ::b:: c\n'],
    ['a\r::error::x', 'a ::error::x'],
    ['x ##[add-mask]y', 'x ##\\[add-mask]y'],
    ['x ##vso[task.complete]', 'x ##vso\\[task.complete]'],
    [`${ESC}[0Ksection_start:1:a\r${ESC}[0Kb`, ' [0Ksection_start:1:a  [0Kb'],
    ['aws_x.y: creating\n', 'aws_x.y: creating\n'],
    ['\u202Eabc\u200B', '\uFFFDabc\uFFFD'],
  ])('makes of %j %j', (text, shown) => {
    expect(createOutputGuard({ color: false })(text)).toBe(shown);
  });

  it('lets no line be a command, however the text is cut into writes, coloured or not', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), fc.boolean(), (texts, color) => {
        const guard = createOutputGuard({ color });
        const written = texts.map(guard).join('');
        expect(commandsIn(written)).toEqual([]);
        expect(activeIn(written)).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });

  it('leaves our own colours, and text that leads nobody, as they are', () => {
    const text = `${ESC}[32m✓${ESC}[39m 1/7 Identify\n  { "a": "b::c" }\n\n`;
    expect(createOutputGuard({ color: true })(text)).toBe(text);
  });
});

describe('what is rendered of texts from elsewhere', () => {
  const width = fc.integer({ min: 20, max: 200 });
  const blocksOf = (text: string): readonly Block[] => [
    { kind: 'heading', level: 2, text },
    { kind: 'paragraph', text },
    { kind: 'list', items: [text, { text, code: true }], checks: [true, false] },
    { kind: 'table', head: ['A', text], rows: [[text, { text, code: true, tone: 'warn' }]] },
    { kind: 'table', head: ['', ''], rows: [['', text]] },
  ];

  it('has no command at any width, where a table wraps or a line is filled', () => {
    fc.assert(
      fc.property(hostile, width, fc.boolean(), fc.boolean(), (text, columns, color, fill) => {
        const guard = createOutputGuard({ color });
        const written = guard(toTerminal(blocksOf(text), { color, width: columns, fill }));
        expect(commandsIn(written)).toEqual([]);
        expect(activeIn(written)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('has none as Markdown either', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const written = toMarkdown(blocksOf(text));
        expect(commandsIn(written)).toEqual([]);
        expect(activeIn(written)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back from JSON as it was, and nothing in the text of it is active', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, text) => {
        const written = jsonText({ [key]: [text] });
        expect(JSON.parse(written)).toEqual({ [key]: [text] });
        expect(commandsIn(written)).toEqual([]);
        expect(createOutputGuard({ color: false })(written)).toBe(written);
      }),
      { numRuns: 2000 },
    );
  });
});

// The first loads every command.
describe('the command line', { timeout: 60_000 }, () => {
  const name = 'x\n::set-env name=PATH::/tmp\n##[add-mask]y\u202E';

  it.each([
    ['an argument', [name]],
    ['an option', ['plan', 'feature-auth', `--set=${name}`]],
    ['a name', ['status', `a${name}`]],
    ['a command that is none', ['plan', name, name]],
  ])('says %s back without a command in it', async (_, args) => {
    const { stdout, stderr } = await runCli(await makeProject(), args);
    expect(stderr).not.toBe('');
    expect(commandsIn(stdout + stderr)).toEqual([]);
    expect(activeIn(stdout + stderr)).toEqual([]);
    const json = await runCli(await makeProject(), [...args, '--json']);
    expect(commandsIn(json.stdout)).toEqual([]);
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'error' });
  });
});
