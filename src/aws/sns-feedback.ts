/** The protocols to which a topic reports what became of a message: the provider's word, and the service's. */
export const reportedProtocols: Readonly<Record<string, string>> = {
  application: 'Application',
  firehose: 'Firehose',
  http: 'HTTP',
  lambda: 'Lambda',
  sqs: 'SQS',
};
