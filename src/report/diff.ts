/** Two environments side by side. */
import type { Diff, Difference, DifferenceKind } from '../diff/model.ts';
import { type Block, type Cell, code, counted, heading, paragraph, type Tone } from './blocks.ts';

const titles: Readonly<Record<DifferenceKind, string>> = {
  resource: 'Resources',
  function: 'What functions run',
  environment: 'Environment variables',
  policy: 'Policies',
  secret: 'Secrets',
};

const nouns: Readonly<Record<DifferenceKind, readonly [one: string, many: string]>> = {
  resource: ['resource', 'resources'],
  function: ['function', 'functions'],
  environment: ['environment variable', 'environment variables'],
  policy: ['policy', 'policies'],
  secret: ['secret', 'secrets'],
};

const sources: Readonly<Record<Diff['readFrom'], string>> = {
  states: 'as the Terraform states have them',
  account: 'as the account has them',
  both: 'as the Terraform states have them, and the account the rest',
};

const kinds: readonly DifferenceKind[] = ['resource', 'function', 'environment', 'policy', 'secret'];

const tones: Readonly<Record<Difference['change'], Tone>> = {
  missing: 'bad',
  extra: 'warn',
  different: 'warn',
  'not-own': 'bad',
};

function changeText({ change }: Difference, a: string, b: string): string {
  switch (change) {
    case 'missing':
      return `missing in ${b}`;
    case 'extra':
      return `only in ${b}`;
    case 'different':
      return 'different';
    case 'not-own':
      return `${b} has ${a}'s`;
  }
}

/** Of a secret, and of what Terraform marks, nothing is shown. */
function side(difference: Difference, which: 'a' | 'b'): Cell {
  const value = difference[which];
  if (value !== null) return code(value);
  const isAbsent =
    (difference.change === 'missing' && which === 'b') || (difference.change === 'extra' && which === 'a');
  return { text: isAbsent ? '(none)' : '(not shown)', tone: 'dim' };
}

function tableOf(diff: Diff, kind: DifferenceKind): Block[] {
  const rows = diff.differences.filter((difference) => difference.kind === kind);
  if (rows.length === 0) return [];
  return [
    heading(3, `${titles[kind]}: ${counted(rows.length, 'difference')}`),
    {
      kind: 'table',
      head: ['', 'What', diff.a, diff.b],
      rows: rows.map((row) => [
        { text: changeText(row, diff.a, diff.b), tone: tones[row.change] },
        [row.subject, ...(row.what === null ? [] : [row.what])].join(': ') +
          (row.explanation === null ? '' : ` (${row.explanation})`),
        side(row, 'a'),
        side(row, 'b'),
      ]),
    },
  ];
}

function verdictBlock({ verdict, differences, incomparable, a, b }: Diff): Block {
  switch (verdict) {
    case 'equal':
      return paragraph(`${a} and ${b} are equal, but for their names.`, 'good');
    case 'different':
      return paragraph(`${a} and ${b} differ: ${counted(differences.length, 'difference')}.`, 'bad');
    case 'not-comparable':
      return paragraph(
        `Whether ${a} and ${b} are equal cannot be said: ${counted(incomparable.length, 'thing')} could not be read${differences.length > 0 ? `, and ${counted(differences.length, 'difference')} ${differences.length === 1 ? 'was' : 'were'} found in the rest` : ''}.`,
        'bad',
      );
  }
}

export function diffBlocks(diff: Diff): Block[] {
  const { a, b, readFrom, compared, incomparable, notes } = diff;
  const blocks: Block[] = [heading(1, `${a} and ${b}`), verdictBlock(diff)];
  if (incomparable.length > 0) {
    blocks.push(heading(3, 'Could not be read'), {
      kind: 'table',
      head: ['What', 'Why, and what to do'],
      rows: incomparable.map(({ subject, reason, hint }) => [
        code(subject, 'bad'),
        hint === null ? reason : `${reason} → ${hint}`,
      ]),
    });
  }
  blocks.push(...kinds.flatMap((kind) => tableOf(diff, kind)));
  if (notes.length > 0) {
    blocks.push(heading(3, 'No difference, but worth knowing'), {
      kind: 'list',
      items: notes.map(({ subject, message }) => `${subject}: ${message}`),
    });
  }
  const looked = kinds.map((kind) => counted(compared[kind], ...nouns[kind]));
  if (Object.values(compared).some((count) => count > 0))
    blocks.push(paragraph(`Compared ${sources[readFrom]}: ${looked.join(', ')}.`, 'dim'));
  return blocks;
}
