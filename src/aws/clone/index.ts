import type { Cloner } from '../clone.ts';
import { dynamodb } from './dynamodb.ts';
import { eventbridge } from './eventbridge.ts';
import { iam } from './iam.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { sfn } from './sfn.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

export const cloners: readonly Cloner[] = [
  ...dynamodb,
  ...eventbridge,
  ...iam,
  ...lambda,
  ...logs,
  ...sfn,
  ...sns,
  ...sqs,
];

const byType: ReadonlyMap<string, Cloner> = new Map(cloners.map((each) => [each.type, each]));

/** Who makes a thing of the type; `null` where the direct engine cannot copy it. */
export function clonerOf(type: string): Cloner | null {
  return byType.get(type) ?? null;
}
