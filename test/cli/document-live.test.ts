/** What `--live` adds to the JSON document is a part of its contract. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Document, documentSchema } from '../../src/cli/document.ts';
import { liveReport } from '../report/html/fixture.ts';

const outputOf = (document: Document, id: string): unknown =>
  document.steps.find((step) => step.id === id)?.output;

/** The document with another value in what `--live` found. */
function withLive(document: Document, change: object): unknown {
  return {
    ...document,
    steps: document.steps.map((step) => {
      const output = step.output as { live?: object };
      return output.live ? { ...step, output: { ...output, live: { ...output.live, ...change } } } : step;
    }),
  };
}

describe('the document of a run with --live', () => {
  it('keeps all that was found, and the rest of the outputs', async () => {
    const document = JSON.parse(JSON.stringify(await liveReport())) as Document;
    const parsed = documentSchema.parse(document);
    for (const id of ['identify', 'analyze-source', 'rewire'])
      expect(outputOf(parsed, id)).toEqual(outputOf(document, id));
  });

  it('is refused where it does not say what the schema promises', async () => {
    const document = await liveReport();
    expect(documentSchema.safeParse(withLive(document, {})).success).toBe(true);
    for (const wrong of [{ complete: undefined }, { unmanaged: [{ name: 'x' }] }, { unreadable: [{}] }])
      expect(documentSchema.safeParse(withLive(document, wrong)).success).toBe(false);
  });

  it('has its fields in the published schema', async () => {
    const published = await readFile(
      join(import.meta.dirname, '..', '..', 'schema', 'document.json'),
      'utf8',
    );
    for (const field of ['"unmanaged"', '"drifted"', '"permission"', '"notAsked"'])
      expect(published).toContain(field);
  });
});
