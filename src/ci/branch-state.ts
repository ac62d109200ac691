/**
 * Whether the branch that a CI job is about still wants its environment. Asked when the job begins its work, while it
 * holds the lock of the environment: between the event and that moment others ran, and the branch may be gone. Who makes
 * and who destroys ask the same, so what is left in the end does not depend on who came first.
 */
import { readFile } from 'node:fs/promises';
import { createGitHub, type GitHub } from '../github/client.ts';
import { createGitLab } from '../gitlab/client.ts';
import { remoteBranch, type RemoteBranch } from '../gitlab/branch.ts';
import { ProvisionError, toProvisionError } from '../transfer/errors.ts';
import { branchOfEvent } from './github-event.ts';

/**
 * In words, and without a word of the branch's own. `wanted` is `null` where the run is about no branch of this repository:
 * then nothing is made for it, and what bears its name is not its to take away.
 */
export type BranchState =
  { readonly wanted: true } | { readonly wanted: false | null; readonly reason: string };

const unwanted = (reason: string): BranchState => ({ wanted: false, reason });
const notOurs: BranchState = { wanted: null, reason: 'The run is about no branch of this repository.' };
const gone = unwanted('The branch is gone.');
const moved = unwanted(
  'The branch was moved, and the commit of this run is no longer in it: what it stands at now has a run of its own.',
);

/** The file of the event. @throws ProvisionError `usage`, `output-unreadable` */
export async function readEventFile(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly name: string; readonly payload: unknown }> {
  const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path } = env;
  if (!name || !path) {
    throw new ProvisionError('usage', 'GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set.', {
      hint: 'Actions set them: this command belongs into a workflow.',
    });
  }
  try {
    return { name, payload: JSON.parse(await readFile(path, 'utf8')) as unknown };
  } catch (cause) {
    throw new ProvisionError('output-unreadable', 'The file of the event cannot be read.', { cause });
  }
}

/**
 * A branch whose latest commit is that of a closed pull request, and that no open one has, is done with. One that was
 * pushed again after that, or made anew from elsewhere, is not.
 */
export async function onGitHub(
  github: GitHub,
  { name, commit }: { readonly name: string; readonly commit: string | null },
): Promise<BranchState> {
  const head = await github.headOf(name);
  if (head === null) return gone;
  const pulls = await github.pullRequestsOf(name, 'all');
  const closed = pulls.find(({ commit: at, open }) => !open && at === head);
  if (closed !== undefined && !pulls.some(({ open }) => open))
    return unwanted(`Pull request ${closed.number} is closed.`);
  if (commit !== null && commit !== head && !(await github.contains(head, commit))) return moved;
  return { wanted: true };
}

export interface GitLabBranch {
  readonly remote: RemoteBranch;
  readonly commit: string | null;
  /** Whether the merge request of the pipeline is open; `null` where the pipeline is of none. */
  isOpen: (() => Promise<boolean>) | null;
}

export async function onGitLab({ remote, commit, isOpen }: GitLabBranch): Promise<BranchState> {
  const head = await remote.head();
  if (head === null) return gone;
  if (isOpen !== null && !(await isOpen())) return unwanted('The merge request is closed.');
  if (commit !== null && commit !== head && !(await remote.contains(commit))) return moved;
  return { wanted: true };
}

/**
 * @param env of the CI job
 * @param cwd within the repository
 * @throws ProvisionError where it cannot be asked: then nothing is known, and nothing is to be done
 */
export async function branchState(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<BranchState> {
  if (!env['GITHUB_EVENT_NAME'] && !env['GITLAB_CI']) {
    throw new ProvisionError('usage', 'There is no branch to ask for: this is no job of GitHub or GitLab.', {
      hint: 'The option is for the workflow that provision-env ci writes. Leave it out elsewhere.',
    });
  }
  try {
    return await (env['GITLAB_CI'] ? askGitLab(env, cwd) : askGitHub(env));
  } catch (thrown) {
    const { code, message, hint } = toProvisionError(thrown);
    throw new ProvisionError(
      code,
      `Whether the branch still wants its environment could not be asked; nothing was done. ${message}`,
      { cause: thrown, hint },
    );
  }
}

async function askGitHub(env: Readonly<Record<string, string | undefined>>): Promise<BranchState> {
  const github = createGitHub({ env });
  const { name, payload } = await readEventFile(env);
  const branch = await branchOfEvent(name, payload, { github, ref: env['GITHUB_REF'] });
  return branch === null ? notOurs : onGitHub(github, branch);
}

async function askGitLab(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<BranchState> {
  const request = env['CI_MERGE_REQUEST_IID'] ?? '';
  const name = env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'] || env['CI_COMMIT_BRANCH'] || '';
  const ofFork = request !== '' && env['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'] !== env['CI_PROJECT_ID'];
  if (name === '' || ofFork) return notOurs;
  return onGitLab({
    remote: remoteBranch(name, cwd),
    // A pipeline of merged results works on a commit that is in no branch.
    commit: env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || env['CI_COMMIT_SHA'] || null,
    isOpen: request === '' ? null : () => createGitLab({ env }).isOpen(Number(request)),
  });
}
