import type { ServiceAdapter, TypeAdapter } from './adapter.ts';
import { apigateway } from './services/apigateway.ts';
import { apigatewayv2 } from './services/apigatewayv2.ts';
import { cloudfront } from './services/cloudfront.ts';
import { cloudwatch } from './services/cloudwatch.ts';
import { dynamodb } from './services/dynamodb.ts';
import { ec2 } from './services/ec2.ts';
import { ecr } from './services/ecr.ts';
import { eventbridge } from './services/eventbridge.ts';
import { iam } from './services/iam.ts';
import { kms } from './services/kms.ts';
import { lambda } from './services/lambda.ts';
import { logs } from './services/logs.ts';
import { rds } from './services/rds.ts';
import { s3 } from './services/s3.ts';
import { scheduler } from './services/scheduler.ts';
import { secretsmanager } from './services/secretsmanager.ts';
import { sfn } from './services/sfn.ts';
import { sns } from './services/sns.ts';
import { sqs } from './services/sqs.ts';
import { ssm } from './services/ssm.ts';

/** Every service that can be asked. A new one is a file in `services/` and a line here. */
export const services: readonly ServiceAdapter[] = [
  apigateway,
  apigatewayv2,
  cloudfront,
  cloudwatch,
  dynamodb,
  ec2,
  ecr,
  eventbridge,
  iam,
  kms,
  lambda,
  logs,
  rds,
  s3,
  scheduler,
  secretsmanager,
  sfn,
  sns,
  sqs,
  ssm,
];

const adapters: ReadonlyMap<string, TypeAdapter> = new Map(
  services.flatMap((service) => service.types.map((adapter) => [adapter.type, adapter] as const)),
);

/** The adapter of a Terraform resource type; `null` where nobody has written one yet. */
export function adapterOf(type: string): TypeAdapter | null {
  return adapters.get(type) ?? null;
}
