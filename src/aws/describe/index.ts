import type { Describer } from '../describe.ts';
import { dynamodb } from './dynamodb.ts';
import { eventbridge } from './eventbridge.ts';
import { iam } from './iam.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { sfn } from './sfn.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

export const describers: readonly Describer[] = [
  ...dynamodb,
  ...eventbridge,
  ...iam,
  ...lambda,
  ...logs,
  ...sfn,
  ...sns,
  ...sqs,
];

const byType: ReadonlyMap<string, Describer> = new Map(describers.map((each) => [each.type, each]));

/** Who reads the type as Terraform's state would hold it; `null` where nobody can. */
export function describerOf(type: string): Describer | null {
  return byType.get(type) ?? null;
}
