/** Machines, and what they are started with. Part of the adapter of EC2. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { type StatusWords, type TypeDefinition } from './adapter.ts';
import { gone, listed, named, stated, whole } from './ec2-kinds.ts';
import { listing, onePage, tagsFrom } from './listing.ts';

const instanceStates: StatusWords = { ready: ['running', 'stopped'], leaving: ['shutting-down'] };

export const machines: Readonly<Record<string, TypeDefinition<EC2>>> = {
  aws_instance: whole(
    'DescribeInstances',
    ['TerminateInstances'],
    [
      'aws_network_interface',
      'aws_security_group',
      'aws_subnet',
      'aws_key_pair',
      'aws_launch_template',
      'aws_iam_instance_profile',
      'aws_vpc',
    ],
    {
      check: stated(instanceStates, async (client, id) => {
        const instances = await client.describeInstances({ InstanceIds: [id] });
        const instance = instances.Reservations?.[0]?.Instances?.[0];
        return instance && { status: instance.State?.Name };
      }),
      list: listing(
        (client: EC2, NextToken) => client.describeInstances({ NextToken, MaxResults: 1000 }),
        (page) => page.NextToken,
        (page) => page.Reservations?.flatMap(({ Instances = [] }) => Instances),
        (instance) =>
          gone.has(instance.State?.Name ?? '')
            ? null
            : {
                ...named(instance.InstanceId, instance.Tags),
                createdAt: instance.LaunchTime,
                uses: [
                  instance.VpcId,
                  instance.SubnetId,
                  instance.KeyName,
                  ...(instance.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
                ],
                leaving: instance.State?.Name === 'shutting-down' ? 'being deleted' : undefined,
              },
      ),
      remove: async (subject, client) => {
        await client.terminateInstances({ InstanceIds: [subject.id] });
        return { state: 'leaving', detail: 'being deleted' };
      },
    },
  ),
  aws_launch_template: whole('DescribeLaunchTemplates', ['DeleteLaunchTemplate'], [], {
    check: listed(
      async (client, id) =>
        (await client.describeLaunchTemplates({ LaunchTemplateIds: [id] })).LaunchTemplates?.length,
    ),
    list: listing(
      (client: EC2, NextToken) => client.describeLaunchTemplates({ NextToken }),
      (page) => page.NextToken,
      (page) => page.LaunchTemplates,
      (template) => ({
        ...named(template.LaunchTemplateId, template.Tags),
        name: template.LaunchTemplateName,
        createdAt: template.CreateTime,
      }),
    ),
    remove: async (subject, client) => {
      await client.deleteLaunchTemplate({ LaunchTemplateId: subject.id });
      return undefined;
    },
  }),
  aws_key_pair: whole('DescribeKeyPairs', ['DeleteKeyPair'], [], {
    check: listed(async (client, id) => (await client.describeKeyPairs({ KeyNames: [id] })).KeyPairs?.length),
    list: listing(
      (client: EC2) => client.describeKeyPairs({}),
      onePage,
      (page) => page.KeyPairs,
      (pair) => ({
        id: pair.KeyName,
        tags: tagsFrom(pair.Tags ?? []),
        createdAt: pair.CreateTime,
      }),
    ),
    remove: async (subject, client) => {
      await client.deleteKeyPair({ KeyName: subject.id });
      return undefined;
    },
  }),
};
