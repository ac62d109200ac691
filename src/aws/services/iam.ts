import type { IAM } from '@aws-sdk/client-iam';
import { absent, defineService, ready } from '../adapter.ts';
import { listing, onePage, pages, tagsFrom } from '../listing.ts';

type Page = { readonly IsTruncated?: boolean | undefined; readonly Marker?: string | undefined };

const nextMarker = (page: Page): string | undefined => (page.IsTruncated ? page.Marker : undefined);

/** Paths under which AWS keeps what its services made for themselves. */
const awsOwn = /^\/(?:aws-service-role|aws-reserved|service-role\/aws)\//;

/** Everything that a role has to be without before it can be deleted. */
async function emptyRole(RoleName: string, client: IAM): Promise<void> {
  for await (const page of pages(
    (Marker) => client.listAttachedRolePolicies({ RoleName, Marker }),
    nextMarker,
  ))
    for (const { PolicyArn } of page.AttachedPolicies ?? [])
      await client.detachRolePolicy({ RoleName, PolicyArn });
  for await (const page of pages((Marker) => client.listRolePolicies({ RoleName, Marker }), nextMarker))
    for (const PolicyName of page.PolicyNames ?? []) await client.deleteRolePolicy({ RoleName, PolicyName });
  for await (const page of pages(
    (Marker) => client.listInstanceProfilesForRole({ RoleName, Marker }),
    nextMarker,
  ))
    for (const { InstanceProfileName } of page.InstanceProfiles ?? [])
      await client.removeRoleFromInstanceProfile({ RoleName, InstanceProfileName });
}

async function emptyUser(UserName: string, client: IAM): Promise<void> {
  for await (const page of pages(
    (Marker) => client.listAttachedUserPolicies({ UserName, Marker }),
    nextMarker,
  ))
    for (const { PolicyArn } of page.AttachedPolicies ?? [])
      await client.detachUserPolicy({ UserName, PolicyArn });
  for await (const page of pages((Marker) => client.listUserPolicies({ UserName, Marker }), nextMarker))
    for (const PolicyName of page.PolicyNames ?? []) await client.deleteUserPolicy({ UserName, PolicyName });
  for await (const page of pages((Marker) => client.listAccessKeys({ UserName, Marker }), nextMarker))
    for (const { AccessKeyId } of page.AccessKeyMetadata ?? [])
      await client.deleteAccessKey({ UserName, AccessKeyId });
  for await (const page of pages((Marker) => client.listGroupsForUser({ UserName, Marker }), nextMarker))
    for (const { GroupName } of page.Groups ?? []) await client.removeUserFromGroup({ UserName, GroupName });
}

async function emptyGroup(GroupName: string, client: IAM): Promise<void> {
  for await (const page of pages((Marker) => client.getGroup({ GroupName, Marker }), nextMarker))
    for (const { UserName } of page.Users ?? []) await client.removeUserFromGroup({ GroupName, UserName });
  for await (const page of pages(
    (Marker) => client.listAttachedGroupPolicies({ GroupName, Marker }),
    nextMarker,
  ))
    for (const { PolicyArn } of page.AttachedPolicies ?? [])
      await client.detachGroupPolicy({ GroupName, PolicyArn });
  for await (const page of pages((Marker) => client.listGroupPolicies({ GroupName, Marker }), nextMarker))
    for (const PolicyName of page.PolicyNames ?? [])
      await client.deleteGroupPolicy({ GroupName, PolicyName });
}

