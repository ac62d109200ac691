/** The report as people meet it: a file from disk, in a browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewOf } from '../../src/report/html/from-document.ts';
import { toHtml } from '../../src/report/html/page.ts';
import {
  blockedReport,
  checklist,
  dailyReport,
  largeReport,
  liveReport,
  ranAt,
} from '../report/html/fixture.ts';
import { hostileReport } from '../report/html/hostile.ts';
import { open, type OpenOptions, startChromium } from './chromium.ts';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await startChromium();
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  const pages = {
    verified: await dailyReport(),
    blocked: await blockedReport(),
    hostile: await hostileReport(),
    live: await liveReport(),
    large: await largeReport(500),
  };
  for (const [name, document] of Object.entries(pages)) {
    await writeFile(
      join(folder, `${name}.html`),
      toHtml(viewOf({ document: { ...document, checklist: [...checklist] }, ranAt })),
    );
  }
});
afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function withPage<Result>(
  name: string,
  options: OpenOptions,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const opened = await open(browser, join(folder, `${name}.html`), options);
  try {
    const result = await use(opened.page);
    expect(opened.requests).toEqual([]);
    expect(opened.said).toEqual([]);
    return result;
  } finally {
    await opened.close();
  }
}

/** What axe finds, in a form that says where. Folded parts are opened first: axe does not look at what is hidden. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
  // What is beside the page (`<iframe>`) needs a second page that the policy would not let load; there is none.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, target }) => `${id}: ${target.join(' ')} ${html}`),
  );
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - window.innerWidth');

describe.each(['verified', 'blocked', 'hostile'])('the report of a run that is %s', (name) => {
  it.each([
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
    { width: 360, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
  ] as const)('can be used by everybody at $width px, $colorScheme', (options) =>
    withPage(name, options, async (page) => {
      expect(await violations(page)).toEqual([]);
      // With everything open, nothing pushes the page wider than the window.
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }),
  );
});

/** The rule, which is one of many that are folded alike. */
const stateOwn = (page: Page): Locator => page.locator('details:has(> summary:has-text("state-own"))');

