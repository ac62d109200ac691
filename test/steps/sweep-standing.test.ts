/** What stands by its own state, though we have no record of it any more. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import { openProject } from '../../src/steps/open-project.ts';
import { type Standing, standingOf } from '../../src/steps/sweep-standing.ts';
import { type DailyReport, dailyReport } from '../cli/daily-report.ts';
import { fakeClock, fakeHost } from '../channels/tools.ts';

let daily: DailyReport;
beforeAll(async () => {
  daily = await dailyReport();
});
afterAll(() => daily.close());

async function standing(environment: string, source = 'dev'): Promise<Standing | null> {
  const { project, config } = await openProject(daily.dir);
  return standingOf(environment, source, {
    project,
    config,
    host: fakeHost([]),
    clock: fakeClock(),
    signal: new AbortController().signal,
    redactor: createRedactor(),
    store: createFileStore(join(daily.dir, '.provision-env')),
    findTool: () => Promise.reject(new Error('files are read without Terraform')),
  });
}

it('is told with its state, also where its var-file is gone', async () => {
  expect(await standing('feature-auth')).toMatchObject({ resources: 48 });
  await rm(join(daily.dir, 'terraform', 'terraform.feature-auth.tfvars'), { force: true });
  expect(await standing('feature-auth')).toMatchObject({ resources: 48 });
});

it.each([
  ['was never made', 'feature-none', 'dev'],
  ['has a name that we give to none', 'Feature_Auth', 'dev'],
  ['is of a source that is gone', 'feature-none', 'nowhere'],
  ['is the source', 'dev', 'dev'],
])('is not said of one that %s', async (_what, environment, source) => {
  expect(await standing(environment, source)).toBeNull();
});

it('is no answer where the state cannot be read', async () => {
  await daily.write('terraform/terraform.feature-auth.tfstate', 'no state');
  await expect(standing('feature-auth')).rejects.toMatchObject({ code: 'state-unreadable' });
});
