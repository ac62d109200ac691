import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/cli/document.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let iam: IAMClient;
let secrets: SecretsManagerClient;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  const settings = {
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  };
  iam = new IAMClient(settings);
  secrets = new SecretsManagerClient(settings);
  logs = new CloudWatchLogsClient(settings);
});
afterAll(() => world.close());

const role = 'mini-feature-auth-hello';
const secret = 'mini-feature-auth-key';
const group = '/aws/lambda/mini-feature-auth-hello';

type Finding = Document['findings'][number];

function taken({ findings }: Document): readonly Finding[] {
  return findings.filter(({ rule }) => rule === 'identity-free');
}

const withSecret = (text: string): string =>
  `${text}\nresource "aws_secretsmanager_secret" "key" {\n  name = "\${local.prefix}-key"\n  recovery_window_in_days = 0\n}\n`;

async function leaveThings(): Promise<void> {
  await iam.send(
    new CreateRoleCommand({
      RoleName: role,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      Tags: [
        { Key: 'Environment', Value: 'somebody-elses' },
        { Key: 'CostCentre', Value: '42' },
      ],
    }),
  );
  await secrets.send(new CreateSecretCommand({ Name: secret, SecretString: 'canary-value' }));
  await secrets.send(new DeleteSecretCommand({ SecretId: secret, RecoveryWindowInDays: 7 }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
}

async function removeThings(): Promise<void> {
  await iam.send(new DeleteRoleCommand({ RoleName: role }));
  await secrets.send(new DeleteSecretCommand({ SecretId: secret, ForceDeleteWithoutRecovery: true }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
}

describe('names that the account holds already, outside any state', () => {
  it('block the plan, each with whose it is and what to do, and are free once they are gone', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/main.tf', withSecret);
    await leaveThings();

    const blocked = await copy.json(['plan', 'feature-auth', 'from=dev']);
    expect(blocked.document.error).toBeNull();
    expect(blocked.exitCode).toBe(3);
    const findings = taken(blocked.document);
    expect(findings.map(({ severity, subject }) => `${severity} ${subject}`).sort()).toEqual([
      'error aws_cloudwatch_log_group.function',
      'error aws_iam_role.function',
      'error aws_secretsmanager_secret.key',
    ]);
    const of = (subject: string): Finding | undefined => findings.find((each) => each.subject === subject);
    expect(of('aws_iam_role.function')?.message).toContain(`${role}, which exists already`);
    expect(of('aws_iam_role.function')?.message).toContain('its tags say Environment = somebody-elses');
    expect(of('aws_secretsmanager_secret.key')?.message).toMatch(/being deleted.*on \d{4}-\d\d-\d\d/);
    expect(of('aws_secretsmanager_secret.key')?.hint).toContain('restore-secret');
    expect(of('aws_secretsmanager_secret.key')?.hint).toContain('--force-delete-without-recovery');
    expect(of('aws_cloudwatch_log_group.function')?.message).toContain(
      'Lambda function mini-feature-auth-hello',
    );
    expect(of('aws_cloudwatch_log_group.function')?.hint).toContain('terraform import');

    await removeThings();
    const free = await copy.json(['plan', 'feature-auth', 'from=dev']);
    expect(taken(free.document)).toEqual([]);
    expect(free.exitCode).toBe(0);
  });
});
