/** The command line in a job of CI that comes late: asked under the lock, before anything is begun. */
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/store/file-store.ts';
import { makeProject, runCli } from '../support/cli.ts';
import { type GitHubStandIn, startGitHub } from '../support/github.ts';
import { aRecord } from '../support/record.ts';

const sha = 'a'.repeat(40);
const name = 'feature/auth';

let github: GitHubStandIn;
let project: string;
beforeEach(async () => {
  github = await startGitHub();
  project = await makeProject([], {
    'event.json': JSON.stringify({ ref: `refs/heads/${name}`, after: sha }),
  });
});
afterEach(() => github.close());

const store = () => createFileStore(join(project, '.provision-env'));

async function ci(args: readonly string[], event = 'push', more: Record<string, string> = {}) {
  // Says which version it is, and can do nothing else.
  const tool = join(project, 'version-only');
  await writeFile(tool, '#!/bin/sh\n[ "$1" = version ] && echo "Terraform v1.11.4" || exit 9\n');
  await chmod(tool, 0o755);
  return runCli(project, args, {
    ...github.env,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: join(project, 'event.json'),
    PROVISION_ENV_TERRAFORM: tool,
    ...more,
  });
}
const deletes = () =>
  writeFile(join(project, 'event.json'), JSON.stringify({ ref: name, ref_type: 'branch' }));
const provision = ['provision', 'feature-auth', '--if-ref-exists', '--yes'];
const destroy = ['destroy', 'feature-auth', '--if-exists', '--unless-ref-exists', '--yes'];

// The first loads what a transfer takes.
describe('a late provision', { timeout: 60_000 }, () => {
  it('makes nothing where the branch is gone, and ends well', async () => {
    const { code, stdout } = await ci([...provision, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { status: 'done', target: 'feature-auth', steps: [], record: null, nothingDone: 'The branch is gone.' },
    ]);
    expect(github.requests).toEqual([expect.stringContaining('matching-refs')]);
    expect(await store().readRecord('feature-auth')).toBeNull();
    expect(await store().readJournal('feature-auth')).toEqual([]);
    expect(await readdir(join(project, 'terraform'))).toEqual(['main.tf', 'terraform.dev.tfvars']);
    // The lock is given back.
    await (await store().lock('feature-auth', 'test')).release();
  });

  it('makes nothing where it cannot ask, and fails', async () => {
    github.branches.set(name, [sha]);
    for (const more of [{ GITHUB_TOKEN: '' }, { GITHUB_TOKEN: 'ghs_wrong' }]) {
      const { code, stderr } = await ci(provision, 'push', more);
      expect(code).not.toBe(0);
      expect(stderr).toContain('could not be asked; nothing was done');
    }
    expect(await store().readJournal('feature-auth')).toEqual([]);
  });

  it('goes on where the branch is there', async () => {
    github.branches.set(name, [sha]);
    expect((await ci(provision)).stdout).not.toContain('Nothing was done');
    expect((await store().readJournal('feature-auth'))[0]).toMatchObject({ name: 'request' });
  });

  it('asks only once it has the lock, for which it waits', async () => {
    github.branches.set(name, [sha]);
    const lock = await store().lock('feature-auth', 'destroy');
    expect((await ci(provision)).stderr).toContain('[transfer-locked]');
    const waiting = ci([...provision, '--wait', '5m']);
    await sleep(2_000);
    expect(github.requests).toEqual([]);
    github.branches.delete(name);
    await lock.release();
    const { code, stdout, stderr } = await waiting;
    expect(stderr).toMatch(/running "destroy".* Waiting for it to end\./s);
    expect([code, stdout]).toEqual([0, expect.stringContaining('The branch is gone. Nothing was done.')]);
  });
});

async function keepRecord(): Promise<void> {
  const lock = await store().lock('feature-auth', 'test');
  await lock.store.writeRecord(aRecord());
  await lock.release();
}

describe('a destruction', () => {
  beforeEach(deletes);

  it('leaves the environment of a branch alone that was made anew by then', async () => {
    await keepRecord();
    github.branches.set(name, ['b'.repeat(40)]);
    const { code, stdout } = await ci([...destroy, '--json'], 'delete');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { status: 'done', nothingDone: 'The branch is there, and wants its environment.' },
    ]);
    expect((await store().readRecord('feature-auth'))?.status).toBe(aRecord().status);
  });

  it('destroys nothing that bears the name of what the run is about, and is not of this repository', async () => {
    await keepRecord();
    const ofFork = {
      action: 'closed',
      number: 7,
      repository: { full_name: 'acme/daily-report' },
      pull_request: { head: { ref: name, sha, repo: { full_name: 'eve/daily-report' } } },
    };
    const runs = [
      ['pull_request', ofFork, {}],
      ['delete', { ref: name, ref_type: 'tag' }, {}],
      ['push', { ref: `refs/tags/${name}`, after: sha, deleted: true }, {}],
      ['schedule', {}, { GITHUB_REF: `refs/tags/${name}` }],
    ] as const;
    for (const [event, payload, more] of runs) {
      await writeFile(join(project, 'event.json'), JSON.stringify(payload));
      const { code, stdout } = await ci(destroy, event, more);
      expect([code, stdout]).toEqual([0, expect.stringContaining('no branch of this repository.')]);
      expect((await store().readRecord('feature-auth'))?.status).toBe(aRecord().status);
    }
  });

  it('destroys nothing where it cannot ask, and fails', async () => {
    await keepRecord();
    const { code, stderr } = await ci(destroy, 'delete', { GITHUB_TOKEN: '' });
    expect(code).not.toBe(0);
    expect(stderr).toContain('nothing was done');
    expect((await store().readRecord('feature-auth'))?.status).toBe(aRecord().status);
  });

  it('does not take what is being made for what is not there', async () => {
    const lock = await store().lock('feature-auth', 'provision');
    expect((await ci(destroy, 'delete')).stderr).toContain('[transfer-locked]');
    await lock.release();
    const { code, stdout } = await ci(destroy, 'delete');
    expect([code, stdout]).toEqual([0, expect.stringContaining('There is no record of feature-auth.')]);
  });
});
