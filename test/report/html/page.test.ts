import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/cli/document.ts';
import { withGate } from '../../../src/cli/gate.ts';
import type { CliIo } from '../../../src/cli/io.ts';
import { renderReport } from '../../../src/cli/report-file.ts';
import { viewOf } from '../../../src/report/html/from-document.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import { blockedReport, checklist, dailyReport, largeReport, liveReport, ranAt } from './fixture.ts';
import { hostile, hostileReport } from './hostile.ts';

const pageOf = (document: Document): string =>
  toHtml(viewOf({ document: { ...document, checklist: [...checklist] }, ranAt }));

const io = withGate({ env: {}, stdout: {}, stderr: {} } as unknown as CliIo);

let daily: Document;
let page: string;
beforeAll(async () => {
  daily = await dailyReport();
  page = pageOf(daily);
});

describe('the page', () => {
  it('has every section, the verdict first', () => {
    const titles = [...page.matchAll(/<h2 id="[\w-]+">([^<]*)</g)].map(([, title]) => title);
    expect(titles).toEqual([
      'The seven steps',
      'Side by side',
      'Mapping',
      'Isolation proof',
      'Evidence by layer',
      'Cost in a month',
      'Master checklist',
      'Do it again',
    ]);
    expect(page.indexOf('waits for a person')).toBeLessThan(page.indexOf('<h2 id='));
  });

  it('has a section on the account where the run looked at it', async () => {
    expect(page).not.toContain('In the account</h2>');
    expect(pageOf(await liveReport())).toContain('In the account</h2>');
  });

  it('has no checklist where there is none', () => {
    expect(toHtml(viewOf({ document: daily, ranAt }))).not.toContain('Master checklist');
  });

  it('names nothing outside of itself', () => {
    expect(page).not.toMatch(/<(?:link|img|iframe|object|embed|base|form|video|audio)\b/);
    expect(page).not.toMatch(/\b(?:src|srcset|action|formaction|poster|background|xlink:href)\s*=/);
    expect([...page.matchAll(/\bhref="([^"]*)"/g)].every(([, href]) => href?.startsWith('#'))).toBe(true);
    expect(page).not.toMatch(/url\(|@import/);
  });

  it('allows exactly the style and the script that stand in it', () => {
    const policy = /Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hashOf = (tag: string): string => {
      const inside = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(inside).digest('base64')}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; style-src ${hashOf('style')}; script-src ${hashOf('script')}; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/\sstyle=|\son\w+=/);
  });

  it('gives every id once, and points to none that is not there', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(
      /(?:href="#|aria-labelledby="|aria-controls="|aria-describedby="|for=")([^"]+)"/g,
    ))
      expect(ids).toContain(id);
  });

  it('shows hostile texts as texts', async () => {
    const bad = pageOf(await hostileReport());
    const withoutOurs = bad.replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '');
    expect(withoutOurs).not.toMatch(/<script|<img|<svg onload|\sonerror\s*=\s*"(?!.*&quot;)/);
    // No attribute but ours: everything between the quotes of one is escaped.
    for (const [tag] of withoutOurs.matchAll(/<[a-z][^>]*>/gi))
      expect(tag).toMatch(/^<[a-z][\w-]*(?:\s+[\w:-]+(?:="[^"<]*")?)*\s*\/?>$/i);
    expect(bad.replaceAll('\n', ' ')).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    expect(bad).toContain('\\u{202E}');
    expect(bad).toContain('&lt;script&gt;window.pwned=1&lt;/script&gt;');
    expect(bad).toContain(hostile.template);
  });

  it('takes only what it is meant to show: nothing else of a report gets out', () => {
    const canary = 'canary-7f3a9b';
    const record = daily.record;
    if (!record) throw new Error('there is no record');
    const canaries: Document = {
      ...daily,
      steps: daily.steps.map((step) => ({
        ...step,
        output: {
          ...(step.output as object),
          secretValues: { TOKEN: canary },
          contextBound: [
            { address: 'a.b', attribute: 'environment', source: canary, target: canary, how: 'secret' },
          ],
          derivedNames: [{ address: 'a.b', source: canary, target: canary }],
        },
      })),
      record: {
        ...record,
        secrets: {
          provider: 'doppler',
          config: 'dev_feature-auth',
          made: true,
          sealed: true,
          fingerprints: { LINE_CHANNEL_SECRET: canary },
        },
        challenges: [
          {
            subject: 'line',
            challenge: {
              version: 1,
              salt: canary,
              hash: canary,
              created: ranAt,
              expires: ranAt,
              attemptsLeft: 3,
              returned: null,
            },
          },
        ],
        resources: record.resources.map((resource) => ({
          ...resource,
          id: canary,
          attributes: { password: canary },
        })),
      },
      // What somebody may have put into the file by hand.
      ...({ environmentVariables: { TOKEN: canary } } as object),
    };
    const text = pageOf(canaries);
    expect(text).not.toContain(canary);
    for (const offset of [0, 1, 2]) {
      const spelled = Buffer.from(' '.repeat(offset) + canary)
        .toString('base64')
        .slice(offset === 0 ? 0 : 4, -4);
      expect(text).not.toContain(spelled);
    }
    expect(text).toContain('LINE_CHANNEL_SECRET');
  });

  it('says at the top what a person does next, where something is left to do', async () => {
    const top = (document: Document): string => pageOf(document).split('<nav')[0] ?? '';
    const { record } = daily;
    const challenged = { ...daily, record: record && { ...record, challenges: [{}] as never } };
    expect(top(challenged)).toContain('<code>provision-env confirm feature-auth &lt;code&gt;</code>');
    expect(top({ ...daily, status: 'halfway' })).toContain('<code>provision-env resume feature-auth</code>');
    expect(top({ ...daily, status: 'verified' })).not.toContain('Next');
    expect(top(await blockedReport())).not.toContain('Next');
    // What was only planned is made by what was planned, not by something like it.
    const planned = { ...daily, status: 'planned' as const, record: null };
    const request = { engine: 'direct' as const, live: true, keepLogRetention: false };
    expect(top({ ...planned, request })).toContain(
      '<code>provision-env feature-auth from=dev --set aurora_min_acu=0.5 --engine direct --live</code>',
    );
    const text = renderReport({ document: { ...planned, request }, ranAt }, 'markdown', io, true);
    expect(text).toContain('--set aurora\\_min\\_acu=0.5 --engine direct --live');
  });

  it('is smaller than 1 MB for 500 resources', async () => {
    const large = pageOf(await largeReport(500));
    expect(Buffer.byteLength(large)).toBeLessThan(1_000_000);
    expect(large).toContain('component-with-a-long-name-499-feature-auth');
  });

  it('refuses outputs that it does not know', () => {
    const steps = daily.steps.map((step) => (step.id === 'map' ? { ...step, output: { rows: 3 } } : step));
    expect(() => viewOf({ document: { ...daily, steps }, ranAt })).toThrow(
      expect.objectContaining({ code: 'output-unreadable' }),
    );
  });
});
