import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentBody, foreign, type LastRun, markerOf } from '../../src/report/comment.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { hostileBranches } from '../support/branches.ts';
import { aRecord } from '../support/record.ts';

const now = new Date('2026-03-01T12:00:00Z');
const evidence = (layer: Evidence['layer'], status: Evidence['status'], subject = 'x'): Evidence => ({
  layer,
  check: 'function-answers',
  subject,
  status,
  observed: 'o',
  expected: 'e',
  at: now.toISOString(),
  durationMs: 1,
});
const resource = (address: string): EnvironmentRecord['resources'][number] => ({
  address,
  type: 'aws_sqs_queue',
  identity: null,
  id: null,
  arn: null,
});

const run = (more: Partial<LastRun> = {}): LastRun => ({
  status: 'verified',
  cost: { monthlyTotal: 43.8, monthlyDelta: 43.8, unknown: ['aws_x.y'] },
  findings: [],
  error: null,
  ...more,
});

const body = (record: EnvironmentRecord | null, lastRun: LastRun | null = run()): string =>
  commentBody({ environment: 'feature-auth', record, lastRun, now });

describe('the comment on a pull request', () => {
  it('says how the environment stands', () => {
    const text = body(
      aRecord({
        expires: '2026-03-03T17:00:00.000Z',
        evidence: [evidence(1, 'pass'), evidence(1, 'pass'), evidence(2, 'fail'), evidence(3, 'skipped')],
        proof: {
          phase: 'after-apply',
          held: true,
          verdicts: [],
          coverage: { handled: 1, nothingToDo: 0, unknown: [], unreadable: [] },
        },
        outputs: { api_url: 'https://abc.lambda-url.eu-west-1.on.aws/', table: 'feature-auth' },
        resources: [resource('aws_sqs_queue.jobs')],
      }),
    );
    expect(text.startsWith(markerOf('feature-auth'))).toBe(true);
    expect(text).toContain('### Environment `feature-auth`: 🟢 verified');
    expect(text).toContain('| Proof | holds, 0 rules on what exists |');
    expect(text).toContain('| Layer 1, surface: it runs | 🟢 2 of 2 passed |');
    expect(text).toContain('| Layer 2, content: what it answers | 🔴 0 of 1 passed, 1 failed |');
    expect(text).toContain('| Cost | +$43.80 a month, $43.80 in all, and 1 unknown price |');
    expect(text).toContain('| Lives until | 2026-03-03T17:00:00.000Z (2 d 5 h left) |');
    expect(text).toContain('<https://abc.lambda-url.eu-west-1.on.aws/>');
    expect(text).toContain('<summary>1 resource</summary>');
    expect(text).toContain('/provision-env extend 2d');
  });

  it('shows that a person is waited for', () => {
    const text = body(aRecord({ status: 'waiting', evidence: [evidence(4, 'pending')] }));
    expect(text).toContain('🟡 waits for a person');
    expect(text).toContain('| Layer 4, ground truth: a person received it | 🟡 0 of 1 passed, 1 waiting |');
  });

  it('says what stood in the way where nothing was made, and that it is gone where it is', () => {
    const blocked = run({
      status: 'blocked',
      findings: [{ rule: 'identity-free', subject: 'aws_s3_bucket.reports', severity: 'error' }],
    });
    const text = body(null, blocked);
    expect(text).toContain(': 🔴 not made');
    expect(text).toContain('🔴 blocked: the proof does not hold');
    expect(text).toContain(foreign('aws_s3_bucket.reports'));
    expect(body(null)).toMatch(/: ⚪ destroyed\n$/);
    expect(body(aRecord(), run({ status: 'error', error: { message: 'No.', hint: 'Do.' } }))).toContain(
      `**Last run:** 🔴 ended with an error.\n\n${foreign('No.')} → ${foreign('Do.')}`,
    );
  });

  it('names each thing that a refused plan would lose, though the error is cut', () => {
    const error = { message: `There is nobody to ask: ${'x'.repeat(400)}`, hint: null };
    const loses = { rule: 'plan-creates-only', severity: 'warning', subject: 'aws_sqs_queue.last' };
    const findings = [{ ...loses, message: 'The plan deletes data' }];
    const text = body(aRecord(), run({ status: 'waiting', error, findings }));
    expect(text).toContain('**What the refused plan would lose**');
    expect(text).toContain(`${foreign('aws_sqs_queue.last')}: ${foreign('The plan deletes data')}`);
    expect(body(aRecord(), run({ findings }))).not.toContain('refused plan');
  });

  it('stays far below the limit of GitHub, whatever the size', () => {
    const long = '&<|`'.repeat(200);
    const text = body(
      aRecord({
        resources: Array.from({ length: 5000 }, (_, index) => resource(`aws_sqs_queue.q${index}`)),
        outputs: Object.fromEntries(
          Array.from({ length: 300 }, (_, index) => [`out_${index}`, `https://x.test/${index}`]),
        ),
      }),
      run({
        status: 'blocked',
        findings: Array.from({ length: 500 }, () => ({ rule: long, subject: long, severity: 'error' })),
      }),
    );
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/- and 4\d\d\d more\n/);
  });

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      ...hostileBranches,
      '@acme/admins',
      '#12',
      'www.evil.test',
      '&lt;b&gt;',
      '</code><img src=x>',
    ),
  );

  it('makes nothing but letters, digits and references of foreign text', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(foreign(text)).toMatch(/^<code>(?:[A-Za-z0-9 ]|&#\d+;)*<\/code>$/);
      }),
    );
    expect(foreign('feature/\u202Eevil\ud800')).toBe(foreign('feature/evil'));
  });

  it('has the same markup, whatever the names and messages are', () => {
    const skeleton = (text: string): string =>
      body(
        aRecord({
          source: text,
          owner: text,
          resources: [resource(text)],
          outputs: { [`o${text}`]: 'https://x.test/' },
          proof: {
            phase: 'before-apply',
            held: false,
            verdicts: [{ rule: text, held: false, judged: 1, undecided: [], findings: [] }],
            coverage: { handled: 1, nothingToDo: 0, unknown: [], unreadable: [] },
          },
          evidence: [evidence(1, 'fail', text)],
        }),
        run({
          status: 'blocked',
          error: { message: text, hint: `h${text}` },
          findings: [{ rule: text, subject: text, severity: 'error' }],
        }),
      ).replaceAll(/<code>[^<]*<\/code>/g, '·');
    const plain = skeleton('plain');
    fc.assert(
      fc.property(anything, (text) => {
        expect(skeleton(text)).toBe(plain);
      }),
    );
  });

  it('links to addresses only', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          anything.map((text) => `https://x.test/${text}`),
        ),
        (value) => {
          const line = body(aRecord({ outputs: { url: value } }))
            .split('\n')
            .find((each) => each.startsWith(`- ${foreign('url')}`));
          expect(line ?? `- ${foreign('url')}: <https://none>`).toMatch(
            /^- <code>url<\/code>: <https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]+>$/,
          );
        },
      ),
    );
    expect(body(aRecord({ outputs: { url: 'javascript:alert(1)' } }))).not.toContain('**URLs**');
    expect(body(aRecord({ outputs: { url: 'https://user:pw@x.test/' } }))).not.toContain('user:pw');
  });
});