describe('the report', () => {
  it('is looked at by an axe that finds things', () =>
    withPage('verified', {}, async (page) => {
      await page.evaluate("document.body.append(document.createElement('input'))");
      expect((await violations(page)).join()).toMatch(/label/);
    }));

  it('really is dark in the dark', async () => {
    const ground = (page: Page): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await withPage('verified', { colorScheme: 'light' }, ground);
    const dark = await withPage('verified', { colorScheme: 'dark' }, ground);
    const brightness = (color: string): number => Number(/\d+/.exec(color)?.[0]);
    expect(brightness(light)).toBeGreaterThan(200);
    expect(brightness(dark)).toBeLessThan(60);
  });

  it('shows the verdict without scrolling, wide and narrow', async () => {
    for (const width of [1280, 360]) {
      await withPage('blocked', { width }, async (page) => {
        const box = await page.getByText('would not be isolated').boundingBox();
        expect((box?.y ?? 800) + (box?.height ?? 0)).toBeLessThan(400);
      });
    }
  });

  it('filters the mapping from the keyboard alone', () =>
    withPage('verified', {}, async (page) => {
      const reached: string[] = [];
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        const id = await page.evaluate<string>(
          "document.activeElement.id || document.activeElement.querySelector('table')?.id || document.activeElement.textContent.trim().slice(0, 30)",
        );
        reached.push(id);
        if (id === 'filter') break;
      }
      expect(reached[0]).toBe('To the details');
      expect(reached.at(-1)).toBe('filter');
      const rows = page.locator('#mapping-table tbody tr:visible');
      const all = await rows.count();
      await page.keyboard.type('LAMBDA line_bot');
      expect(await rows.count()).toBeGreaterThan(0);
      expect(await rows.count()).toBeLessThan(all);
      for (const text of await rows.allTextContents()) {
        expect(text).toContain('lambda');
        expect(text).toContain('line_bot');
      }
      expect(await page.locator('#filter-count').textContent()).toBe(`${await rows.count()} of ${all} rows`);
      await page.locator('#filter').fill('nothing has this name');
      expect(await rows.count()).toBe(0);
      await page.locator('#filter').fill('');
      expect(await rows.count()).toBe(all);
    }));

  it('lets the keyboard reach every table that is not folded, and open what is', () =>
    withPage('verified', {}, async (page) => {
      const reached = new Set<string>();
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab');
        reached.add(
          await page.evaluate(
            "document.activeElement.querySelector('table')?.id ?? document.activeElement.tagName",
          ),
        );
      }
      expect([...reached]).toEqual(
        expect.arrayContaining(['mapping-table', 'layer-2', 'layer-4', 'cost-table', 'SUMMARY']),
      );
      await page.locator('summary', { hasText: 'state-own' }).focus();
      await page.keyboard.press('Enter');
      expect(await stateOwn(page).getByText('How it decides').isVisible()).toBe(true);
    }));

  it('shows everything but the filter without a script', () =>
    withPage('verified', { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('#mapping-table tbody tr:visible').count()).toBeGreaterThan(40);
      expect(await page.locator('#filter').isVisible()).toBe(false);
      await page.locator('summary', { hasText: 'state-own' }).click();
      expect(await stateOwn(page).getByText('How it decides').isVisible()).toBe(true);
    }));

  it('draws the picture that fits the window', async () => {
    await withPage('verified', { width: 1280 }, async (page) => {
      expect(await page.locator('.picture .wide svg').isVisible()).toBe(true);
      expect(await page.locator('.picture .narrow svg').isVisible()).toBe(false);
    });
    await withPage('verified', { width: 360 }, async (page) => {
      expect(await page.locator('.picture .wide svg').isVisible()).toBe(false);
      const box = await page.locator('.picture .narrow svg').boundingBox();
      // As large as it was drawn: its letters are those of the text around it.
      expect(box?.width).toBeGreaterThan(290);
    });
  });

  it.each([
    { width: 1280, drawing: 'wide' },
    { width: 360, drawing: 'narrow' },
  ])('keeps every label inside its box and off its mark, $drawing', ({ width, drawing }) =>
    withPage('verified', { width }, async (page) => {
      const outside = await page.evaluate<
        string[]
      >(`[...document.querySelectorAll('.${drawing} svg .node')].flatMap((node) => {
        const mark = node.querySelector('.glyph') ?? node.querySelector('rect');
        const edge = mark.classList.contains('glyph') ? mark.getBoundingClientRect().left : mark.getBoundingClientRect().right;
        return [...node.querySelectorAll('text:not(.glyph)')].filter((text) => text.getBoundingClientRect().right > edge).map((text) => text.textContent);
      })`);
      expect(outside).toEqual([]);
    }),
  );

  it.each([1280, 800, 360])('cuts no word of a mark short at %i px', (width) =>
    withPage('verified', { width }, async (page) => {
      const cut = await page.evaluate<string[]>(
        "[...document.querySelectorAll('.pill')].filter((pill) => pill.scrollWidth > pill.clientWidth + 1).map((pill) => pill.textContent)",
      );
      expect(cut).toEqual([]);
    }),
  );

  it('runs no script of a name, and asks nobody for a picture', () =>
    withPage('hostile', {}, async (page) => {
      expect(await page.evaluate('window.pwned')).toBeUndefined();
      expect(await page.locator('img, iframe, object, embed, link').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.title()).toContain('<script>');
    }));

  it('forbids what a script could do, should one ever get in', async () => {
    const opened = await open(browser, join(folder, 'verified.html'));
    await opened.page.evaluate(
      "{ const script = document.createElement('script'); script.textContent = 'window.pwned = true'; document.body.append(script); const image = new Image(); image.src = 'http://127.0.0.1:9/'; document.body.append(image); }",
    );
    expect(await opened.page.evaluate('window.pwned')).toBeUndefined();
    expect(opened.said.join('\n')).toMatch(/Content Security Policy/);
    await opened.close();
  });

  it('is dark ink on white paper, with tables, and with all that is folded opened', () =>
    withPage('verified', { width: 718, colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      const [ink, paper] = await page.evaluate<[string, string]>(
        '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
      );
      expect(paper).toBe('rgb(255, 255, 255)');
      expect(Number(/\d+/.exec(ink)?.[0])).toBeLessThan(60);
      expect(await stateOwn(page).getByText('How it decides').isVisible()).toBe(false);
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await stateOwn(page).getByText('How it decides').isVisible()).toBe(true);
      expect(await page.locator('#mapping-table thead').isVisible()).toBe(true);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await stateOwn(page).getByText('How it decides').isVisible()).toBe(false);
    }));

  it('breaks long names behind what parts them, and copies them whole', () =>
    withPage('verified', {}, async (page) => {
      const name = 'aws_cloudwatch_log_group';
      const cell = page.locator('#mapping-table code', { hasText: name }).first();
      expect(await cell.textContent()).toBe(name);
      expect(await cell.innerText()).toBe(name);
      expect(await cell.locator('wbr').count()).toBe(1);
    }));

  it('holds 500 resources, and still filters at once', () =>
    withPage('large', { width: 360 }, async (page) => {
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      const rows = page.locator('#mapping-table tbody tr:visible');
      expect(await rows.count()).toBe(500);
      await page.locator('#filter').fill('name-499-');
      expect(await rows.count()).toBe(1);
    }));
});
