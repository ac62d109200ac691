import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../src/cli/document.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
});
afterAll(() => world.close());

const main = 'terraform/main.tf';
const devKey = 'mini/dev/terraform.tfstate';

function found(document: Document): { rule: string; severity: string; subject: string }[] {
  return document.findings.map(({ rule, severity, subject }) => ({ rule, severity, subject }));
}

async function expectNothingWritten(copy: World): Promise<void> {
  expect(await copy.objects()).toEqual([devKey]);
  expect(await copy.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
  expect(await copy.read('terraform/envs/feature-auth/backend.hcl')).toBeNull();
  // The report is the one thing that a blocked run writes.
  expect(await copy.read('.provision-env/reports/feature-auth/report.md')).toContain('Blocked');
  const { document } = await copy.json(['list']);
  expect(document.records).toEqual([]);
}

describe('a target that would lean on the source, differ from it or stay behind', () => {
  it('is blocked before anything is changed, with one finding for each reason', async () => {
    const copy = await world.copy();
    await copy.edit(main, (text) =>
      text
        // Names dev's table in a setting and in a policy.
        .replace(
          'GREETING    = var.greeting',
          'GREETING    = var.greeting\n      LEGACY      = "mini-dev-notes"',
        )
        .replace(
          'Resource = aws_dynamodb_table.notes.arn',
          'Resource = [aws_dynamodb_table.notes.arn, "arn:aws:dynamodb:ap-southeast-1:123456789012:table/mini-dev-notes"]',
        )
        // Another handler where nobody said so, and a key that dev has is gone.
        .replace(
          'handler       = "index.handler"',
          'handler       = var.environment == "dev" ? "index.handler" : "main.handler"',
        )
        .replace('      API_TOKEN   = var.api_token\n', '')
        // Cannot be destroyed again.
        .replace('hash_key     = "id"', 'hash_key     = "id"\n\n  deletion_protection_enabled = true')
        // Runs something on this machine.
        .replace(
          'depends_on = [aws_cloudwatch_log_group.function]',
          'provisioner "local-exec" {\n    command = "true"\n  }',
        )
        // dev has a log group, the target would not.
        .replace(/resource "aws_cloudwatch_log_group" "function" \{[\s\S]*?\n\}\n/, ''),
    );
    const { exitCode, document } = await copy.json(['feature-auth', 'from=dev', '--yes']);
    expect(document.error).toBeNull();
    expect(exitCode).toBe(3);
    expect(document.status).toBe('blocked');
    expect(document.proof?.held).toBe(false);
    const findings = found(document);
    const fn = 'aws_lambda_function.hello';
    expect(findings).toContainEqual({ rule: 'no-reference-to-source', severity: 'error', subject: fn });
    expect(findings).toContainEqual({
      rule: 'no-reference-to-source',
      severity: 'error',
      subject: 'aws_iam_role_policy.notes',
    });
    expect(findings).toContainEqual({ rule: 'contract-handler', severity: 'error', subject: fn });
    expect(findings).toContainEqual({ rule: 'contract-environment-keys', severity: 'error', subject: fn });
    expect(findings).toContainEqual({
      rule: 'reversible',
      severity: 'error',
      subject: 'aws_dynamodb_table.notes',
    });
    expect(findings).toContainEqual({ rule: 'reversible', severity: 'warning', subject: fn });
    expect(findings).toContainEqual({ rule: 'local-exec', severity: 'warning', subject: fn });
    expect(findings).toContainEqual({
      rule: 'contract-resources',
      severity: 'error',
      subject: 'aws_cloudwatch_log_group.function',
    });
    await expectNothingWritten(copy);
  });

  it('is blocked where it would own what the source owns, and a person can overrule that for the record', async () => {
    const copy = await world.copy();
    await copy.edit(main, (text) => text.replace('"${local.prefix}-notes"', '"mini-dev-notes"'));
    const blocked = await copy.json(['plan', 'feature-auth', 'from=dev']);
    expect(blocked.exitCode).toBe(3);
    expect(found(blocked.document)).toContainEqual({
      rule: 'identity-free',
      severity: 'error',
      subject: 'aws_dynamodb_table.notes',
    });
    await expectNothingWritten(copy);

    const errors = blocked.document.findings.filter(({ severity }) => severity === 'error');
    const accepts = [...new Set(errors.map(({ rule, subject }) => `${rule}:${subject}`))].flatMap(
      (accept) => ['--accept', accept],
    );
    const overruled = await copy.json(['plan', 'feature-auth', 'from=dev', ...accepts]);
    expect(overruled.exitCode).toBe(0);
    expect(overruled.document.proof?.held).toBe(true);
    expect(
      overruled.document.findings.find(({ rule }) => rule === 'identity-free')?.accepted?.by,
    ).toBeTruthy();
  });

  it("is blocked where its backend file points at the source's state: the mistake that would destroy the source", async () => {
    const copy = await world.copy();
    const before = await copy.object(devKey);
    await copy.write(
      'terraform/envs/feature-auth/backend.hcl',
      (await copy.read('terraform/envs/dev/backend.hcl')) ?? '',
    );
    const { exitCode, document } = await copy.json(['feature-auth', 'from=dev', '--yes']);
    expect(exitCode).toBe(3);
    const rules = new Set(
      document.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule),
    );
    expect(rules).toContain('state-own');
    expect(rules).toContain('plan-creates-only');
    expect(await copy.object(devKey)).toBe(before);
    expect(await copy.objects()).toEqual([devKey]);
  });

  it('is blocked where it would change what is declared shared', async () => {
    const copy = await world.copy();
    await copy.write('provision-env.config.json', JSON.stringify({ shared: ['aws_dynamodb_table.notes'] }));
    const { exitCode, document } = await copy.json(['plan', 'feature-auth', 'from=dev']);
    expect(exitCode).toBe(3);
    expect(found(document)).toContainEqual({
      rule: 'shared-read-only',
      severity: 'error',
      subject: 'aws_dynamodb_table.notes',
    });
  });

  it("is blocked where it is given the source's credentials, without a secret store to ask", async () => {
    const copy = await world.copy();
    const { exitCode, document, stderr } = await copy.json(['feature-auth', 'from=dev', '--yes'], {
      env: { TF_VAR_api_token: 'canary-token-of-dev' },
    });
    expect(exitCode).toBe(3);
    expect(found(document)).toContainEqual({
      rule: 'credential-isolated',
      severity: 'error',
      subject: 'API_TOKEN',
    });
    expect(`${JSON.stringify(document)}${stderr}`).not.toContain('canary-token');
    await expectNothingWritten(copy);
  });
});
