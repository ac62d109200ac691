/** What an event of GitHub asks for. Everything in an event is hostile input; what comes out is checked. */
import { z } from 'zod';
import { environmentNameFor } from '../environment/branch-name.ts';
import { durationProblem } from '../environment/time-to-live.ts';
import type { GitHub } from '../github/client.ts';
import { ProvisionError } from '../transfer/errors.ts';

export interface CiRequest {
  readonly action: 'provision' | 'verify' | 'extend' | 'destroy' | 'none';
  /** A valid name; `null` for `none`. */
  readonly environment: string | null;
  /** The commit to check out, hexadecimal; `null` for the default branch. */
  readonly commit: string | null;
  readonly pullRequest: number | null;
  /** Only of `extend`. */
  readonly duration: string | null;
  /** In words, for the log. Holds nothing of the event but numbers. */
  readonly reason: string;
}

export interface EventTools {
  readonly config: { readonly protected: readonly string[] };
  /** Made when it is needed: a deleted branch needs no token. */
  github(): GitHub;
  /** What the names of branches begin with whose pushes are events of their own. */
  readonly pushed?: string | undefined;
}

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const repository = z.object({ full_name: z.string() });

const schemas = {
  push: z.object({ ref: z.string(), after: sha, deleted: z.boolean().default(false) }),
  pull_request: z.object({
    action: z.string(),
    number: z.int().positive(),
    repository,
    pull_request: z.object({ head: z.object({ ref: z.string(), sha, repo: repository.nullable() }) }),
  }),
  delete: z.object({ ref: z.string(), ref_type: z.string() }),
  issue_comment: z.object({
    action: z.string(),
    issue: z.object({ number: z.int().positive(), pull_request: z.unknown().optional() }),
    comment: z.object({ body: z.string(), user: z.object({ login: z.string() }) }),
  }),
};

const nothing = (reason: string): CiRequest => ({
  action: 'none',
  environment: null,
  commit: null,
  pullRequest: null,
  duration: null,
  reason,
});

/** The branch that an event is about, and the commit of it that was to be worked on. */
export interface EventBranch {
  /** Its name as it was pushed: hostile. */
  readonly name: string;
  /** `null` where the event is about whatever the branch is at. */
  readonly commit: string | null;
}

/** @throws ProvisionError `output-unreadable` */
function parseEvent<S extends z.ZodType>(name: string, schema: S, payload: unknown): z.output<S> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  throw new ProvisionError('output-unreadable', `The event is not a ${name} event as GitHub sends it.`);
}

/**
 * @param ref GITHUB_REF, for events that are about no branch of their own, such as `workflow_dispatch`
 * @returns `null` for a fork's pull request, and for what is about no branch at all
 * @throws ProvisionError `output-unreadable`, and what asking GitHub calls for
 */
export async function branchOfEvent(
  name: string,
  payload: unknown,
  { github, ref }: { readonly github: GitHub; readonly ref: string | undefined },
): Promise<EventBranch | null> {
  const head = 'refs/heads/';
  const shortName = (full: string): string | null => (full.startsWith(head) ? full.slice(head.length) : null);
  switch (name) {
    case 'push': {
      const { ref: pushed, after, deleted } = parseEvent(name, schemas.push, payload);
      const branch = shortName(pushed);
      return branch === null ? null : { name: branch, commit: deleted ? null : after };
    }
    case 'pull_request': {
      const { repository: here, pull_request: pull } = parseEvent(name, schemas.pull_request, payload);
      return pull.head.repo?.full_name === here.full_name
        ? { name: pull.head.ref, commit: pull.head.sha }
        : null;
    }
    case 'delete': {
      const { ref: deleted, ref_type: type } = parseEvent(name, schemas.delete, payload);
      return type === 'branch' ? { name: deleted, commit: null } : null;
    }
    case 'issue_comment': {
      const { issue } = parseEvent(name, schemas.issue_comment, payload);
      const pull = await github.pullRequest(issue.number);
      return pull.from === github.repository ? { name: pull.branch, commit: pull.commit } : null;
    }
    default: {
      const branch = shortName(ref ?? '');
      return branch === null ? null : { name: branch, commit: null };
    }
  }
}

