/**
 * A branch as the remote of the clone has it. Asked by git, with what the job cloned with: the token of a job of GitLab
 * may not ask its API.
 */
import { run } from '../process/run.ts';
import { ProvisionError } from '../transfer/errors.ts';

export interface RemoteBranch {
  /** The commit that it stands at; `null` if there is no such branch. */
  head(): Promise<string | null>;
  /** True if the commit is in its history. */
  contains(commit: string): Promise<boolean>;
}

const timeoutMs = 60_000;

/** @param name as it was pushed: it stands behind `refs/heads/`, so git takes it for nothing else */
export function remoteBranch(name: string, cwd: string): RemoteBranch {
  const ref = `refs/heads/${name}`;
  const git = (...args: readonly string[]) =>
    run({
      command: 'git',
      args,
      cwd,
      timeoutMs,
      env: { GIT_TERMINAL_PROMPT: '0' },
      reads: /^(?:GIT|SSH)_|^CI_JOB_TOKEN$/,
    });
  // What git says may hold the address, and the token in it.
  const unreachable = (): ProvisionError =>
    new ProvisionError('network-unreachable', 'git could not ask `origin` for the branch.', {
      hint: 'Is this a clone of the project, and may the job still read it?',
    });
  return {
    async head() {
      const { exitCode, stdout } = await git('ls-remote', '--exit-code', 'origin', ref);
      // A pattern may match more than one: `x` is asked for, `refs/heads/refs/heads/x` is one, too.
      const found = stdout.split('\n').find((line) => line.endsWith(`\t${ref}`));
      if (exitCode === 0) return found?.split('\t')[0] ?? null;
      if (exitCode === 2) return null;
      throw unreachable();
    },
    async contains(commit) {
      const fetched = await git('fetch', '--quiet', '--no-tags', 'origin', ref);
      if (fetched.exitCode !== 0) throw unreachable();
      const { exitCode } = await git('merge-base', '--is-ancestor', commit, 'FETCH_HEAD');
      // 128: no such commit is here, and the whole branch is.
      if (exitCode === undefined || ![0, 1, 128].includes(exitCode)) throw unreachable();
      return exitCode === 0;
    },
  };
}
