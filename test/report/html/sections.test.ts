import { beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/cli/document.ts';
import { viewOf } from '../../../src/report/html/from-document.ts';
import type { Html } from '../../../src/report/html/html.ts';
import { accountSection } from '../../../src/report/html/sections/account.ts';
import { checklistSection } from '../../../src/report/html/sections/checklist.ts';
import { commandsSection } from '../../../src/report/html/sections/commands.ts';
import { costSection } from '../../../src/report/html/sections/cost.ts';
import { evidenceSection } from '../../../src/report/html/sections/evidence.ts';
import { mappingSection } from '../../../src/report/html/sections/mapping.ts';
import { proofSection } from '../../../src/report/html/sections/proof.ts';
import { timelineSection } from '../../../src/report/html/sections/timeline.ts';
import { verdictSection } from '../../../src/report/html/sections/verdict.ts';
import type { ReportView } from '../../../src/report/html/view.ts';
import { blockedReport, checklist, dailyReport, liveReport, ranAt } from './fixture.ts';

/** As a person reads it. */
const text = (markup: Html | { readonly body: Html }): string =>
  ('body' in markup ? markup.body : markup)
    .toString()
    .replaceAll('<wbr>', '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ');

let daily: Document;
let view: ReportView;
let blocked: ReportView;
beforeAll(async () => {
  daily = await dailyReport();
  view = viewOf({ document: daily, ranAt });
  blocked = viewOf({ document: await blockedReport(), ranAt });
});

describe('the account', () => {
  const said = async (change: (document: Document) => Document = (document) => document): Promise<string> => {
    const { account } = viewOf({ document: change(await liveReport()), ranAt });
    return account === null ? '' : text(accountSection(account));
  };

  it('tells what no state has, where the account differs, and what could not be read', async () => {
    const whole = await said();
    expect(whole).toContain('incomplete 1 thing found beside the state: 412 things of 68 kinds looked at');
    expect(whole).toContain(
      'retries-dev SQS queue ap-southeast-1 name its name bears that of the environment',
    );
    expect(whole).toContain('3 resources drifted: 47 resources compared with the account (812 attributes)');
    expect(whole).toContain('aws_lambda_function.line_bot memory_size 128 512');
    expect(whole).toContain('environment.0.variables.API_TOKEN not shown differs');
    expect(whole).toContain('aws_dynamodb_table.watchlist is gone from the account there');
    expect(whole).toContain('aws_iam_role.line_bot has more than the state aws_iam_role_policy by-hand');
    expect(whole).toContain(
      'aws_kms_key (ap-southeast-1) access denied: kms:ListKeys is not allowed kms:ListKeys',
    );
  });

  it('is not there where the run did not look, and never says that there is nothing where nobody could', async () => {
    expect(view.account).toBeNull();
    const unread = await said((document) => ({
      ...document,
      steps: document.steps.map((step) => {
        const output = step.output as { live?: { unmanaged: unknown } };
        if (output.live) return { ...step, output: { ...output, live: { ...output.live, unmanaged: [] } } };
        return { ...step, output: { ...output, drift: undefined } };
      }),
    }));
    expect(unread).toContain('incomplete Nothing found in what could be listed beside the state');
    expect(unread).not.toContain('Drift');
  });
});

describe('the verdict', () => {
  it('comes with the numbers behind it', () => {
    const said = text(verdictSection(view));
    expect(said).toContain('feature-auth is provisioned and waits for a person to confirm the last layer.');
    expect(said).toContain('Resources 48 of its own, 4 shared');
    expect(said).toMatch(/Isolation proof holds \d+ rules, \d+ judged/);
    expect(said).toContain('Evidence 40 of 42 1 pending, 1 left out');
    expect(said).toContain('Cost +$73.40 a month, idle');
    expect(said).toContain('by mika · expires 2026-11-27 09:09 UTC');
    expect(said).toContain('line_webhook_url https://abc123');
  });

  it('says that nothing was changed, and what stands in the way', () => {
    const said = text(verdictSection(blocked));
    expect(said).toContain('Blocked: feature-auth would not be isolated. Nothing was changed.');
    expect(said).toMatch(/Isolation proof does not hold 1 error in \d+ rules/);
    expect(said).not.toContain('Outputs');
  });

  it('tells the error that ended the run, and the hint', () => {
    const document: Document = {
      ...daily,
      status: 'error',
      error: {
        code: 'plan-failed',
        source: 'environment',
        message: 'No plan.',
        hint: 'Try again.',
        where: null,
      },
    };
    const said = text(verdictSection(viewOf({ document, ranAt })));
    expect(said).toContain('feature-auth was not provisioned.');
    expect(said).toContain('No plan. Try again.');
  });
});

describe('the timeline', () => {
  it('has the seven steps in order, with how long each took and what came out', () => {
    const said = text(timelineSection(view.timeline));
    expect(said).toMatch(
      /1 Identify done 2\.2 s .*2 Analyze source done 0\.3 s .*4 Map done 8\.4 s .*6 Rewire done 1 min 37 s .*7 Verify waiting 17 s/,
    );
    expect(said).toContain('46 clone');
    expect(said).toContain('412 settings copied as they are, 131 rewired');
    expect(said).toContain('48 resources made');
    expect(said).toContain('Terraform apply 48 resources 1 min 01 s');
  });

  it('draws each step where it stood, and all of them within the bar', () => {
    const bars = [
      ...timelineSection(view.timeline)
        .body.toString()
        .matchAll(/x="([\d.]+)%" width="([\d.]+)%"/g),
    ];
    expect(bars).toHaveLength(7);
    let end = 0;
    for (const [, x, width] of bars) {
      expect(Number(x)).toBeGreaterThanOrEqual(end - 0.7);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(100.01);
      end = Number(x) + Number(width);
    }
  });

  it('gives no time to a step that was not reached', () => {
    expect(text(timelineSection(blocked.timeline))).toMatch(/7 Verify skipped $|7 Verify skipped\s/);
    const none = {
      steps: view.timeline.steps.map((step) => ({ ...step, durationMs: 0 })),
      actions: [],
      failed: [],
    };
    expect(timelineSection(none).body.toString()).not.toMatch(/NaN|Infinity/);
  });

  it('says what failed', () => {
    const failed = [{ address: 'aws_sqs_queue.x', message: 'AccessDenied' }];
    expect(text(timelineSection({ ...view.timeline, failed }))).toContain('aws_sqs_queue.x AccessDenied');
  });
});

describe('the mapping', () => {
  it('has a row for every resource and every secret, with the reason', () => {
    const { body } = mappingSection(view.mapping);
    expect(body.toString().match(/<tr>/g)).toHaveLength(view.mapping.length + 1);
    expect(text(body)).toContain(
      'dr-daily-report-line-bot-dev aws_lambda_function.line_bot dr-daily-report-line-bot-feature-auth clone aws_lambda_function renamed',
    );
    expect(text(body)).toContain('named by the cloud');
  });

  it('says that it did not come so far', () => {
    expect(text(mappingSection([]))).toContain('before anything was mapped');
  });
});

describe('the proof', () => {
  it('goes through every rule, with what it protects, how it decides and what it looked at', () => {
    const said = text(proofSection(view.proof, []));
    for (const { rule, protects, decides, judged } of view.proof?.rules ?? []) {
      expect(said).toContain(`${rule} ${judged} judged`);
      expect(protects).not.toBe('');
      expect(decides).not.toBe('');
    }
    expect(said).toContain(
      '48 resources of known types, 0 with nothing to do, 0 of unknown types, 0 unreadable.',
    );
    // Nothing to look at is not the same as looked at and found good.
    expect(said).toMatch(/nothing to judge credential-isolated/);
  });

  it('opens the rule that is broken and says what to do', () => {
    const { body } = proofSection(blocked.proof, []);
    expect(body.toString().match(/<details open/g)).toHaveLength(1);
    expect(text(body)).toContain(
      'names dr-daily-report-watchlist-dev, which belongs to dev. Build the name from var.environment.',
    );
  });

  it('shows who accepted what, what was undecided, and what could not be read', () => {
    const proof = view.proof;
    const [first] = proof?.rules ?? [];
    if (!proof || !first) throw new Error('there is no proof');
    const accepted = { by: 'mika', at: ranAt };
    const finding = {
      rule: 'x',
      severity: 'error',
      subject: 'aws_y.z',
      message: 'm',
      hint: 'h',
      accepted,
    } as const;
    const said = text(
      proofSection(
        {
          ...proof,
          rules: [{ ...first, undecided: ['aws_a.b'], findings: [finding] }],
          coverage: {
            handled: 1,
            nothingToDo: 0,
            unknown: ['aws_odd.one'],
            unreadable: ['aws_s3_bucket.locked'],
          },
        },
        [],
      ),
    );
    expect(said).toContain('error, accepted by mika');
    expect(said).toMatch(/Known only after the apply, or not at all:\s+aws_a\.b/);
    expect(said).toContain('aws_odd.one');
    expect(said).toMatch(/so the run is not complete:\s+aws_s3_bucket\.locked/);
  });

  it('shows what was found where there is no proof yet', () => {
    const finding = {
      rule: 'name-fits',
      severity: 'error',
      subject: 'aws_y.z',
      message: 'too long',
      hint: 'shorten',
    } as const;
    expect(text(proofSection(null, [finding]))).toMatch(
      /before there was a proof.*aws_y\.z error too long shorten/,
    );
  });
});

describe('the evidence', () => {
  it('is told layer by layer, what is not good first', () => {
    const said = text(evidenceSection(view.evidence));
    expect(said).toContain('Layer 1 Surface Does it run? 33 passed');
    expect(said).toContain('Layer 3 Observability What does it log? 3 passed 1 left out');
    expect(said).toContain('Layer 4 Ground truth Did a person receive it? 1 pending 1 passed');
    expect(said).toMatch(
      /code-returned the code was sent .* \(expected: the code comes back\).*reply-on-own-channel/,
    );
  });

  it('says of a layer that nobody looked at it', () => {
    expect(text(evidenceSection([]))).toContain(
      'Layer 4 Ground truth Did a person receive it? not looked at',
    );
  });
});

describe('the cost', () => {
  it('has the totals, the arithmetic, and parts that add up to the whole bar', () => {
    const { body } = costSection(view.cost);
    expect(text(body)).toContain(
      'aws_rds_cluster_instance.aurora[0] $73.00 0.5 ACU × 730 h × $0.20 = $73.00',
    );
    expect(text(body)).toContain('Added to what the source costs already: $73.40');
    expect(text(body)).toContain('33 resources more are free.');
    const widths = [
      ...body.toString().matchAll(/<rect class="part-\d"[^>]* width="([\d.]+)%" height="100%" ?\/>/g),
    ];
    expect(widths.reduce((sum, [, width]) => sum + Number(width), 0)).toBeCloseTo(100, 1);
  });

  it('never takes what is unknown for nothing', () => {
    const cost = view.cost;
    if (!cost) throw new Error('there is no cost');
    const said = text(costSection({ ...cost, unknown: ['aws_odd.one'] }));
    expect(said).toContain('at least $73.40');
    expect(said).toContain('The price of 1 resource is unknown, and not in the total: aws_odd.one');
  });

  it('puts the small parts together', () => {
    const resources = Array.from({ length: 9 }, (_, index) => ({
      address: `a.b${index}`,
      type: 'a',
      monthly: 10 - index,
      basis: 'x',
    }));
    const { body } = costSection({
      currency: 'USD',
      monthlyTotal: 54,
      monthlyDelta: 54,
      resources,
      unknown: [],
    });
    expect(text(body)).toContain('5 others $20.00, 37 %');
  });

  it('draws no bar of nothing', () => {
    const { body } = costSection({
      currency: 'USD',
      monthlyTotal: 0,
      monthlyDelta: 0,
      resources: [],
      unknown: [],
    });
    expect(body.toString()).not.toContain('<svg');
    expect(text(costSection(null))).toContain('no plan that could be priced');
  });
});

describe('the checklist', () => {
  it('ticks what was observed, and does not count what does not apply', () => {
    const said = text(checklistSection(checklist));
    expect(said).toContain('5 of 6 ticked.');
    expect(said).toMatch(/✓ done: Config created Doppler: dev_feature-auth/);
    expect(said).toMatch(/– does not apply: New Telegram bot created/);
    expect(said).toMatch(/☐ not done: End-to-end test passed/);
  });
});

describe('the commands', () => {
  it('are those that do it again', () => {
    expect(text(commandsSection(view.commands))).toContain(
      'provision-env feature-auth from=dev --set aurora_min_acu=0.5',
    );
    // Blocked, there is no record: what was given is known from the changes of the var-file.
    expect(text(commandsSection(blocked.commands))).toContain(
      'provision-env plan feature-auth from=dev --set aurora_min_acu=0.5',
    );
  });
});
