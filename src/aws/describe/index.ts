import type { Describer } from '../describe.ts';
import { apigateway } from './apigateway.ts';
import { cloudfront } from './cloudfront.ts';
import { cloudwatch } from './cloudwatch.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { kms } from './kms.ts';
import { rds } from './rds.ts';
import { s3 } from './s3.ts';
import { secretsmanager } from './secretsmanager.ts';
import { ssm } from './ssm.ts';

const describers: readonly Describer[] = [
  ...apigateway,
  ...cloudfront,
  ...cloudwatch,
  ...ec2,
  ...ecr,
  ...kms,
  ...rds,
  ...s3,
  ...secretsmanager,
  ...ssm,
];

const byType: ReadonlyMap<string, Describer> = new Map(describers.map((each) => [each.type, each]));

/** Who reads the type as Terraform's state would hold it; `null` where nobody can. */
export function describerOf(type: string): Describer | null {
  return byType.get(type) ?? null;
}
