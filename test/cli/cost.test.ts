import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleProducts, startPriceList } from '../cost/price-list.ts';
import { type DailyReport, dailyReport } from './daily-report.ts';
import { runCli, runJson } from './run.ts';

let project: DailyReport;
beforeEach(async () => {
  project = await dailyReport();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await project.close();
});

const configure = (config: object): Promise<void> =>
  project.write('provision-env.config.json', JSON.stringify(config));

describe('cost of an environment that is there', () => {
  it('is that of its state: 0.5 ACU × 730 h × $0.20 + $0.40, all of it added to dev', async () => {
    const { exitCode, document } = await runJson(project.dir, ['cost', 'feature-auth', 'from=dev']);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      command: 'cost',
      source: 'dev',
      target: 'feature-auth',
      status: 'done',
      findings: [],
      cost: { currency: 'USD', monthlyTotal: 73.4, monthlyDelta: 73.4, unknown: [] },
    });
    const { stdout } = await runCli(project.dir, ['cost', 'feature-auth']);
    expect(stdout).toContain('feature-auth: cost');
    expect(stdout).toContain('0.5 ACU × 730 h × $0.20 = $73.00');
    expect(stdout).toContain('In all $73.40 a month (730 hours); added to what the source costs: $73.40.');
  });

  it('that is nobody’s copy has no delta to tell of', async () => {
    const { document } = await runJson(project.dir, ['cost', 'dev']);
    expect(document).toMatchObject({ source: null, target: 'dev', cost: { monthlyTotal: 73.4 } });
    expect((await runCli(project.dir, ['cost', 'dev'])).stdout).toContain(
      'In all $73.40 a month (730 hours).',
    );
  });

  it('is the original description’s figure at the prices of us-east-1', async () => {
    await configure({ costs: { region: 'us-east-1' } });
    const { document } = await runJson(project.dir, ['cost', 'feature-auth']);
    // 0.5 × 730 × 0.12 = 43.80, and 0.40 for the secret
    expect(document.cost?.monthlyDelta).toBe(44.2);
  });

  it('counts the usage that is assumed', async () => {
    await configure({ costs: { usage: { aws_dynamodb_table: { reads: 2_000_000 } } } });
    const { document } = await runJson(project.dir, ['cost', 'feature-auth', '--prices', 'bundled']);
    const table = document.cost?.resources.find(({ type }) => type === 'aws_dynamodb_table');
    // Singapore's rate is not in the bundled table: unknown, not zero.
    expect(document.cost?.unknown).toContain('aws_dynamodb_table.watchlist');
    expect(table).toBeUndefined();

    await configure({
      costs: { region: 'us-east-1', usage: { aws_lambda_function: { requests: 3_000_000 } } },
    });
    const { document: used } = await runJson(project.dir, ['cost', 'feature-auth']);
    const bot = used.cost?.resources.find(({ address }) => address === 'aws_lambda_function.line_bot');
    // 3 × 0.20 for each of three functions: 44.20 + 1.80
    expect(bot).toMatchObject({ monthly: 0.6 });
    expect(used.cost?.monthlyDelta).toBe(46);
  });

  it('refuses usage of what has no meter, with what could be meant', async () => {
    await configure({ costs: { usage: { aws_lambda_function: { request: 1 } } } });
    const { exitCode, document } = await runJson(project.dir, ['cost', 'feature-auth']);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({ code: 'config-invalid' });
    expect(document.error?.hint).toContain('Did you mean `aws_lambda_function.requests`');
  });
});

describe('a maximum', () => {
  it.each([
    ['on the command line', ['--max-monthly', '50'], {}, '--max-monthly'],
    ['in the configuration', [], { costs: { max: 50 } }, 'costs.max'],
    [
      'on the command line before that in the configuration',
      ['--max-monthly=$50'],
      { costs: { max: 100 } },
      '--max-monthly',
    ],
  ])('%s ends with 3 and names the figures', async (_where, args, config, from) => {
    await configure(config);
    const { exitCode, document } = await runJson(project.dir, ['cost', 'feature-auth', ...args]);
    expect(exitCode).toBe(3);
    expect(document.status).toBe('blocked');
    expect(document.cost?.monthlyDelta).toBe(73.4);
    expect(document.findings).toEqual([
      expect.objectContaining({
        rule: 'cost-max',
        severity: 'error',
        message: `feature-auth adds $73.40 a month; at most $50.00 may be added (${from}): $23.40 too much.`,
      }),
    ]);
  });

  it('that is enough ends with 0, and warns where a price is unknown', async () => {
    await project.edit('feature-auth', (state) => {
      const first = state.resources.find(({ type }) => type === 'aws_sqs_queue');
      if (!first) throw new Error('The state has no queue.');
      state.resources.push({ ...first, type: 'aws_something_new', name: 'unheard_of' });
    });
    const { exitCode, document } = await runJson(project.dir, [
      'cost',
      'feature-auth',
      '--max-monthly',
      '80',
    ]);
    expect(exitCode).toBe(0);
    expect(document.findings.map(({ severity, message }) => [severity, message])).toEqual([
      [
        'warning',
        expect.stringContaining('aws_something_new.unheard_of is not known: $73.40 is a lower bound'),
      ],
    ]);
  });

  it('must be an amount', async () => {
    for (const amount of ['a lot', '-1', '1.234', '']) {
      const { exitCode, document } = await runJson(project.dir, ['cost', 'dev', `--max-monthly=${amount}`]);
      expect({ exitCode, code: document.error?.code }).toEqual({ exitCode: 2, code: 'usage' });
    }
    await configure({ costs: { max: -1 } });
    expect((await runJson(project.dir, ['cost', 'dev'])).document.error?.code).toBe('config-invalid');
  });
});

describe('live prices', () => {
  it('are those of the price list', async () => {
    const server = await startPriceList(sampleProducts);
    vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'sandbox');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
    try {
      const { document, stderr } = await runJson(project.dir, ['cost', 'feature-auth', '--prices', 'live']);
      // 0.5 × 730 × 0.30 + 0.50
      expect(document.cost?.monthlyDelta).toBe(110);
      expect(stderr).toContain('Not every price could be had live.');
    } finally {
      await server.close();
    }
  });

  it('that nobody can be asked for are an error, never the bundled ones in silence', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'sandbox');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
    const { exitCode, document } = await runJson(project.dir, ['cost', 'feature-auth', '--prices', 'live']);
    expect(exitCode).toBe(1);
    expect(document.error?.code).toBe('network-unreachable');
  });
});
