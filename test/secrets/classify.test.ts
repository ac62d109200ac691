import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifySecret, classifySecrets, secretRows } from '../../src/secrets/classify.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { noOrigins, type Origins, originsIn } from '../../src/secrets/origins.ts';
import { parseState } from '../../src/terraform/state.ts';
import { isJsonObject } from '../../src/transfer/json.ts';

let origins: Origins;
let values: SecretValues;
beforeAll(async () => {
  const state = parseState(await readFile('test/golden/daily-report/dev.state.json', 'utf8'));
  origins = originsIn(state);
  values = new SecretValues(
    state.resources.flatMap(({ type, values }): [string, string][] => {
      const [block] =
        type === 'aws_lambda_function' && Array.isArray(values['environment']) ? values['environment'] : [];
      const variables = isJsonObject(block) && isJsonObject(block['variables']) ? block['variables'] : {};
      return Object.entries(variables).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      );
    }),
  );
});

describe('by name', () => {
  it.each([
    ['LINE_CHANNEL_SECRET', 'isolated'],
    ['line_channel_access_token', 'isolated'],
    ['TF_VAR_telegram_bot_token', 'isolated'],
    ['SLACK_SIGNING_SECRET', 'isolated'],
    ['SLACK_WEBHOOK_URL', 'isolated'],
    ['DISCORD_BOT_TOKEN', 'isolated'],
    ['TWILIO_AUTH_TOKEN', 'isolated'],
    ['STRIPE_SECRET_KEY', 'isolated'],
    ['STRIPE_WEBHOOK_SECRET', 'isolated'],
    ['DEPLOY_WEBHOOK_TOKEN', 'isolated'],
    ['GOOGLE_CLIENT_SECRET', 'isolated'],
    ['GITHUB_OAUTH_SECRET', 'isolated'],
    ['SESSION_SECRET', 'isolated'],
    ['JWT_SECRET', 'isolated'],
    ['NEXTAUTH_SECRET', 'isolated'],
    ['SMTP_PASSWORD', 'isolated'],
    ['SOMETHING_TOKEN', 'isolated'],
    ['OPENAI_API_KEY', 'shared'],
    ['OPENROUTER_API_KEY', 'shared'],
    ['TF_VAR_openrouter_api_key', 'shared'],
    ['ANTHROPIC_API_KEY', 'shared'],
    ['HF_TOKEN', 'shared'],
    ['ALPHAVANTAGE_API_KEY', 'shared'],
    ['WEATHER_API_KEY', 'shared'],
    ['LINE_API_BASE', 'shared'],
    ['LOG_LEVEL', 'shared'],
    ['ONLINE_MODE', 'shared'],
    ['GRAFANA_URL', 'shared'],
  ])('%s is %s', (key, expected) => {
    expect(classifySecret(key).class).toBe(expected);
  });

  it('takes addresses from the outputs that are called after them', () => {
    expect(classifySecret('AURORA_HOST', { origins })).toMatchObject({
      class: 'from-output',
      output: 'aurora_endpoint',
    });
    expect(classifySecret('TF_VAR_report_queue_url', { origins })).toMatchObject({
      output: 'report_queue_url',
    });
    expect(classifySecret('WATCHLIST_TABLE', { origins })).toMatchObject({ output: 'watchlist_table_name' });
    expect(classifySecret('TELEGRAM_WEBHOOK_URL', { origins })).toMatchObject({
      output: 'telegram_webhook_url',
    });
  });

  it('generates the password of a database only where the target gets one', () => {
    expect(classifySecret('AURORA_PASSWORD', { origins }).class).toBe('generated');
    expect(classifySecret('TF_VAR_aurora_password', { origins }).class).toBe('generated');
    expect(classifySecret('AURORA_PASSWORD', { origins: noOrigins }).class).toBe('isolated');
  });
});

