import type { Cloner } from '../clone.ts';
import { cloudwatch } from './cloudwatch.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { kms } from './kms.ts';
import { rds } from './rds.ts';
import { s3 } from './s3.ts';
import { secretsmanager } from './secretsmanager.ts';
import { ssm } from './ssm.ts';

const cloners: readonly Cloner[] = [
  ...cloudwatch,
  ...ec2,
  ...ecr,
  ...kms,
  ...rds,
  ...s3,
  ...secretsmanager,
  ...ssm,
];

const byType: ReadonlyMap<string, Cloner> = new Map(cloners.map((each) => [each.type, each]));

/** Who makes a thing of the type; `null` where the direct engine cannot copy it. */
export function clonerOf(type: string): Cloner | null {
  return byType.get(type) ?? null;
}
