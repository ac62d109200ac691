/** Queues, as an account answers with them. */
import type { Operations } from '../sweep/fake-account.ts';

export const queueUrl = (name: string): string => `https://sqs.eu-west-1.amazonaws.com/1/${name}`;
export const queueArn = (name: string): string => `arn:aws:sqs:eu-west-1:1:${name}`;

/** Queues by name, with the tags that each bears. */
export function queues(tags: Readonly<Record<string, Readonly<Record<string, string>>>>): Operations {
  const nameOf = (input: Readonly<Record<string, unknown>>): string =>
    String(input['QueueUrl']).split('/').at(-1) ?? '';
  return {
    'sqs.listQueues': () => ({ QueueUrls: Object.keys(tags).map(queueUrl) }),
    'sqs.listQueueTags': (input) => ({ Tags: tags[nameOf(input)] }),
    'tagging.getTagKeys': () => ({ TagKeys: [...new Set(Object.values(tags).flatMap(Object.keys))] }),
    'tagging.getResources': ({ TagFilters }) => {
      const [filter] = TagFilters as readonly { readonly Key: string; readonly Values?: readonly string[] }[];
      return {
        ResourceTagMappingList: Object.entries(tags)
          .filter(([, each]) => filter?.Values?.includes(each[filter.Key] ?? ''))
          .map(([name, each]) => ({
            ResourceARN: queueArn(name),
            Tags: Object.entries(each).map(([Key, Value]) => ({ Key, Value })),
          })),
      };
    },
    'sqs.getQueueAttributes': (input) => ({
      Attributes: { QueueArn: queueArn(nameOf(input)), VisibilityTimeout: '30' },
    }),
  };
}
