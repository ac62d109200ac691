/** The jobs of `ci gitlab`, as data. Names of branches reach the shell as variables only, and quoted. */
import { Document } from 'yaml';
import { type CiOptions, install, nightly, waits } from './install.ts';

/** Whom the token of a job is for: what another job was given for somebody else does not open the role. */
export const gitlabAudience = 'provision-env';

export const pipelinePath = '.gitlab-ci.provision-env.yml';

const header = ` Written by \`provision-env ci gitlab\`. Put into .gitlab-ci.yml:
   include: { local: ${pipelinePath} }
 docs/ci.md of provision-env says what it needs: the variables PROVISION_ENV_AWS_ROLE (a role that trusts this project
 by OIDC) and AWS_REGION, the secrets that provision-env reads (masked), \`store: "s3://…"\` in provision-env.config.*,
 and a nightly pipeline schedule. For merge requests PROVISION_ENV_GITLAB_TOKEN (a project access token with the scope api,
 masked): by it a job asks whether its merge request is still open, and comments on it. Without it the job of a merge request
 makes nothing, fails, and says so.`;

/**
 * Not the slug, which two branches may have in common: GitLab would run the stop job of the one when the merge request
 * of the other is closed. A name that GitLab does not take is refused by it before anything is made.
 */
const environmentName = 'provision-env/$CI_COMMIT_REF_NAME';

/** Not the slug either; and the night has a name that no branch's is. */
const resourceGroup = 'provision-env/branch/$CI_COMMIT_REF_NAME';

const named = 'ENVIRONMENT="$(provision-env name -- "$CI_COMMIT_REF_NAME")"';

/** After a failure too. What keeps the comment from being written does not decide how the job ends. */
const comment =
  'if [ -n "$CI_MERGE_REQUEST_IID" ] && [ -n "$PROVISION_ENV_GITLAB_TOKEN" ]; then provision-env comment "$ENVIRONMENT" --mr "$CI_MERGE_REQUEST_IID" --exit-code "$status" || true; fi';

/** @returns the text of the file */
export function gitlabPipeline({ version, ttl }: CiOptions): string {
  const pipeline = {
    '.provision-env': {
      image: 'node:22.14.0-bookworm',
      variables: { PROVISION_ENV_VERSION: version },
      id_tokens: { AWS_ID_TOKEN: { aud: gitlabAudience } },
      // The SDK and Terraform read the token from a file: no long-lived keys.
      before_script: [
        'export AWS_WEB_IDENTITY_TOKEN_FILE="$(mktemp)" AWS_ROLE_ARN="$PROVISION_ENV_AWS_ROLE"',
        'printf %s "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"',
        install,
      ],
      interruptible: false,
      // 6: it waits for a person. Shown as a warning; the job does not wait with it.
      allow_failure: { exit_codes: [6] },
    },
    'provision-env': {
      extends: '.provision-env',
      stage: 'deploy',
      rules: [
        {
          if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID',
        },
        {
          if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH =~ /^feature\\// && $CI_OPEN_MERGE_REQUESTS == null',
        },
      ],
      resource_group: resourceGroup,
      environment: { name: environmentName, on_stop: 'provision-env:destroy' },
      script: [
        named,
        `status=0; provision-env provision "$ENVIRONMENT" --if-ref-exists ${waits} --yes${ttl === undefined ? '' : ` --ttl ${ttl}`} || status=$?`,
        comment,
        'exit "$status"',
      ],
    },
    'provision-env:destroy': {
      extends: '.provision-env',
      stage: 'deploy',
      rules: [
        {
          if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID',
          when: 'manual',
          allow_failure: true,
        },
        {
          if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH =~ /^feature\\// && $CI_OPEN_MERGE_REQUESTS == null',
          when: 'manual',
          allow_failure: true,
        },
      ],
      resource_group: resourceGroup,
      environment: { name: environmentName, action: 'stop' },
      // GitLab runs this when the branch is deleted or the merge request closed: by then the branch may be gone.
      variables: { GIT_STRATEGY: 'none' },
      script: [
        'git clone --quiet --depth 1 --branch "$CI_DEFAULT_BRANCH" "$CI_REPOSITORY_URL" project',
        'cd project',
        named,
        `status=0; provision-env destroy "$ENVIRONMENT" --if-exists ${waits} --yes || status=$?`,
        comment,
        'exit "$status"',
      ],
    },
    'provision-env:nightly': {
      extends: '.provision-env',
      stage: 'deploy',
      rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
      resource_group: 'provision-env/nightly',
      script: [`${nightly.join('\n')}\n`],
    },
  };
  const document = new Document(pipeline, { aliasDuplicateObjects: false });
  document.commentBefore = header;
  return document.toString({ lineWidth: 0 });
}