describe('by value', () => {
  it('sees what each key of the example is in the source', () => {
    const found = Object.fromEntries(
      classifySecrets(values.keys(), { origins, values }).map(({ key, class: kind, output }) => [
        key,
        [kind, output],
      ]),
    );
    expect(found).toEqual({
      AURORA_DATABASE: ['shared', null],
      AURORA_HOST: ['from-output', 'aurora_endpoint'],
      AURORA_PASSWORD: ['generated', null],
      AURORA_PORT: ['shared', null],
      AURORA_USER: ['shared', null],
      ENVIRONMENT: ['shared', null],
      LINE_API_BASE: ['shared', null],
      LINE_CHANNEL_ACCESS_TOKEN: ['isolated', null],
      LINE_CHANNEL_SECRET: ['isolated', null],
      LOG_LEVEL: ['shared', null],
      OPENROUTER_API_KEY: ['shared', null],
      REPORT_BUCKET: ['shared', null],
      REPORT_LANGUAGE: ['shared', null],
      REPORT_RECIPIENTS: ['shared', null],
      REPORT_TIMEZONE: ['shared', null],
      TELEGRAM_API_BASE: ['shared', null],
      TELEGRAM_BOT_TOKEN: ['isolated', null],
      TELEGRAM_WEBHOOK_SECRET: ['isolated', null],
      WATCHLIST_TABLE: ['from-output', 'watchlist_table_name'],
      WORKFLOW_ARN: ['from-output', 'report_workflow_arn'],
    });
  });

  it('recognises a database and its password under any name', () => {
    const secrets = new SecretValues({
      STORE: 'dr-daily-report-aurora-dev.cluster-ty97nf0mjkqq.ap-southeast-1.rds.amazonaws.com',
      LOGIN: 'dev-aurora-password',
    });
    expect(classifySecret('STORE', { origins, values: secrets })).toMatchObject({
      class: 'from-output',
      output: 'aurora_endpoint',
    });
    expect(classifySecret('LOGIN', { origins, values: secrets })).toMatchObject({ class: 'generated' });
    expect(classifySecret('LOGIN', { origins, values: secrets }).reason).toContain(
      'aws_rds_cluster.aurora[0]',
    );
  });

  it('does not share a connection string with the source’s host in it, unless it makes itself anew', () => {
    const host = 'dr-daily-report-aurora-dev.cluster-ty97nf0mjkqq.ap-southeast-1.rds.amazonaws.com';
    const secrets = new SecretValues({ DATABASE_URL: `mysql://u:p@${host}:3306/daily_report` });
    expect(classifySecret('DATABASE_URL', { origins, values: secrets })).toMatchObject({
      class: 'from-output',
      output: null,
    });
    const raw = new SecretValues({ DATABASE_URL: 'mysql://u:p@${AURORA_HOST}:3306/daily_report' });
    expect(classifySecret('DATABASE_URL', { origins, values: secrets, raw }).class).toBe('shared');
  });

  it('leaves an address alone that points outside of the environment', () => {
    const secrets = new SecretValues({ AURORA_HOST: 'legacy-db.example.com' });
    expect(classifySecret('AURORA_HOST', { origins, values: secrets }).class).toBe('shared');
  });
});

describe('rules of the configuration', () => {
  const rules = [
    { key: 'LINE_LIFF_*', class: 'shared' },
    { key: 'db_*', class: 'from-output', output: 'aurora_endpoint' },
    { key: 'SESSION_SECRET', class: 'generated' },
  ] as const;

  it('come first, in every spelling', () => {
    expect(classifySecret('LINE_LIFF_ID', { rules })).toMatchObject({
      class: 'shared',
      reason: 'the configuration says so (LINE_LIFF_*)',
    });
    expect(classifySecret('TF_VAR_db_host', { rules })).toMatchObject({
      class: 'from-output',
      output: 'aurora_endpoint',
    });
    expect(classifySecret('session_secret', { rules }).class).toBe('generated');
  });
});

describe('rows of the mapping', () => {
  it('say what is done and never show a value', () => {
    const rows = secretRows(classifySecrets(values.keys(), { origins, values }));
    expect(Object.fromEntries(rows.map(({ subject, action }) => [subject, action]))).toMatchObject({
      LINE_CHANNEL_ACCESS_TOKEN: 'new-credential',
      AURORA_HOST: 'new-value',
      AURORA_PASSWORD: 'new-credential',
      OPENROUTER_API_KEY: 'same-value',
    });
    for (const secret of [
      'dev-line-token-0001',
      'dev-aurora-password',
      'openrouter-key-shared',
      'cluster-ty97nf0mjkqq',
    ]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });

  it('name each secret once, whatever its spellings', () => {
    expect(classifySecrets(['LINE_TOKEN', 'TF_VAR_line_token', 'line_token']).map(({ key }) => key)).toEqual([
      'LINE_TOKEN',
    ]);
  });
});
