/** Finds a Chromium and opens pages in it that may not talk to anybody. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium(): string {
  const { CHROMIUM_PATH: given, PATH: path = '' } = process.env;
  if (given !== undefined && given !== '') return given;
  const onPath = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...onPath, ...elsewhere].find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    'These tests open the report in a real Chromium, and none was found on PATH. Install one (Debian and Ubuntu: `apt-get install chromium`; macOS: `brew install --cask chromium`; Fedora: `dnf install chromium`), or name it: CHROMIUM_PATH=/path/to/chromium.',
  );
}

export function startChromium(): Promise<Browser> {
  // Containers give shared memory too small for tall pages.
  return chromium.launch({ executablePath: findChromium(), args: ['--disable-dev-shm-usage'] });
}

export interface Opened {
  readonly page: Page;
  /** Every request but that of the page itself. */
  readonly requests: readonly string[];
  /** What the console said, errors of the page included. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
}

/** Opens a file from disk. */
export async function open(
  browser: Browser,
  file: string,
  { width = 1280, ...options }: OpenOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...options });
  const page = await context.newPage();
  const url = `file://${file}`;
  const requests: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(url);
  return { page, requests, said, close: () => context.close() };
}
