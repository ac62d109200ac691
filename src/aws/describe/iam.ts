import type { IAM } from '@aws-sdk/client-iam';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages, tagsFrom } from '../listing.ts';
import { tagged } from '../state-values.ts';
import { KeptByAws } from './refusals.ts';

type Page = { readonly IsTruncated?: boolean | undefined; readonly Marker?: string | undefined };

const nextMarker = (page: Page): string | undefined => (page.IsTruncated ? page.Marker : undefined);

const awsPaths = /^\/(?:aws-service-role|aws-reserved|service-role\/aws)\//;

const awsPolicy = /^arn:[^:]*:iam::aws:/;

/** Without the milliseconds, as the provider writes it. */
const second = (date: Date | undefined): string | undefined => date?.toISOString().replace(/\.\d+Z$/, 'Z');

/** IAM answers with documents encoded for URLs. */
const documentText = (encoded: string | undefined): string => decodeURIComponent(encoded ?? '');

async function inlinePolicies(RoleName: string, client: IAM): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages((Marker) => client.listRolePolicies({ RoleName, Marker }), nextMarker)) {
    for (const PolicyName of page.PolicyNames ?? []) {
      const { PolicyDocument } = await client.getRolePolicy({ RoleName, PolicyName });
      const id = `${RoleName}:${PolicyName}`;
      found.push({
        type: 'aws_iam_role_policy',
        id,
        values: { id, name: PolicyName, policy: documentText(PolicyDocument), role: RoleName },
      });
    }
  }
  return found;
}

async function attachments(RoleName: string, client: IAM): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listAttachedRolePolicies({ RoleName, Marker }),
    nextMarker,
  )) {
    for (const { PolicyArn = '' } of page.AttachedPolicies ?? []) {
      // The provider's own id holds the moment at which it was attached; this is the one by which it is imported.
      const id = `${RoleName}/${PolicyArn}`;
      found.push({
        type: 'aws_iam_role_policy_attachment',
        id,
        values: { id, policy_arn: PolicyArn, role: RoleName },
      });
    }
  }
  return found;
}

export const iam = describeService('iam', ['NoSuchEntity', 'NoSuchEntityException'], {
  aws_iam_role: {
    actions: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies'],
    describe: async (subject, client) => {
      const { Role } = await client.getRole({ RoleName: subject.id });
      if (Role === undefined) return [];
      if (awsPaths.test(Role.Path ?? '')) throw new KeptByAws(`the role ${subject.id}`);
      const itself: DescribedResource = {
        type: 'aws_iam_role',
        id: subject.id,
        values: known({
          arn: Role.Arn,
          assume_role_policy: documentText(Role.AssumeRolePolicyDocument),
          create_date: second(Role.CreateDate),
          description: Role.Description ?? '',
          id: subject.id,
          max_session_duration: Role.MaxSessionDuration,
          name: Role.RoleName,
          path: Role.Path,
          permissions_boundary: Role.PermissionsBoundary?.PermissionsBoundaryArn ?? '',
          unique_id: Role.RoleId,
          ...tagged(tagsFrom(Role.Tags)),
        }),
      };
      const inline = await inlinePolicies(subject.id, client);
      return [itself, ...inline, ...(await attachments(subject.id, client))];
    },
  },
  aws_iam_policy: {
    actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
    describe: async (subject, client) => {
      const PolicyArn = subject.id;
      if (awsPolicy.test(PolicyArn)) throw new KeptByAws(`the policy ${PolicyArn}`);
      const { Policy } = await client.getPolicy({ PolicyArn });
      if (Policy === undefined) return [];
      const { PolicyVersion } = await client.getPolicyVersion({
        PolicyArn,
        VersionId: Policy.DefaultVersionId,
      });
      return [
        {
          type: 'aws_iam_policy',
          id: PolicyArn,
          values: known({
            arn: PolicyArn,
            description: Policy.Description ?? '',
            id: PolicyArn,
            name: Policy.PolicyName,
            path: Policy.Path,
            policy: documentText(PolicyVersion?.Document),
            policy_id: Policy.PolicyId,
            ...tagged(tagsFrom(Policy.Tags)),
          }),
        },
      ];
    },
  },
  aws_iam_instance_profile: {
    actions: ['iam:GetInstanceProfile'],
    describe: async (subject, client) => {
      const { InstanceProfile } = await client.getInstanceProfile({ InstanceProfileName: subject.id });
      if (InstanceProfile === undefined) return [];
      return [
        {
          type: 'aws_iam_instance_profile',
          id: subject.id,
          values: known({
            arn: InstanceProfile.Arn,
            create_date: second(InstanceProfile.CreateDate),
            id: subject.id,
            name: InstanceProfile.InstanceProfileName,
            path: InstanceProfile.Path,
            role: InstanceProfile.Roles?.[0]?.RoleName ?? '',
            unique_id: InstanceProfile.InstanceProfileId,
            ...tagged(tagsFrom(InstanceProfile.Tags)),
          }),
        },
      ];
    },
  },
});
