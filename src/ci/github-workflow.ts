/**
 * The workflow of `ci github`, as data. No text of an event comes near a shell: `ci-event` reads the event from its
 * file and hands on what it checked (an action, a valid name, a commit, a number, a duration).
 */
import { Document, isScalar, visit } from 'yaml';
import { type CiOptions, install, nightly, waits } from './install.ts';

/** Pinned by commit: a tag can be moved by whoever takes the repository over. */
const actions = {
  checkout: { uses: 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683', version: 'v4.2.2' },
  node: { uses: 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020', version: 'v4.4.0' },
  aws: {
    uses: 'aws-actions/configure-aws-credentials@b47578312673ae6fa5b5096b330d9fbac3d116df',
    version: 'v4.2.1',
  },
} as const;

/** Branches whose pushes run the workflow, and what `ci-event` goes by: an update of their pull request is a push. */
const pushed = 'feature/';

export const workflowPath = '.github/workflows/provision-env.yml';

/** The environment of the repository that the jobs run in which sign in to AWS: the role trusts it, and nothing else. */
export const githubEnvironment = 'provision-env';

const header = ` Written by \`provision-env ci github\`; docs/ci.md of provision-env says what it needs:
   the environment \`${githubEnvironment}\` of the repository, which the role trusts by OIDC, and in it
   variables PROVISION_ENV_AWS_ROLE and AWS_REGION, the secrets that provision-env reads (DOPPLER_TOKEN, PROVISION_ENV_NOTICE_SECRET),
   and \`store: "s3://…"\` in provision-env.config.*: here every run begins on an empty disk.
 Fork pull requests are never provisioned. Text of events (branch names, comments) never reaches a shell.`;

const output = (name: string): string => `\${{ needs.decide.outputs.${name} }}`;

/** @param ref what to check out; the default branch where the event is of no branch */
const setUp = (ref?: string): object[] => [
  {
    uses: actions.checkout.uses,
    with: { ...(ref === undefined ? {} : { ref }), 'persist-credentials': false },
  },
  { uses: actions.node.uses, with: { 'node-version': 22 } },
  { name: 'Install provision-env', run: install },
];

const signIn = {
  name: 'Sign in to AWS',
  uses: actions.aws.uses,
  with: { 'role-to-assume': '${{ vars.PROVISION_ENV_AWS_ROLE }}', 'aws-region': '${{ vars.AWS_REGION }}' },
};

/**
 * Work of another kind, or on another environment, never stands in the same line. Of those that wait in one GitHub keeps
 * the last only, whatever `cancel-in-progress` says: so a destruction stands in a line of its own and nothing takes its
 * place. What keeps the two apart that work on one environment is its lock, for which they wait.
 */
const group = `provision-env/${output('action')}/${output('environment')}\${{ needs.decide.outputs.action == 'destroy' && format('/{0}', github.run_id) || '' }}`;

const defaultBranch = '${{ github.event.repository.default_branch }}';

const runScript = (ttl: string | undefined): string =>
  [
    'status=0',
    'case "$ACTION" in',
    '  # Asked when it begins, under the lock of the environment: by then the branch may be gone, or there again.',
    `  provision) provision-env provision "$ENVIRONMENT" --if-ref-exists ${waits} --yes${ttl === undefined ? '' : ` --ttl ${ttl}`} || status=$? ;;`,
    '  verify) provision-env verify "$ENVIRONMENT" || status=$? ;;',
    '  extend) provision-env extend "$ENVIRONMENT" "$DURATION" || status=$? ;;',
    `  destroy) provision-env destroy "$ENVIRONMENT" --if-exists \${UNLESS:+"$UNLESS"} ${waits} --yes || status=$? ;;`,
    '  *) status=2 ;;',
    'esac',
    'echo "status=$status" >> "$GITHUB_OUTPUT"',
    '# 6: it waits for a person, for example for layer 4. That is no failure, and the job does not wait with it.',
    'if [ "$status" -eq 6 ]; then',
    '  echo "::notice title=Waiting for a person::provision-env status $ENVIRONMENT says for what."',
    '  exit 0',
    'fi',
    'exit "$status"',
    '',
  ].join('\n');

/** @returns the text of the workflow file */
export function githubWorkflow({ version, ttl }: CiOptions): string {
  const workflow = {
    name: 'provision-env',
    on: {
      push: { branches: [`${pushed}**`] },
      pull_request: { types: ['opened', 'reopened', 'synchronize', 'closed'] },
      delete: null,
      issue_comment: { types: ['created'] },
      schedule: [{ cron: '17 2 * * *' }],
    },
    permissions: {},
    env: { PROVISION_ENV_VERSION: version },
    jobs: {
      decide: {
        if: "github.event_name != 'schedule' && (github.event_name != 'issue_comment' || (github.event.issue.pull_request && startsWith(github.event.comment.body, '/provision-env')))",
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 10,
        permissions: { contents: 'read', 'pull-requests': 'read' },
        outputs: Object.fromEntries(
          ['action', 'environment', 'commit', 'pr', 'duration'].map((name) => [
            name,
            `\${{ steps.event.outputs.${name} }}`,
          ]),
        ),
        // The default branch decides: its configuration says what is protected, for every branch the same.
        steps: [
          ...setUp(defaultBranch),
          {
            id: 'event',
            name: 'Decide what the event asks for',
            run: `provision-env ci-event --pushed ${pushed}`,
            env: { GITHUB_TOKEN: '${{ github.token }}' },
          },
        ],
      },
      environment: {
        needs: 'decide',
        if: "needs.decide.outputs.action != 'none'",
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 180,
        concurrency: { group, 'cancel-in-progress': false },
        environment: githubEnvironment,
        permissions: { contents: 'read', 'id-token': 'write', 'pull-requests': 'write' },
        steps: [
          ...setUp(`\${{ needs.decide.outputs.commit || github.event.repository.default_branch }}`),
          signIn,
          {
            id: 'run',
            name: 'Provision, verify, extend or destroy',
            run: runScript(ttl),
            env: {
              ACTION: output('action'),
              ENVIRONMENT: output('environment'),
              DURATION: output('duration'),
              // Who asks for it by a comment means it. Of an event the branch may have been made anew since.
              UNLESS: "${{ github.event_name != 'issue_comment' && '--unless-ref-exists' || '' }}",
              GITHUB_TOKEN: '${{ github.token }}',
              DOPPLER_TOKEN: '${{ secrets.DOPPLER_TOKEN }}',
            },
          },
          {
            name: 'Tell the pull request',
            if: "always() && needs.decide.outputs.pr != ''",
            // What keeps the comment from being written does not decide how the job ends.
            'continue-on-error': true,
            run: 'provision-env comment "$ENVIRONMENT" --pr "$PR" --exit-code "${STATUS:-1}"',
            env: {
              STATUS: '${{ steps.run.outputs.status }}',
              ENVIRONMENT: output('environment'),
              PR: output('pr'),
              GITHUB_TOKEN: '${{ github.token }}',
            },
          },
        ],
      },
      nightly: {
        if: "github.event_name == 'schedule'",
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 180,
        concurrency: { group: 'provision-env/nightly', 'cancel-in-progress': false },
        environment: githubEnvironment,
        permissions: { contents: 'read', 'id-token': 'write' },
        steps: [
          ...setUp(),
          signIn,
          {
            name: 'Destroy what has expired, look for what is left',
            run: `${nightly.join('\n')}\n`,
            env: {
              DOPPLER_TOKEN: '${{ secrets.DOPPLER_TOKEN }}',
              PROVISION_ENV_NOTICE_SECRET: '${{ secrets.PROVISION_ENV_NOTICE_SECRET }}',
            },
          },
        ],
      },
    },
  };
  // `setUp` is used three times: no anchors, GitHub reads them only lately.
  const document = new Document(workflow, { aliasDuplicateObjects: false });
  document.commentBefore = header;
  const versions = new Map<unknown, string>(
    Object.values(actions).map((action) => [action.uses, action.version]),
  );
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === 'uses' && isScalar(value))
        value.comment = ` ${versions.get(value.value) ?? ''}`;
    },
  });
  return document.toString({ lineWidth: 0 });
}