/** A command in a comment: the whole first line, nothing else. `null` if it is none. */
export function parseCommand(
  body: string,
):
  | { readonly action: 'verify' | 'destroy' }
  | { readonly action: 'extend'; readonly duration: string }
  | null {
  const [line = ''] = body.split(/\r?\n/, 1);
  const words = line.trim().split(/[ \t]+/);
  const [command, action, duration, ...more] = words;
  if (command !== '/provision-env' || more.length > 0) return null;
  if ((action === 'verify' || action === 'destroy') && duration === undefined) return { action };
  if (action === 'extend' && duration !== undefined && durationProblem(duration) === null)
    return { action, duration };
  return null;
}

/**
 * @param name GITHUB_EVENT_NAME
 * @param payload what the file at GITHUB_EVENT_PATH holds
 * @throws ProvisionError `output-unreadable` for a payload that is not that of such an event
 */
export async function readEvent(name: string, payload: unknown, tools: EventTools): Promise<CiRequest> {
  const parse = <S extends z.ZodType>(schema: S): z.output<S> => parseEvent(name, schema, payload);
  const about = (branch: string): Pick<CiRequest, 'environment' | 'duration'> => ({
    environment: environmentNameFor(branch, tools.config),
    duration: null,
  });

  switch (name) {
    case 'push': {
      const { ref, after, deleted } = parse(schemas.push);
      if (!ref.startsWith('refs/heads/')) return nothing('Not the push of a branch.');
      if (deleted) return nothing('The branch was deleted: the delete event takes its environment away.');
      const branch = ref.slice('refs/heads/'.length);
      return {
        ...about(branch),
        action: 'provision',
        commit: after,
        pullRequest: (await tools.github().pullRequestsOf(branch, 'open'))[0]?.number ?? null,
        reason: 'A branch was pushed.',
      };
    }
    case 'pull_request': {
      const { action, number, repository: here, pull_request: pull } = parse(schemas.pull_request);
      if (pull.head.repo?.full_name !== here.full_name)
        return nothing(`Pull request ${number} comes from a fork: it is not provisioned.`);
      const shared = { ...about(pull.head.ref), commit: pull.head.sha, pullRequest: number };
      if (action === 'closed')
        return { ...shared, action: 'destroy', reason: `Pull request ${number} was closed.` };
      if (!['opened', 'reopened', 'synchronize'].includes(action))
        return nothing('Nothing of the code changed.');
      // Done twice, it would be verified twice, and two messages would go to the testers.
      if (action === 'synchronize' && tools.pushed !== undefined && pull.head.ref.startsWith(tools.pushed))
        return nothing('The push of the branch is an event of its own: that provisions it.');
      return { ...shared, action: 'provision', reason: `Pull request ${number} was opened or updated.` };
    }
    case 'delete': {
      const { ref, ref_type: type } = parse(schemas.delete);
      if (type !== 'branch') return nothing('Not a branch was deleted.');
      return {
        ...about(ref),
        action: 'destroy',
        commit: null,
        pullRequest: null,
        reason: 'A branch was deleted.',
      };
    }
    case 'issue_comment':
      return readComment(parse(schemas.issue_comment), tools);
    default:
      return nothing('Events of this kind ask for nothing.');
  }
}

async function readComment(
  { action: happened, issue, comment }: z.output<typeof schemas.issue_comment>,
  tools: EventTools,
): Promise<CiRequest> {
  if (happened !== 'created') return nothing('Only new comments are commands.');
  if (issue.pull_request === undefined || issue.pull_request === null)
    return nothing('The comment is not on a pull request.');
  const command = parseCommand(comment.body);
  if (command === null)
    return nothing('The comment is no command. There are: verify, extend <duration>, destroy.');
  const github = tools.github();
  if (!(await github.mayWrite(comment.user.login)))
    return nothing('Who wrote the comment has no write permission.');
  const pull = await github.pullRequest(issue.number);
  if (pull.from !== github.repository)
    return nothing(`Pull request ${issue.number} comes from a fork: it has no environment.`);
  return {
    action: command.action,
    environment: environmentNameFor(pull.branch, tools.config),
    commit: pull.commit,
    pullRequest: issue.number,
    duration: command.action === 'extend' ? command.duration : null,
    reason: `A comment on pull request ${issue.number} asks for it.`,
  };
}

/** Lines for GITHUB_OUTPUT. Every value is of a kind that has no line breaks. */
export function outputLines({ action, environment, commit, pullRequest, duration }: CiRequest): string {
  const values = { action, environment, commit, pr: pullRequest, duration };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value ?? ''}\n`)
    .join('');
}
