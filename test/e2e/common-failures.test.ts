/**
 * The common failures of the specification beside the wrong channel: each is blocked before anything is made, and where
 * a person overrules that, the layers see it and say what is wrong.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zip } from '../sandbox/zip.ts';
import { createWorld, type World } from './support/world.ts';

/** Needs its token, and reads its table with the rights of its role. */
const code = `export const handler = async () => {
  console.log(JSON.stringify({ level: 'INFO', message: 'hello' }));
  if (!process.env.API_TOKEN) throw new Error('API_TOKEN is not set');
  const { AWS_ACCESS_KEY_ID: id, AWS_REGION: region, NOTES_TABLE: table } = process.env;
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      authorization: \`AWS4-HMAC-SHA256 Credential=\${id}/20260101/\${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0\`,
    },
    body: JSON.stringify({ TableName: table, Key: { id: { S: 'x' } } }),
  });
  if (!answer.ok) {
    const { message, Message } = await answer.json();
    throw Object.assign(new Error(message ?? Message), { name: 'AccessDeniedException' });
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ok: true }) };
};`;

const main = 'terraform/main.tf';
const fn = 'aws_lambda_function.hello';

let world: World;
beforeAll(async () => {
  world = await createWorld({
    fixture: 'mini',
    bucket: 'mini-state',
    prepare: (project) => writeFile(join(project, 'function.zip'), zip({ 'index.mjs': code })),
  });
});
afterAll(async () => {
  await world.close();
});

interface Failure {
  readonly target: string;
  /** What somebody did to the configuration. */
  readonly edit: (text: string) => string;
  /** Rule and subject of every error. */
  readonly findings: readonly string[];
  /** The check that fails, and what it says. */
  readonly check: string;
  readonly observed: string;
}

const failures: readonly (readonly [string, Failure])[] = [
  [
    'a missing environment variable',
    {
      target: 'feature-key',
      edit: (text) => text.replace('      API_TOKEN   = var.api_token\n', ''),
      findings: [`contract-environment-keys:${fn}`],
      check: 'no-error-in-logs',
      observed: 'API_TOKEN is not set',
    },
  ],
  [
    'a wrong handler',
    {
      target: 'feature-handler',
      edit: (text) => text.replace('"index.handler"', '"main.handler"'),
      findings: [`contract-handler:${fn}`],
      check: 'no-error-in-logs',
      observed: "Cannot find module 'main'",
    },
  ],
  [
    "a permission denied by the source's ARN",
    {
      target: 'feature-arn',
      edit: (text) =>
        text.replace(
          'Resource = aws_dynamodb_table.notes.arn',
          'Resource = "arn:aws:dynamodb:ap-southeast-1:123456789012:table/mini-dev-notes"',
        ),
      findings: ['no-reference-to-source:aws_iam_role_policy.notes'],
      check: 'no-error-in-logs',
      observed: 'dynamodb:GetItem',
    },
  ],
];

describe.each(failures)('%s', (_name, { target, edit, findings, check, observed }) => {
  let copy: World;
  const env = { TF_VAR_api_token: `canary-token-of-${target}` };
  beforeAll(async () => {
    copy = await world.copy();
    await copy.edit(main, edit);
  });

  it('is blocked before anything is made', async () => {
    const { exitCode, document } = await copy.json([target, 'from=dev', '--yes'], { env });
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 3 });
    const errors = document.findings.filter(({ severity }) => severity === 'error');
    expect([...new Set(errors.map(({ rule, subject }) => `${rule}:${subject}`))].sort()).toEqual(findings);
    expect(document.record).toBeNull();
  });

  it('is seen by the layers where a person overruled that', async () => {
    const accept = findings.flatMap((finding) => ['--accept', finding]);
    const { exitCode, document } = await copy.json([target, 'from=dev', '--yes', ...accept], { env });
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 4 });
    expect([document.status, document.record?.status]).toEqual(['failed', 'failed']);
    const failed = document.evidence.filter(({ status }) => status === 'fail');
    expect(failed.find((each) => each.check === 'function-invocable')?.observed).toContain('HTTP 502');
    expect(failed.find((each) => each.check === check)?.observed).toContain(observed);
    expect(document.record?.accepted.map(({ rule, subject }) => `${rule}:${subject}`).sort()).toEqual(
      findings,
    );
  });
});