export const iam = defineService('iam', {
  scope: 'global',
  inUse: [
    'DeleteConflict',
    'DeleteConflictException',
    'ConcurrentModification',
    'ConcurrentModificationException',
    'EntityTemporarilyUnmodifiable',
  ],
  notFound: ['NoSuchEntity', 'NoSuchEntityException'],
  types: {
    aws_iam_role: {
      needs: [],
      actions: {
        check: ['iam:GetRole'],
        list: ['iam:ListRoles'],
        remove: [
          'iam:DeleteRole',
          'iam:ListAttachedRolePolicies',
          'iam:DetachRolePolicy',
          'iam:ListRolePolicies',
          'iam:DeleteRolePolicy',
          'iam:ListInstanceProfilesForRole',
          'iam:RemoveRoleFromInstanceProfile',
        ],
        tags: ['iam:ListRoleTags'],
      },
      dependsOn: ['aws_iam_policy'],
      check: async (subject, client) => {
        await client.getRole({ RoleName: subject.id });
        return ready;
      },
      list: listing(
        (client: IAM, Marker) => client.listRoles({ Marker, MaxItems: 1000 }),
        nextMarker,
        (page) => page.Roles,
        (role) =>
          awsOwn.test(role.Path ?? '')
            ? null
            : { id: role.RoleName, arn: role.Arn, createdAt: role.CreateDate },
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listRoleTags({ RoleName: subject.id, MaxItems: 100 })).Tags ?? []),
      remove: async (subject, client) => {
        await emptyRole(subject.id, client);
        await client.deleteRole({ RoleName: subject.id });
        return undefined;
      },
    },
    aws_iam_role_policy: {
      needs: [],
      partOf: 'aws_iam_role',
      actions: { check: ['iam:GetRolePolicy'] },
      check: async (subject, client) => {
        const [RoleName, PolicyName] = subject.idParts(':');
        await client.getRolePolicy({ RoleName, PolicyName });
        return ready;
      },
    },
    aws_iam_role_policy_attachment: {
      needs: ['role', 'policy_arn'],
      partOf: 'aws_iam_role',
      actions: { check: ['iam:ListAttachedRolePolicies'] },
      check: async (subject, client) => {
        const wanted = subject.attribute('policy_arn');
        let Marker: string | undefined;
        do {
          const page = await client.listAttachedRolePolicies({
            RoleName: subject.attribute('role'),
            ...(Marker === undefined ? {} : { Marker }),
          });
          if (page.AttachedPolicies?.some((policy) => policy.PolicyArn === wanted)) return ready;
          Marker = page.IsTruncated ? page.Marker : undefined;
        } while (Marker !== undefined);
        return absent;
      },
    },
    aws_iam_policy: {
      needs: [],
      actions: {
        check: ['iam:GetPolicy'],
        list: ['iam:ListPolicies'],
        remove: ['iam:DeletePolicy', 'iam:ListPolicyVersions', 'iam:DeletePolicyVersion'],
        tags: ['iam:ListPolicyTags'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getPolicy({ PolicyArn: subject.id });
        return ready;
      },
      list: listing(
        (client: IAM, Marker) => client.listPolicies({ Marker, Scope: 'Local', MaxItems: 1000 }),
        nextMarker,
        (page) => page.Policies,
        (policy) => ({
          id: policy.Arn,
          name: policy.PolicyName,
          arn: policy.Arn,
          createdAt: policy.CreateDate,
        }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listPolicyTags({ PolicyArn: subject.id, MaxItems: 100 })).Tags ?? []),
      remove: async (subject, client) => {
        const PolicyArn = subject.id;
        // Not detached here: who still has it may be somebody else, and then the service refuses.
        for await (const page of pages(
          (Marker) => client.listPolicyVersions({ PolicyArn, Marker }),
          nextMarker,
        ))
          for (const { VersionId, IsDefaultVersion } of page.Versions ?? [])
            if (!IsDefaultVersion) await client.deletePolicyVersion({ PolicyArn, VersionId });
        await client.deletePolicy({ PolicyArn });
        return undefined;
      },
    },
    aws_iam_instance_profile: {
      needs: [],
      actions: {
        check: ['iam:GetInstanceProfile'],
        list: ['iam:ListInstanceProfiles'],
        remove: ['iam:DeleteInstanceProfile', 'iam:GetInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
        tags: ['iam:GetInstanceProfile'],
      },
      dependsOn: ['aws_iam_role'],
      check: async (subject, client) => {
        await client.getInstanceProfile({ InstanceProfileName: subject.id });
        return ready;
      },
      list: listing(
        (client: IAM, Marker) => client.listInstanceProfiles({ Marker, MaxItems: 1000 }),
        nextMarker,
        (page) => page.InstanceProfiles,
        (profile) => ({
          id: profile.InstanceProfileName,
          arn: profile.Arn,
          createdAt: profile.CreateDate,
          uses: profile.Roles?.map(({ RoleName }) => RoleName),
        }),
      ),
      tags: async (subject, client) => {
        const found = await client.getInstanceProfile({ InstanceProfileName: subject.id });
        return tagsFrom(found.InstanceProfile?.Tags ?? []);
      },
      remove: async (subject, client) => {
        const InstanceProfileName = subject.id;
        const { InstanceProfile } = await client.getInstanceProfile({ InstanceProfileName });
        for (const { RoleName } of InstanceProfile?.Roles ?? [])
          await client.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName });
        await client.deleteInstanceProfile({ InstanceProfileName });
        return undefined;
      },
    },
    aws_iam_user: {
      needs: [],
      actions: {
        check: ['iam:GetUser'],
        list: ['iam:ListUsers'],
        remove: [
          'iam:DeleteUser',
          'iam:ListAttachedUserPolicies',
          'iam:DetachUserPolicy',
          'iam:ListUserPolicies',
          'iam:DeleteUserPolicy',
          'iam:ListAccessKeys',
          'iam:DeleteAccessKey',
          'iam:ListGroupsForUser',
          'iam:RemoveUserFromGroup',
        ],
        tags: ['iam:ListUserTags'],
      },
      dependsOn: ['aws_iam_policy', 'aws_iam_group'],
      check: async (subject, client) => {
        await client.getUser({ UserName: subject.id });
        return ready;
      },
      list: listing(
        (client: IAM, Marker) => client.listUsers({ Marker, MaxItems: 1000 }),
        nextMarker,
        (page) => page.Users,
        (user) => ({ id: user.UserName, arn: user.Arn, createdAt: user.CreateDate }),
      ),
      tags: async (subject, client) =>
        tagsFrom((await client.listUserTags({ UserName: subject.id, MaxItems: 100 })).Tags ?? []),
      remove: async (subject, client) => {
        await emptyUser(subject.id, client);
        await client.deleteUser({ UserName: subject.id });
        return undefined;
      },
    },
    aws_iam_user_policy: {
      needs: [],
      partOf: 'aws_iam_user',
      actions: { check: ['iam:GetUserPolicy'] },
      check: async (subject, client) => {
        const [UserName, PolicyName] = subject.idParts(':');
        await client.getUserPolicy({ UserName, PolicyName });
        return ready;
      },
    },
    aws_iam_group: {
      needs: [],
      actions: {
        check: ['iam:GetGroup'],
        list: ['iam:ListGroups'],
        remove: [
          'iam:DeleteGroup',
          'iam:GetGroup',
          'iam:RemoveUserFromGroup',
          'iam:ListAttachedGroupPolicies',
          'iam:DetachGroupPolicy',
          'iam:ListGroupPolicies',
          'iam:DeleteGroupPolicy',
        ],
      },
      dependsOn: ['aws_iam_policy'],
      check: async (subject, client) => {
        await client.getGroup({ GroupName: subject.id });
        return ready;
      },
      list: listing(
        (client: IAM, Marker) => client.listGroups({ Marker, MaxItems: 1000 }),
        nextMarker,
        (page) => page.Groups,
        (group) => ({ id: group.GroupName, arn: group.Arn, createdAt: group.CreateDate }),
      ),
      remove: async (subject, client) => {
        await emptyGroup(subject.id, client);
        await client.deleteGroup({ GroupName: subject.id });
        return undefined;
      },
    },
    aws_iam_openid_connect_provider: {
      needs: [],
      actions: {
        check: ['iam:GetOpenIDConnectProvider'],
        list: ['iam:ListOpenIDConnectProviders'],
        remove: ['iam:DeleteOpenIDConnectProvider'],
        tags: ['iam:ListOpenIDConnectProviderTags'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getOpenIDConnectProvider({ OpenIDConnectProviderArn: subject.id });
        return ready;
      },
      list: listing(
        (client: IAM) => client.listOpenIDConnectProviders({}),
        onePage,
        (page) => page.OpenIDConnectProviderList,
        (provider) => ({
          id: provider.Arn,
          name: provider.Arn?.slice(provider.Arn.indexOf('/') + 1),
          arn: provider.Arn,
        }),
      ),
      tags: async (subject, client) => {
        const { Tags } = await client.listOpenIDConnectProviderTags({
          OpenIDConnectProviderArn: subject.id,
        });
        return tagsFrom(Tags ?? []);
      },
      remove: async (subject, client) => {
        await client.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: subject.id });
        return undefined;
      },
    },
  },
});
