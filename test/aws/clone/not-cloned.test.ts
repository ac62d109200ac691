import { describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { notCloned } from '../../../src/aws/clone/not-cloned.ts';
import { apigateway } from '../../../src/aws/describe/apigateway.ts';
import { cloudfront } from '../../../src/aws/describe/cloudfront.ts';
import { cloudwatch } from '../../../src/aws/describe/cloudwatch.ts';
import { ec2 } from '../../../src/aws/describe/ec2.ts';
import { ecr } from '../../../src/aws/describe/ecr.ts';
import { kms } from '../../../src/aws/describe/kms.ts';
import { rdsProxies } from '../../../src/aws/describe/rds-proxies.ts';
import { rds } from '../../../src/aws/describe/rds.ts';
import { s3 } from '../../../src/aws/describe/s3.ts';
import { secretsmanager } from '../../../src/aws/describe/secretsmanager.ts';
import { ssm } from '../../../src/aws/describe/ssm.ts';

const described = [
  apigateway,
  cloudfront,
  cloudwatch,
  ec2,
  ecr,
  kms,
  rds,
  rdsProxies,
  s3,
  secretsmanager,
  ssm,
].flat();

describe('what is described', () => {
  it.each(described.map(({ type }) => type))('%s is copied, or it is said why not', (type) => {
    expect(clonerOf(type) === null).toBe(type in notCloned);
  });

  it('is not copied where a reason against it is given', () => {
    expect(Object.keys(notCloned).filter((type) => clonerOf(type) !== null)).toEqual([]);
  });
});
