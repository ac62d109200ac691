import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/terraform/diagnose.ts';
import { type Diagnostic, readDiagnosticText } from '../../src/terraform/diagnostics.ts';
import { readUiLine } from '../../src/terraform/events.ts';
import type { ErrorCode } from '../../src/transfer/error-codes.ts';
import type { ProvisionError } from '../../src/transfer/errors.ts';

const folder = path.join(import.meta.dirname, '../golden/diagnostics');

async function diagnosticsOf(golden: string): Promise<Diagnostic[]> {
  const text = await readFile(path.join(folder, golden), 'utf8');
  if (golden.endsWith('.txt')) return readDiagnosticText(text, '/project');
  return text.split('\n').flatMap((line) => {
    const event = readUiLine(line, '/project');
    return event.type === 'diagnostic' ? [event.diagnostic] : [];
  });
}

async function errorOf(golden: string): Promise<ProvisionError> {
  return diagnose(await diagnosticsOf(golden), {
    folder: '/project',
    doing: 'terraform plan',
    fallback: 'plan-failed',
  });
}

/** Golden file, code, what the message says, place. */
type Expectation = readonly [string, ErrorCode, RegExp, string?];
const expected: readonly Expectation[] = [
  [
    'plan-file-read-only.txt',
    'not-writable',
    /could not write or read a file: .*\/project\/out\/p\.tfplan:\s+read-only\s+file\s+system/,
  ],
  [
    'variable-refused.jsonl',
    'variable-refused',
    /variable environment \(main\.tf:12\).*must not start with bad/,
    'main.tf:12',
  ],
  ['variable-missing.jsonl', 'var-file-invalid', /for the variable environment\./, 'main.tf:10'],
  ['variable-wrong-type.jsonl', 'var-file-invalid', /var\.environment .*string required/, 'wrong.tfvars:1'],
  ['var-file-broken.jsonl', 'var-file-invalid', /Invalid multi-line string/, 'broken.tfvars:1'],
  ['var-file-missing.jsonl', 'var-file-invalid', /nope\.tfvars does not exist/],
  ['syntax-error.jsonl', 'configuration-invalid', /Invalid expression/, 'broken.tf:2'],
  ['undeclared-reference.jsonl', 'configuration-invalid', /"aws_sqs_queue" "nope"/, 'broken.tf:2'],
  ['unsupported-argument.jsonl', 'configuration-invalid', /"nmae"/, 'broken.tf:2'],
  ['init-syntax-error.txt', 'configuration-invalid', /Unclosed configuration block/, 'b.tf:2'],
  ['terraform-too-old.jsonl', 'tool-too-old', />= 99\.0; this is 1\.11\.4/, 'v.tf:2'],
  ['init-terraform-too-old.txt', 'tool-too-old', />= 99\.0; this is 1\.11\.4/, 'v.tf:2'],
  ['credentials-missing.jsonl', 'credentials-missing', /no AWS credentials/],
  ['profile-missing.jsonl', 'credentials-missing', /profile nope/],
  ['init-credentials-missing.txt', 'credentials-missing', /no AWS credentials/],
  ['init-expired-token.txt', 'credentials-expired', /have expired/],
  ['provider-expired-token.jsonl', 'credentials-expired', /have expired/],
  ['init-invalid-access-key-id.txt', 'credentials-expired', /does not accept/],
  ['init-signature-does-not-match.txt', 'credentials-expired', /does not accept/],
  ['provider-invalid-client-token-id.jsonl', 'credentials-expired', /does not accept/],
  ['init-request-time-too-skewed.txt', 'credentials-expired', /clock is wrong/],
  ['init-access-denied.txt', 'access-denied', /user\/alice may not perform sts:GetCallerIdentity/],
  ['provider-access-denied.jsonl', 'access-denied', /may not perform sts:GetCallerIdentity/, 'd.tf:1'],
  ['connection-refused.jsonl', 'network-unreachable', /127\.0\.0\.1:9 could not/],
  ['init-connection-refused.txt', 'network-unreachable', /127\.0\.0\.1:9 could not/],
  ['dns.jsonl', 'network-unreachable', /sts\.us-east-1\.amazonaws\.com could not/],
  ['init-dns.txt', 'network-unreachable', /iam\.amazonaws\.com could not/],
  ['not-initialised.jsonl', 'provider-unavailable', /not installed/],
  [
    'init-registry-unreachable.txt',
    'provider-unavailable',
    /hashicorp\/random: could not connect to registry\.terraform\.io/,
  ],
  ['init-provider-not-in-mirror.txt', 'provider-unavailable', /hashicorp\/random was not found/],
  ['init-provider-version.txt', 'provider-unavailable', /constraints >= 6\.0\.0/],
  ['init-module-unreachable.txt', 'provider-unavailable', /module "x"/, 'm.tf:1'],
  ['backend-changed.jsonl', 'backend-invalid', /has changed/],
  ['init-backend-changed.txt', 'backend-invalid', /has changed/],
  ['init-backend-incomplete.txt', 'backend-invalid', /"bucket" is required/, 'backend.tf:2'],
  ['init-backend-unknown-setting.txt', 'backend-invalid', /"bukket"/],
  ['init-backend-file-missing.txt', 'backend-invalid', /nope\.hcl/],
  ['init-bucket-missing.txt', 'backend-invalid', /bucket nosuchbucket-xyz does not exist/],
  ['init-state-junk.txt', 'state-unreadable', /could not be parsed as JSON|2 problems/],
  ['init-state-v5.txt', 'state-unreadable', /format version 5/],
  [
    'state-locked-s3.jsonl',
    'state-locked',
    /by alice@laptop since 2026-01-02 04:00:00 UTC for apply \(ID b1946ac9/,
  ],
  ['state-locked-dynamodb.jsonl', 'state-locked', /by alice@laptop since 2026-01-02 04:00:00 UTC/],
  ['state-locked-local.jsonl', 'state-locked', /by alice@laptop since 2026-01-02 04:00:00 UTC/],
  ['state-rm-locked.txt', 'state-locked', /by alice@laptop since 2026-01-02 04:00:00 UTC/],
  ['apply-stale.jsonl', 'plan-failed', /state was changed after the plan/],
  [
    'apply-already-exists.jsonl',
    'plan-failed',
    /aws_dynamodb_table\.watchlist: .*Table already exists.*and 2 more/,
    'main.tf:29',
  ],
  ['state-rm-nothing.txt', 'plan-failed', /without saying why/],
];

describe('diagnose', () => {
  it.each(expected.map(([golden, code, message, place]) => ({ golden, code, message, place })))(
    'reads $golden as $code',
    async ({ golden, code, message, place }) => {
      const error = await errorOf(golden);
      expect(error.message).toMatch(message);
      expect(error.code).toBe(code);
      expect(error.hint !== undefined).toBe(code !== 'plan-failed' || golden === 'apply-stale.jsonl');
      expect(`${error.where?.file}:${error.where?.line}`).toContain(
        place === undefined ? '' : `/project/${place}`,
      );
    },
  );

  it('has an expectation for every golden file', async () => {
    const goldens = (await readdir(folder)).filter((name) => !name.endsWith('.md'));
    expect(expected.map(([golden]) => golden).sort()).toEqual(goldens.sort());
  });

  it('says how to free a lock, and when not to', async () => {
    const { hint } = await errorOf('state-locked-s3.jsonl');
    expect(hint).toMatch(/Only if .* nobody .*terraform force-unlock b1946ac9-2492-d234-7c1b-abcdef012345/);
  });

  it('names the variable that has no value in the hint', async () => {
    expect((await errorOf('variable-missing.jsonl')).hint).toContain('TF_VAR_environment');
  });

  it('never shows the value that stands in the var-file', async () => {
    expect(JSON.stringify(await diagnosticsOf('variable-refused.jsonl'))).not.toContain('bad-name');
  });

  it('takes a lock that may not be written for a missing permission', () => {
    const [diagnostic] = readDiagnosticText(
      'Error: Error acquiring the state lock\n\nError message: operation error S3: PutObject, https response error\nStatusCode: 403, api error AccessDenied: Access Denied\n',
      '/project',
    );
    const error = diagnose(diagnostic ? [diagnostic] : [], {
      folder: '/project',
      doing: 'x',
      fallback: 'plan-failed',
    });
    expect(error).toMatchObject({
      code: 'access-denied',
      message: 'The credentials may not perform s3:PutObject.',
    });
  });

  it('reads texts in frames', () => {
    expect(
      readDiagnosticText(
        '╷\n│ Error: No luck\n│ \n│   on main.tf line 3:\n│    3: password = "s3cr3t"\n│ \n│ Why not\n│ ever.\n╵\n',
        '/p',
      ),
    ).toEqual([
      {
        severity: 'error',
        summary: 'No luck',
        detail: 'Why not ever.',
        address: null,
        where: { file: '/p/main.tf', line: 3 },
        subject: 'password',
        message: 'No luck: Why not ever.',
      },
    ]);
  });
});

it('a resource that may not be destroyed is named, with the ways out', () => {
  const text = `Error: Instance cannot be destroyed

  on main.tf line 3:
   3: resource "aws_sqs_queue" "audit" {

Resource aws_sqs_queue.audit has lifecycle.prevent_destroy set, but the plan
calls for this resource to be destroyed.
`;
  const error = diagnose(readDiagnosticText(text, '/project'), {
    folder: '/project',
    doing: 'terraform plan',
    fallback: 'plan-failed',
  });
  expect(error.code).toBe('configuration-invalid');
  expect(error.hint).toContain("terraform state rm 'aws_sqs_queue.audit'");
});
