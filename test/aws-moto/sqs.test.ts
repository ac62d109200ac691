import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases('sqs', {
  aws_sqs_queue: {
    make: async (clients, name) => {
      const sqs = await clients.get('sqs');
      return (await sqs.createQueue({ QueueName: name, tags: { [purposeTag]: name } })).QueueUrl;
    },
  },
});
