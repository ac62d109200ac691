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

  const at = 'https://github.com/acme/daily-report/actions/runs/7';

  it.each([
    [2, 'refused'],
    [3, 'blocked'],
    [4, 'does not pass its verification'],
    [5, 'stopped half-way'],
    [1, 'ended with an error'],
    [137, 'ended with an error'],
  ])(
    'tells that the command before ended with %d, where no report does, and where its log is',
    (code, words) => {
      const ended = { exitCode: code, log: at };
      const input = { environment: 'feature-auth', lastRun: null, ended, now };
      const text = commentBody({ ...input, record: aRecord() });
      expect(text).toContain('🟢 verified');
      expect(text).toMatch(new RegExp(`\\*\\*Last run:\\*\\* 🔴 .*${words}.* \\(exit code ${code}\\)\\.`));
      expect(text).toContain(`Its log is <${at}>`);
      expect(commentBody({ ...input, record: null })).toContain(': 🔴 not made');
    },
  );

  it('says nothing of a command that ended well, and where the log is of one that waits', () => {
    const input = { environment: 'feature-auth', record: aRecord(), lastRun: null, now };
    expect(commentBody({ ...input, ended: { exitCode: 0, log: at } })).not.toContain('Last run');
    expect(commentBody({ ...input, ended: { exitCode: 6, log: at } })).toContain(`its log is <${at}>`);
    expect(commentBody({ ...input, ended: { exitCode: 6, log: 'javascript:x' } })).not.toContain('Last run');
  });

  it('does not call an environment destroyed that was not made yet', () => {
    expect(body(null, run({ status: 'planned' }))).toContain(': ⚪ planned, not made');
    const input = { environment: 'feature-auth', record: null, lastRun: null, now };
    expect(commentBody({ ...input, ended: { exitCode: 6, log: null } })).toContain('🟡 not made yet');
    expect(commentBody({ ...input, ended: { exitCode: 0, log: null } })).toContain('⚪ destroyed');
  });

  it('does not call an environment destroyed that could not be looked at', () => {
    const unreadable = { message: 'No credentials @eve', hint: 'Sign in.' };
    const text = commentBody({ environment: 'feature-auth', record: null, lastRun: null, unreadable, now });
    expect(text).toContain('it could not be read how it stands');
    expect(text).toContain(`${foreign('No credentials @eve')} → ${foreign('Sign in.')}`);
    expect(text).not.toContain('destroyed');
  });

  it('has the cost from the record where this machine did not plan, and names what did not pass', () => {
    const cost = { currency: 'USD', monthlyTotal: 50, monthlyDelta: 43.8, unknown: [] } as const;
    const failed = [
      evidence(1, 'pass', 'ok'),
      evidence(2, 'fail', 'aws_x.bad'),
      evidence(4, 'pending', 'line'),
    ];
    const text = body(aRecord({ cost, evidence: failed }), null);
    expect(text).toContain('| Cost | +$43.80 a month, $50.00 in all |');
    expect(text).toContain(`- 🔴 ${foreign('function-answers')} ${foreign('aws_x.bad')}: ${foreign('o')}`);
    expect(text).toContain(`- 🟡 ${foreign('function-answers')} ${foreign('line')}: ${foreign('o')}`);
    expect(text).not.toContain(foreign('ok'));
  });

  it('stays far below the limit of GitHub, whatever the size', () => {
    const long = '&<|`'.repeat(200);
    const text = body(
      aRecord({
        evidence: Array.from({ length: 500 }, () => evidence(1, 'fail', long)),
        resources: Array.from({ length: 5000 }, (_, index) => resource(`aws_sqs_queue.q${index}`)),
        outputs: Object.fromEntries(
          Array.from({ length: 300 }, (_, index) => [`out_${index}`, `https://x.test/${index}`]),
        ),
      }),
      run({
        status: 'blocked',
        error: { message: long, hint: long },
        findings: Array.from({ length: 1000 }, (_, index) =>
          index % 2 === 0
            ? { rule: long, subject: long, severity: 'error' }
            : { rule: 'plan-creates-only', subject: long, severity: 'warning', message: long },
        ),
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
    // What is not seen is made visible: a name with it in it is another name.
    expect(foreign('feature/\u202Eevil\ud800')).toBe(foreign('feature/\uFFFDevil\uFFFD'));
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
