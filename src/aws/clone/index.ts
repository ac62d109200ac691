import type { Cloner } from '../clone.ts';
import { apigateway } from './apigateway.ts';
import { apigatewayv2 } from './apigatewayv2.ts';
import { cloudfront } from './cloudfront.ts';
import { cloudwatch } from './cloudwatch.ts';
import { dynamodb } from './dynamodb.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { eventbridge } from './eventbridge.ts';
import { iam } from './iam.ts';
import { kms } from './kms.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { rdsProxies } from './rds-proxies.ts';
import { rds } from './rds.ts';
import { s3 } from './s3.ts';
import { scheduler } from './scheduler.ts';
import { secretsmanager } from './secretsmanager.ts';
import { sfn } from './sfn.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { ssm } from './ssm.ts';

export const cloners: readonly Cloner[] = [
  ...apigateway,
  ...apigatewayv2,
  ...cloudfront,
  ...cloudwatch,
  ...dynamodb,
  ...ec2,
  ...ecr,
  ...eventbridge,
  ...iam,
  ...kms,
  ...lambda,
  ...logs,
  ...rds,
  ...rdsProxies,
  ...s3,
  ...scheduler,
  ...secretsmanager,
  ...sfn,
  ...sns,
  ...sqs,
  ...ssm,
];

const byType: ReadonlyMap<string, Cloner> = new Map(cloners.map((each) => [each.type, each]));

/** Who makes a thing of the type; `null` where the direct engine cannot copy it. */
export function clonerOf(type: string): Cloner | null {
  return byType.get(type) ?? null;
}
