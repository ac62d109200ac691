import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { report } from '../../src/cli/commands/report.ts';
import { runCommand } from '../../src/cli/define-command.ts';
import { withGate } from '../../src/cli/gate.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { blockedReport, dailyReport } from '../report/html/fixture.ts';
import { retireRecord, writeRecord } from '../support/store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  await mkdir(join(folder, 'terraform'));
  await writeFile(
    join(folder, 'terraform', 'main.tf'),
    'variable "environment" { type = string }\nterraform {\n  backend "local" {}\n}\n',
  );
  await writeFile(join(folder, 'terraform', 'terraform.dev.tfvars'), 'environment = "dev"\n');
  const reports = join(folder, '.provision-env', 'reports');
  for (const [name, document] of [
    ['feature-auth', await dailyReport()],
    ['feature-block', await blockedReport()],
  ] as const) {
    await mkdir(join(reports, name), { recursive: true });
    await writeFile(join(reports, name, 'report.json'), JSON.stringify(document));
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  return runOn(false, ...args);
}

async function runOn(
  isTTY: boolean,
  ...args: string[]
): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const io = withGate({
    cwd: folder,
    env: {},
    stdin: { isTTY },
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  } as unknown as CliIo);
  const exitCode = await runCommand(report, args, io);
  return { ...written, exitCode };
}

describe('provision-env report', () => {
  it('does not say of what was destroyed that it stands', async () => {
    const { record } = await dailyReport();
    const store = createFileStore(join(folder, '.provision-env'));
    await retireRecord(store, { ...(record as EnvironmentRecord), updated: '2026-11-25T08:00:00.000Z' });
    const { stdout } = await run('feature-auth');
    expect(stdout).toContain('feature-auth was taken away again. This is what it was.');
    expect(stdout).not.toMatch(/It lives until|Next:/);
    const { stdout: page } = await run('feature-auth', '--format', 'html');
    expect(page).toContain('feature-auth was taken away again. This is what it was.');
    expect(page).not.toMatch(/provision-env (?:confirm|verify|destroy) feature-auth/);
  });

  it('prints to the terminal, the verdict first', async () => {
    const { stdout, exitCode } = await run('feature-auth');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^feature-auth from dev\s+feature-auth is provisioned and waits for a person/);
    expect(stdout).not.toContain('| ---');
  });

  it('prints Markdown, either way', async () => {
    const { stdout } = await run('feature-auth', '--markdown');
    expect(stdout).toMatch(/^# feature-auth from dev\n/);
    expect((await run('feature-auth', '--format', 'markdown')).stdout).toBe(stdout);
  });

  it('prints one JSON document', async () => {
    const { stdout } = await run('feature-auth', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, target: 'feature-auth', status: 'waiting' });
  });

  it('writes a page that needs nothing else', async () => {
    const { stdout, stderr } = await run('feature-auth', '--format', 'html', '--output', 'report.html');
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Wrote .*report\.html \(\d+ kB\)\.\n$/);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('feature-auth is provisioned and waits for a person');
  });

  it('takes the format from the name of the file, and prints a page only where it is piped', async () => {
    await run('feature-block', '--output', 'page.html', '--quiet');
    const page = await readFile(join(folder, 'page.html'), 'utf8');
    expect(page).toContain('would not be isolated');
    expect((await run('feature-block', '--format', 'html')).stdout).toBe(page);
    await expect(runOn(true, 'feature-block', '--format', 'html')).rejects.toMatchObject({ code: 'usage' });
    await run('feature-block', '-o', 'report.md');
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toMatch(/^# feature-block|^# feature-auth/);
  });

  it('tells what was verified since', async () => {
    const { record } = await dailyReport();
    const store = createFileStore(join(folder, '.provision-env'));
    await writeRecord(store, {
      ...(record as EnvironmentRecord),
      status: 'verified',
      updated: '2026-12-01T00:00:00.000Z',
    });
    expect((await run('feature-auth')).stdout).toContain('feature-auth is provisioned and verified.');
  });

  it('says what is wrong with what it was asked', async () => {
    await expect(run('feature-none')).rejects.toMatchObject({ code: 'environment-not-found' });
    await expect(run('feature-auth', '--json', '--format', 'html')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('feature-auth', '--format', 'pdf')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('feature-auth', '-o', 'not/there/report.html')).rejects.toMatchObject({ code: 'usage' });
    await expect(run('../feature-auth')).rejects.toMatchObject({ code: 'name-invalid' });
  });

  it('refuses a report that somebody has broken', async () => {
    const file = join(folder, '.provision-env', 'reports', 'feature-auth', 'report.json');
    for (const text of ['{', '{"version":9}']) {
      await writeFile(file, text);
      await expect(run('feature-auth')).rejects.toMatchObject({ code: 'output-unreadable' });
    }
  });
});
