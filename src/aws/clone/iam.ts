import type { IAM } from '@aws-sdk/client-iam';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { answered, refuseTaken } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

const notThere = ['NoSuchEntity', 'NoSuchEntityException'];

/** A trust policy may name a role that was made a moment ago. */
const principalUnknown: readonly Passing[] = [
  { code: 'MalformedPolicyDocument', message: /invalid principal/i },
  { code: 'MalformedPolicyDocumentException', message: /invalid principal/i },
];

/** IAM answers from several places; what was made is waited for until it is seen, though not until all see it. */
async function seen(what: string, ask: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  await waitFor(
    () =>
      ask().catch((error: unknown) => {
        if (error instanceof Error && notThere.includes(error.name)) return undefined;
        throw error;
      }),
    { what, signal, limitMs: 60_000 },
  );
}

/** A condition may name it; a principal has to be there. */
function trustsItself(values: StateValues): boolean {
  const [arn, policy] = [values.text('arn'), values.text('assume_role_policy')];
  if (arn === undefined || policy === undefined) return false;
  let itself = false;
  JSON.parse(policy, (key, value: unknown) => {
    if (key === 'Principal') itself ||= JSON.stringify(value).includes(JSON.stringify(arn));
    return value;
  });
  return itself;
}

async function cloneRole({ values: given, signal }: CloneRequest, client: IAM): Promise<Cloned> {
  const values = new StateValues(given);
  const RoleName = values.needed('name');
  const { Role } = await onceKnown(
    () =>
      client.createRole({
        RoleName,
        AssumeRolePolicyDocument: values.needed('assume_role_policy'),
        Path: values.text('path'),
        Description: values.text('description'),
        MaxSessionDuration: values.positive('max_session_duration'),
        PermissionsBoundary: values.text('permissions_boundary'),
        Tags: values.tagList,
      }),
    principalUnknown,
    signal,
  );
  const arn = answered(Role?.Arn, `the ARN of the role ${RoleName}`);
  await seen(`the role ${RoleName}`, () => client.getRole({ RoleName }), signal);
  return { id: RoleName, values: { arn, id: RoleName, unique_id: Role?.RoleId ?? '' } };
}

async function cloneRolePolicy({ values: given }: CloneRequest, client: IAM): Promise<Cloned> {
  const values = new StateValues(given);
  const RoleName = values.needed('role');
  const PolicyName = values.needed('name');
  const id = `${RoleName}:${PolicyName}`;
  await refuseTaken(`the policy ${id}`, () => client.getRolePolicy({ RoleName, PolicyName }), notThere);
  await client.putRolePolicy({ RoleName, PolicyName, PolicyDocument: values.needed('policy') });
  return { id, values: { id } };
}

async function cloneAttachment({ values: given, signal }: CloneRequest, client: IAM): Promise<Cloned> {
  const values = new StateValues(given);
  const RoleName = values.needed('role');
  const PolicyArn = values.needed('policy_arn');
  // A policy that was made a moment ago.
  await onceKnown(
    () => client.attachRolePolicy({ RoleName, PolicyArn }),
    notThere.map((code) => ({ code })),
    signal,
  );
  const id = `${RoleName}/${PolicyArn}`;
  return { id, values: { id } };
}

async function clonePolicy({ values: given, signal }: CloneRequest, client: IAM): Promise<Cloned> {
  const values = new StateValues(given);
  const PolicyName = values.needed('name');
  const { Policy } = await client.createPolicy({
    PolicyName,
    PolicyDocument: values.needed('policy'),
    Path: values.text('path'),
    Description: values.text('description'),
    Tags: values.tagList,
  });
  const arn = answered(Policy?.Arn, `the ARN of the policy ${PolicyName}`);
  await seen(`the policy ${PolicyName}`, () => client.getPolicy({ PolicyArn: arn }), signal);
  return { id: arn, values: { arn, id: arn, policy_id: Policy?.PolicyId ?? '' } };
}

async function cloneProfile({ values: given, signal }: CloneRequest, client: IAM): Promise<Cloned> {
  const values = new StateValues(given);
  const InstanceProfileName = values.needed('name');
  const { InstanceProfile } = await client.createInstanceProfile({
    InstanceProfileName,
    Path: values.text('path'),
    Tags: values.tagList,
  });
  const arn = answered(InstanceProfile?.Arn, `the ARN of the instance profile ${InstanceProfileName}`);
  const RoleName = values.text('role');
  if (RoleName !== undefined)
    await onceKnown(
      () => client.addRoleToInstanceProfile({ InstanceProfileName, RoleName }),
      notThere.map((code) => ({ code })),
      signal,
    );
  return {
    id: InstanceProfileName,
    values: { arn, id: InstanceProfileName, unique_id: InstanceProfile?.InstanceProfileId ?? '' },
  };
}

export const iam = cloneService('iam', {
  aws_iam_role: {
    actions: ['iam:CreateRole', 'iam:GetRole', 'iam:TagRole'],
    refuses: (values) =>
      trustsItself(values)
        ? 'its trust policy names it as a principal, and IAM takes none that is not there yet; let the policy trust the account, with a condition on aws:PrincipalArn'
        : null,
    clone: cloneRole,
  },
  aws_iam_role_policy: { actions: ['iam:PutRolePolicy', 'iam:GetRolePolicy'], clone: cloneRolePolicy },
  aws_iam_role_policy_attachment: { actions: ['iam:AttachRolePolicy'], clone: cloneAttachment },
  aws_iam_policy: { actions: ['iam:CreatePolicy', 'iam:GetPolicy', 'iam:TagPolicy'], clone: clonePolicy },
  aws_iam_instance_profile: {
    actions: [
      'iam:CreateInstanceProfile',
      'iam:AddRoleToInstanceProfile',
      'iam:TagInstanceProfile',
      'iam:PassRole',
    ],
    clone: cloneProfile,
  },
});
