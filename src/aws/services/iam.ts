import { absent, defineService, ready } from '../adapter.ts';

export const iam = defineService('iam', {
  notFound: ['NoSuchEntity', 'NoSuchEntityException'],
  types: {
    aws_iam_role: {
      needs: [],
      actions: { check: ['iam:GetRole'] },
      check: async (subject, client) => {
        await client.getRole({ RoleName: subject.id });
        return ready;
      },
    },
    aws_iam_role_policy: {
      needs: [],
      actions: { check: ['iam:GetRolePolicy'] },
      check: async (subject, client) => {
        const [RoleName, PolicyName] = subject.idParts(':');
        await client.getRolePolicy({ RoleName, PolicyName });
        return ready;
      },
    },
    aws_iam_role_policy_attachment: {
      needs: ['role', 'policy_arn'],
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
      actions: { check: ['iam:GetPolicy'] },
      check: async (subject, client) => {
        await client.getPolicy({ PolicyArn: subject.id });
        return ready;
      },
    },
    aws_iam_instance_profile: {
      needs: [],
      actions: { check: ['iam:GetInstanceProfile'] },
      check: async (subject, client) => {
        await client.getInstanceProfile({ InstanceProfileName: subject.id });
        return ready;
      },
    },
    aws_iam_user: {
      needs: [],
      actions: { check: ['iam:GetUser'] },
      check: async (subject, client) => {
        await client.getUser({ UserName: subject.id });
        return ready;
      },
    },
    aws_iam_user_policy: {
      needs: [],
      actions: { check: ['iam:GetUserPolicy'] },
      check: async (subject, client) => {
        const [UserName, PolicyName] = subject.idParts(':');
        await client.getUserPolicy({ UserName, PolicyName });
        return ready;
      },
    },
    aws_iam_group: {
      needs: [],
      actions: { check: ['iam:GetGroup'] },
      check: async (subject, client) => {
        await client.getGroup({ GroupName: subject.id });
        return ready;
      },
    },
    aws_iam_openid_connect_provider: {
      needs: [],
      actions: { check: ['iam:GetOpenIDConnectProvider'] },
      check: async (subject, client) => {
        await client.getOpenIDConnectProvider({ OpenIDConnectProviderArn: subject.id });
        return ready;
      },
    },
  },
});
