import { execa } from 'execa';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asked, shellWord } from '../../../src/report/again.ts';
import { reproducingCommands } from '../../../src/report/html/commands.ts';

const base = {
  source: 'dev',
  target: 'feature-auth',
  set: {},
  accept: [],
  keepLogRetention: false,
  engine: 'terraform',
  live: false,
} as const;
const texts = (asked: Asked, exists = true): string[] =>
  reproducingCommands(asked, exists).map(({ text }) => text);

describe('the commands that do it again', () => {
  it('are those of the run, with all that it was given', () => {
    const [plan, provision] = texts({
      ...base,
      set: { size: '0.5', note: "it's two words" },
      accept: ['reversible:aws_x.y["a"]'],
      keepLogRetention: true,
    });
    expect(provision).toBe(
      String.raw`provision-env feature-auth from=dev --set size=0.5 --set 'note=it'\''s two words' --accept 'reversible:aws_x.y["a"]' --keep-log-retention`,
    );
    expect(plan).toBe(provision?.replace('provision-env', 'provision-env plan'));
  });

  it('say which engine it was, and that the account was looked at', () => {
    const [plan, provision] = texts({ ...base, engine: 'direct', live: true });
    expect(plan).toBe('provision-env plan feature-auth from=dev --engine direct --live');
    expect(provision).toBe('provision-env feature-auth from=dev --engine direct --live');
  });

  it('verify and destroy only what stands', () => {
    expect(texts(base)).toContain('provision-env destroy feature-auth');
    expect(texts(base, false).join('\n')).not.toMatch(/destroy|verify/);
  });

  it('mean to a shell exactly what they say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const word = text.replaceAll('\u0000', '');
        const { stdout } = await execa('sh', ['-c', `printf %s ${shellWord(word)}x`], {
          stripFinalNewline: false,
        });
        expect(stdout).toBe(`${word}x`);
      }),
      { numRuns: 50 },
    );
  });
});
