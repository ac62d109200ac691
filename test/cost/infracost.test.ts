import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { costDetails } from '../../src/cost/cost.ts';
import { readBreakdown } from '../../src/cost/infracost/breakdown.ts';
import { planForInfracost } from '../../src/cost/infracost/plan.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { underAny } from '../../src/proof/values.ts';
import { infracostQuotes } from '../../src/steps/infracost.ts';
import { resource } from './build.ts';

const component = (name: string, unit: string, monthlyQuantity: string | null, price: string) => ({
  name,
  unit,
  hourlyQuantity: null,
  monthlyQuantity,
  price,
  hourlyCost: null,
  monthlyCost: monthlyQuantity === null ? null : String(Number(monthlyQuantity) * Number(price)),
});

/** The shape of its own documentation: an instance with a volume, a function by use, and one without a price. */
const breakdown = (resources: readonly object[], currency = 'USD'): string =>
  JSON.stringify({
    version: '0.2',
    currency,
    projects: [
      {
        name: 'plan',
        metadata: { type: 'terraform_plan_json' },
        breakdown: { resources, totalHourlyCost: '1', totalMonthlyCost: '565.64' },
        summary: { unsupportedResourceCounts: {} },
      },
    ],
    totalMonthlyCost: '565.64',
  });

const answer = breakdown([
  {
    name: 'aws_instance.this',
    metadata: {},
    hourlyCost: '0.77',
    monthlyCost: '565.64',
    costComponents: [
      component('Instance usage (Linux/UNIX, on-demand, m5.4xlarge)', 'hours', '730', '0.768'),
    ],
    subresources: [
      {
        name: 'root_block_device',
        metadata: {},
        monthlyCost: '5',
        costComponents: [component('Storage (general purpose SSD, gp2)', 'GB', '50', '0.1')],
      },
    ],
  },
  {
    name: 'aws_lambda_function.this',
    metadata: {},
    hourlyCost: null,
    monthlyCost: null,
    costComponents: [component('Requests', '1M requests', null, '0.2')],
  },
  {
    name: 'aws_nat_gateway.this',
    metadata: {},
    monthlyCost: '0',
    costComponents: [component('NAT gateway', 'hours', '730', '0')],
  },
]);

describe('what Infracost answers', () => {
  it('counts where it has prices for all of a resource, with its arithmetic', () => {
    expect(readBreakdown(answer)).toEqual(
      new Map([
        [
          'aws_instance.this',
          {
            // 730 × 0.768 = 560.64; 50 × 0.10 = 5.00
            monthly: 565.64,
            basis:
              'Infracost: Instance usage (Linux/UNIX, on-demand, m5.4xlarge): 730 hours × $0.768 + Storage (general purpose SSD, gp2): 50 GB × $0.10 = $565.64',
          },
        ],
      ]),
    );
  });

  it('is not read where it is in another currency or of another shape', () => {
    expect(readBreakdown(breakdown([], 'EUR'))).toBeNull();
    expect(readBreakdown('{"projects": 1}')).toBeNull();
    expect(readBreakdown('Error: no plan')).toBeNull();
  });

  it('stands in for what the table does not know, and never as zero', () => {
    const target = [resource('aws_instance', { instance_type: 'm5.4xlarge' }), resource('aws_nat_gateway')];
    const quoted = readBreakdown(answer) ?? new Map();
    const input = { target, region: 'us-east-1', prices: bundledPrices };
    expect(costDetails(input).cost.unknown).toEqual(['aws_instance.this']);
    // 565.64 of Infracost and 730 × 0.045 = 32.85 of the table
    expect(costDetails({ ...input, quoted }).cost).toMatchObject({ monthlyDelta: 598.49, unknown: [] });
  });
});

describe('what Infracost is given', () => {
  it('has modules, types and sizes in it, and nothing that may be secret', () => {
    const secret = resource(
      'aws_db_instance',
      { instance_class: 'db.t3.small', password: 'canary-password', tags: { a: 'b' } },
      { modulePath: 'data' },
    );
    const bot = resource('aws_lambda_function', {
      memory_size: 512,
      environment: [{ variables: { TOKEN: 'canary-token' } }],
    });
    const hidden = {
      ...secret,
      isSensitive: (keys: readonly (string | number)[]) => underAny(['password'], keys),
    };
    const text = planForInfracost([hidden, bot, { ...bot, mode: 'data' as const }], 'ap-southeast-1');
    expect(text).not.toContain('canary');
    expect(JSON.parse(text)).toMatchObject({
      planned_values: {
        root_module: {
          resources: [{ address: 'aws_lambda_function.this', values: { memory_size: 512 } }],
          child_modules: [
            {
              address: 'module.data',
              resources: [{ address: 'module.data.aws_db_instance.this', values: { tags: { a: 'b' } } }],
            },
          ],
        },
      },
      configuration: {
        provider_config: { aws: { expressions: { region: { constant_value: 'ap-southeast-1' } } } },
      },
    });
  });
});

describe('the Infracost CLI', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pe-infracost-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(dir, { recursive: true, force: true });
  });

  /** A program of that name that does as the script says. */
  async function installed(script: string): Promise<void> {
    const file = join(dir, 'infracost');
    await writeFile(file, `#!${process.execPath}\n${script}\n`);
    await chmod(file, 0o755);
    vi.stubEnv('PATH', `${dir}${delimiter}${process.env['PATH'] ?? ''}`);
  }

  const target = [resource('aws_instance', { instance_type: 'm5.4xlarge' })];
  const quotes = () => infracostQuotes({ target, region: 'us-east-1' }, new AbortController().signal);

  it('is run on a plan that only this user can read and that is gone afterwards', async () => {
    await writeFile(join(dir, 'answer.json'), answer);
    await installed(`
      const fs = require('node:fs');
      const args = process.argv.slice(2);
      const plan = args[args.indexOf('--path') + 1];
      const mode = fs.statSync(plan).mode & 0o777;
      fs.writeFileSync(${JSON.stringify(join(dir, 'seen.json'))}, JSON.stringify({ args, plan, mode, text: fs.readFileSync(plan, 'utf8') }));
      process.stdout.write(fs.readFileSync(${JSON.stringify(join(dir, 'answer.json'))}, 'utf8'));
    `);
    expect((await quotes()).get('aws_instance.this')?.monthly).toBe(565.64);
    const seen = JSON.parse(await readFile(join(dir, 'seen.json'), 'utf8')) as {
      args: string[];
      plan: string;
      mode: number;
      text: string;
    };
    expect(seen.args).toEqual(['breakdown', '--path', seen.plan, '--format', 'json', '--no-color']);
    expect(seen.mode).toBe(0o600);
    expect(seen.text).toContain('m5.4xlarge');
    await expect(readFile(seen.plan)).rejects.toThrow('ENOENT');
  });

  it('that refuses is an error with its own words', async () => {
    await installed(
      `process.stderr.write('Error: No INFRACOST_API_KEY environment variable is set.\\n'); process.exit(1);`,
    );
    await expect(quotes()).rejects.toMatchObject({
      code: 'prices-unavailable',
      message: 'Infracost gave no prices: Error: No INFRACOST_API_KEY environment variable is set.',
    });
  });

  it('that ends without a word is an error all the same', async () => {
    await installed(`process.exit(7);`);
    await expect(quotes()).rejects.toMatchObject({
      code: 'prices-unavailable',
      message: 'Infracost gave no prices: it said nothing and ended with 7',
    });
  });

  it('that is not there is missed by name', async () => {
    vi.stubEnv('PATH', dir);
    await expect(quotes()).rejects.toMatchObject({ code: 'tool-missing' });
  });
});
