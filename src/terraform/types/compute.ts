import type { ResourceTypeFacts } from './facts.ts';

export const computeTypes: readonly ResourceTypeFacts[] = [
  {
    type: 'aws_lambda_function',
    title: 'Lambda function',
    category: 'compute',
    identity: ['function_name'],
    scope: 'region',
    limits: [
      {
        attribute: 'function_name',
        maxLength: 64,
        pattern: '[a-zA-Z0-9_-]+',
        allowed: 'letters, digits, - and _',
        source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
      },
    ],
    isFunction: true,
    taggable: true,
    servicesLogGroup: '/aws/lambda/{function_name}',
  },
];
