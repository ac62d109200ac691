import { adapterCases, purposeTag } from './support/adapter-cases.ts';

const policy = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const allow = policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' });

const trust = policy({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

const tagsOf = (name: string): { Key: string; Value: string }[] => [{ Key: purposeTag, Value: name }];

/** Each with all that has to go before it can. */
adapterCases('iam', {
  aws_iam_role: {
    pages: { ListRoles: { MaxItems: 1 } },
    make: async (clients, RoleName) => {
      const iam = await clients.get('iam');
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust, Tags: tagsOf(RoleName) });
      await iam.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: allow });
      const attached = await iam.createPolicy({ PolicyName: `of-${RoleName}`, PolicyDocument: allow });
      await iam.attachRolePolicy({ RoleName, PolicyArn: attached.Policy?.Arn });
      const InstanceProfileName = `of-${RoleName}`;
      await iam.createInstanceProfile({ InstanceProfileName });
      await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
      return RoleName;
    },
  },
  aws_iam_policy: {
    pages: { ListPolicies: { MaxItems: 1 } },
    make: async (clients, PolicyName) => {
      const iam = await clients.get('iam');
      const made = await iam.createPolicy({ PolicyName, PolicyDocument: allow, Tags: tagsOf(PolicyName) });
      await iam.createPolicyVersion({
        PolicyArn: made.Policy?.Arn,
        PolicyDocument: allow,
        SetAsDefault: true,
      });
      return made.Policy?.Arn;
    },
  },
  aws_iam_instance_profile: {
    make: async (clients, name) => {
      const iam = await clients.get('iam');
      await iam.createInstanceProfile({ InstanceProfileName: name, Tags: tagsOf(name) });
      await iam.createRole({ RoleName: `of-${name}`, AssumeRolePolicyDocument: trust });
      await iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName: `of-${name}` });
      return name;
    },
  },
  aws_iam_user: {
    make: async (clients, UserName) => {
      const iam = await clients.get('iam');
      await iam.createUser({ UserName, Tags: tagsOf(UserName) });
      await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: allow });
      await iam.createAccessKey({ UserName });
      await iam.createGroup({ GroupName: `of-${UserName}` });
      await iam.addUserToGroup({ GroupName: `of-${UserName}`, UserName });
      return UserName;
    },
  },
  aws_iam_group: {
    tagged: false,
    make: async (clients, GroupName) => {
      const iam = await clients.get('iam');
      await iam.createGroup({ GroupName });
      await iam.putGroupPolicy({ GroupName, PolicyName: 'own', PolicyDocument: allow });
      await iam.createUser({ UserName: `in-${GroupName}` });
      await iam.addUserToGroup({ GroupName, UserName: `in-${GroupName}` });
      return GroupName;
    },
  },
  aws_iam_openid_connect_provider: {
    // AWS and the emulator answer a second deletion as the first.
    again: 'removed',
    make: async (clients, name) => {
      const iam = await clients.get('iam');
      const made = await iam.createOpenIDConnectProvider({
        Url: `https://${name}.example.com`,
        ClientIDList: ['x'],
        ThumbprintList: ['0'.repeat(40)],
        Tags: tagsOf(name),
      });
      return made.OpenIDConnectProviderArn;
    },
  },
});
