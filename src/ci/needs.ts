/** What CI has to be given before the file that was written works, and the trust policy of the role, to be copied. */
import { run } from '../process/run.ts';
import { type Block, heading } from '../report/blocks.ts';

export type CiSystem = 'github' | 'gitlab';

export interface Repository {
  readonly host: string;
  /** `acme/daily-report`; groups of GitLab may be nested. */
  readonly path: string;
}

/** What stands in place of what is not known: no such account and no such repository can be. */
const unknownAccount = '<account>';
const unknownRepository = { github: '<owner>/<repository>', gitlab: '<group>/<project>' } as const;

/** @param url the address of a remote, as git has it; `null` if it names no repository on a server */
export function repositoryOf(url: string): Repository | null {
  const [, scpHost, scpPath] = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url) ?? [];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const host = scpHost ?? parsed?.hostname ?? '';
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
    timeoutMs: 10_000,
  });
  return exitCode === 0 ? repositoryOf(stdout.trim()) : null;
}

/**
 * Trusts the runs of one repository, those of its branches and pull requests only: not of its tags, nor of another
 * repository of the same owner. Runs for pull requests of forks are given no token.
 */
export function trustPolicy(system: CiSystem, repository: Repository | null): object {
  const path = repository?.path ?? unknownRepository[system];
  const [provider, audience, subjects] =
    system === 'github'
      ? ([
          repository === null || repository.host === 'github.com'
            ? 'token.actions.githubusercontent.com'
            : `${repository.host}/_services/token`,
          'sts.amazonaws.com',
          [`repo:${path}:ref:refs/heads/*`, `repo:${path}:pull_request`],
        ] as const)
      : ([
          repository?.host ?? 'gitlab.com',
          'https://gitlab.com',
          [`project_path:${path}:ref_type:branch:ref:*`],
        ] as const);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${unknownAccount}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${provider}:aud`]: audience },
          StringLike: { [`${provider}:sub`]: subjects },
        },
      },
    ],
  };
}

const steps: Readonly<Record<CiSystem, readonly string[]>> = {
  github: [
    'Commit the file on the default branch: for deleted branches, comments and the night GitHub takes it from there.',
    'Variables of the repository: PROVISION_ENV_AWS_ROLE, the ARN of a role with the trust policy below, and AWS_REGION.',
    'Secrets that the project needs: DOPPLER_TOKEN where Doppler keeps them; others go into `env` of the step that provisions.',
  ],
  gitlab: [
    'Put `include: { local: .gitlab-ci.provision-env.yml }` into .gitlab-ci.yml, and commit both on the default branch.',
    'Variables of the project: PROVISION_ENV_AWS_ROLE, the ARN of a role with the trust policy below, and AWS_REGION.',
    'Masked variables: the secrets that the project needs, for example DOPPLER_TOKEN, and PROVISION_ENV_GITLAB_TOKEN for comments.',
    'A pipeline schedule for the night.',
  ],
};

/** @param store whether records lie where every run finds them */
export function needBlocks(system: CiSystem, { store }: { readonly store: boolean }): Block[] {
  return [
    heading(2, 'Before it runs'),
    {
      kind: 'list',
      items: [
        ...steps[system],
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
