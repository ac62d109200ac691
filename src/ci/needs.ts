/** What CI has to be given before the file that was written works, and the trust policy of the role, to be copied. */
import { run } from '../process/run.ts';
import { gitlabTokenVariable } from '../gitlab/client.ts';
import { type Block, heading } from '../report/blocks.ts';
import { githubEnvironment, workflowPath } from './github-workflow.ts';
import { gitlabAudience } from './gitlab-pipeline.ts';

export type CiSystem = 'github' | 'gitlab';

export interface Repository {
  readonly host: string;
  /** `acme/daily-report`; groups of GitLab may be nested. */
  readonly path: string;
}

/** What stands in place of what is not known: no such account and no such repository can be. */
const unknownAccount = '<account>';
const unknownRepository = { github: '<owner>/<repository>', gitlab: '<group>/<project>' } as const;

/** Hosts that take SSH where the usual port is closed. */
const otherNames: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
};

/** @param url the address of a remote, as git has it; `null` if it names no repository on a server */
export function repositoryOf(url: string): Repository | null {
  const [, scpHost, scpPath] = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url) ?? [];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const given = scpHost ?? parsed?.hostname ?? '';
  const host = otherNames[given] ?? given;
  const path = (scpPath ?? parsed?.pathname ?? '').replaceAll(/^\/+|\/+$|\.git\/*$/g, '');
  // Nothing that a policy would read as a wildcard.
  return /^[\w.-]+$/.test(host) && /^[\w.-]+(?:\/[\w.-]+)+$/.test(path) ? { host, path } : null;
}

/** The repository that `origin` of a folder lies in; `null` if git does not say. */
export async function findRepository(root: string): Promise<Repository | null> {
  const { stdout, exitCode } = await run({
    command: 'git',
    args: ['config', '--get', 'remote.origin.url'],
    cwd: root,
    reads: /^GIT_/,
    timeoutMs: 10_000,
  });
  return exitCode === 0 ? repositoryOf(stdout.trim()) : null;
}

/** Where tokens come from, without the scheme: AWS names the identity provider, and the keys of conditions, after it. */
function issuerOf(system: CiSystem, host: string): string {
  if (system === 'gitlab') return host;
  if (host === 'github.com') return 'token.actions.githubusercontent.com';
  return isGitHubCloud(host) ? `token.actions.${host}` : `${host}/_services/token`;
}

/** github.com, or the domain of an enterprise whose data lie elsewhere. */
const isGitHubCloud = (host: string): boolean => host === 'github.com' || host.endsWith('.ghe.com');

/** A remote on the other one's server says nothing of where the jobs run. */
function hostOf(system: CiSystem, repository: Repository | null): string | null {
  const isOthers = repository?.host === (system === 'github' ? 'gitlab.com' : 'github.com');
  return repository === null || isOthers ? null : repository.host;
}

/**
 * Trusts the jobs of one workflow of one repository: those that run in the environment that it names. AWS compares `sub`
 * and, of github.com and ghe.com, `job_workflow_ref` since January 2026; a GitHub Enterprise Server has `sub` only. GitLab has neither
 * in its tokens: there it is the project's branches, and the audience that only these jobs ask for. Runs for pull
 * requests of forks are given no token.
 */
export function trustPolicy(system: CiSystem, repository: Repository | null): object {
  const known = hostOf(system, repository);
  const path = (known === null ? null : repository?.path) ?? unknownRepository[system];
  const host = known ?? `${system}.com`;
  const provider = issuerOf(system, host);
  const condition =
    system === 'gitlab'
      ? {
          StringEquals: { [`${provider}:aud`]: gitlabAudience },
          StringLike: { [`${provider}:sub`]: `project_path:${path}:ref_type:branch:ref:*` },
        }
      : {
          StringEquals: {
            [`${provider}:aud`]: 'sts.amazonaws.com',
            [`${provider}:sub`]: `repo:${path}:environment:${githubEnvironment}`,
          },
          ...(isGitHubCloud(host)
            ? { StringLike: { [`${provider}:job_workflow_ref`]: `${path}/${workflowPath}@refs/*` } }
            : {}),
        };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${unknownAccount}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: condition,
      },
    ],
  };
}

const steps: Readonly<Record<CiSystem, readonly string[]>> = {
  github: [
    'Commit the file on the default branch: for deleted branches, comments and the night GitHub takes it from there.',
    `Make the environment ${githubEnvironment} (Settings, Environments): the jobs run in it, and the role trusts it. Its rules, if you give it any, must let every branch and pull request in.`,
    `Variables of the environment ${githubEnvironment}: PROVISION_ENV_AWS_ROLE, the ARN of a role with the trust policy below, and AWS_REGION.`,
    `Secrets of the environment ${githubEnvironment} that the project needs: DOPPLER_TOKEN where Doppler keeps them; others go into \`env\` of the step that provisions.`,
    'In the AWS account the identity provider <issuer> with the audience sts.amazonaws.com.',
    'A repository made or renamed since July 2026, or that has opted in to immutable subject claims, has the ids of its owner and its own in `sub`, as repo:<owner>@<id>/<name>@<id>:environment:' +
      `${githubEnvironment}: put that into the policy. Settings, Actions, OIDC shows it.`,
  ],
  gitlab: [
    'Put `include: { local: .gitlab-ci.provision-env.yml }` into .gitlab-ci.yml, and commit both on the default branch.',
    'Variables of the project: PROVISION_ENV_AWS_ROLE, the ARN of a role with the trust policy below, and AWS_REGION.',
    `In the AWS account the identity provider <issuer> with the audience ${gitlabAudience}: only these jobs ask for a token for it.`,
    'Masked variables: the secrets that the project needs, for example DOPPLER_TOKEN.',
    `The masked variable ${gitlabTokenVariable}, a project access token with the scope api: by it a job asks whether its merge request is still open, and comments on it. Without it no merge request gets an environment: its job fails and says so. Branches without one do.`,
    'A pipeline schedule for the night.',
  ],
};

/** @param store whether records lie where every run finds them */
export function needBlocks(
  system: CiSystem,
  { store, repository }: { readonly store: boolean; readonly repository: Repository | null },
): Block[] {
  const issuer = `https://${issuerOf(system, hostOf(system, repository) ?? `${system}.com`)}`;
  return [
    heading(2, 'Before it runs'),
    {
      kind: 'list',
      items: [
        ...steps[system].map((step) => step.replace('<issuer>', issuer)),
        ...(store
          ? []
          : [
              'Set `store: "s3://bucket/prefix"` in the configuration: in CI every run begins on an empty disk.',
            ]),
        'What the role may do: what Terraform needs for the project, and what provision-env doctor --iam prints.',
      ],
    },
    heading(2, `Trust policy of the role${system === 'github' ? '' : ' (the audience is that of the file)'}`),
  ];
}
