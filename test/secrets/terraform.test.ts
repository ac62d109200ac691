import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { keyOfStateSecret, secretsFromState } from '../../src/secrets/from-state.ts';
import { childEnvironment } from '../../src/secrets/terraform-variables.ts';
import { readDeclarations } from '../../src/terraform/declarations.ts';
import type { StateModel } from '../../src/terraform/model.ts';
import { parseState } from '../../src/terraform/state.ts';

describe('secrets in a state', () => {
  let state: StateModel;
  beforeAll(async () => {
    state = parseState(await readFile('test/golden/daily-report/dev.state.json', 'utf8'));
  });

  it('are what Terraform marks in the functions’ variables', () => {
    const secrets = secretsFromState(state);
    expect(secrets.keys()).toEqual([
      'AURORA_PASSWORD',
      'LINE_CHANNEL_ACCESS_TOKEN',
      'LINE_CHANNEL_SECRET',
      'OPENROUTER_API_KEY',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_WEBHOOK_SECRET',
    ]);
    expect(secrets.reveal('LINE_CHANNEL_SECRET')).toBe('dev-line-secret-0001');
  });

  it('are also what has the name of one', () => {
    expect(secretsFromState(state, { names: ['TF_VAR_aurora_host'] }).keys()).toContain('AURORA_HOST');
  });

  it('are known by the variable that an attribute is set from', async () => {
    const declarations = await readDeclarations('examples/daily-report/terraform');
    const databases = state.resources.filter(({ type }) => type === 'aws_rds_cluster');
    const secrets = secretsFromState({ ...state, resources: databases }, { declarations });
    expect(secrets.keys()).toEqual(['aurora_password']);
    expect(secrets.reveal('aurora_password')).toBe('dev-aurora-password');
  });

  const resource = (
    address: string,
    type: string,
    values: StateModel['resources'][number]['values'],
    sensitivePaths: string[],
  ) =>
    ({
      address,
      type,
      name: 'x',
      mode: 'managed',
      modulePath: '',
      values,
      sensitivePaths,
      tainted: false,
    }) as const;

  it('are found where the whole map is marked, and in containers', () => {
    const containers = JSON.stringify([{ name: 'web', environment: [{ name: 'WEB_TOKEN', value: 'w' }] }]);
    const resources = [
      resource('a.a', 'aws_lambda_function', { environment: [{ variables: { A: '1', B: '' } }] }, [
        'environment.0.variables',
      ]),
      resource('b.b', 'aws_ecs_task_definition', { container_definitions: containers }, [
        'container_definitions',
      ]),
      resource('c.c', 'aws_ecs_task_definition', { container_definitions: 'not json' }, [
        'container_definitions',
      ]),
    ];
    expect(secretsFromState({ ...state, resources }).keys()).toEqual(['A', 'WEB_TOKEN']);
  });

  it('that differ from function to function are all there', () => {
    const variables = (value: string) => ({ environment: [{ variables: { KEY: value } }] });
    const resources = ['one', 'two', 'one'].map((value, index) =>
      resource(`f.f[${index}]`, 'aws_lambda_function', variables(value), ['environment.0.variables.KEY']),
    );
    const keys = secretsFromState({ ...state, resources }).keys();
    expect(keys).toEqual(['KEY', 'KEY in f.f[1]']);
    expect(keys.map(keyOfStateSecret)).toEqual(['KEY', 'KEY']);
  });
});

describe('the environment of a child', () => {
  const values = new SecretValues({
    LINE_CHANNEL_SECRET: 'own',
    TF_VAR_openrouter_api_key: 'key',
    EMPTY_TOKEN: '',
  });

  it('has each secret under its own name and as Terraform reads it', () => {
    expect(childEnvironment(values, { known: [], inherited: {} })).toEqual({
      LINE_CHANNEL_SECRET: 'own',
      TF_VAR_line_channel_secret: 'own',
      OPENROUTER_API_KEY: 'key',
      TF_VAR_openrouter_api_key: 'key',
    });
  });

  it('has variables as they are declared', () => {
    const given = childEnvironment(new SecretValues({ API_KEY: 'x' }), {
      known: [],
      variables: ['Api_Key', 'other'],
      inherited: {},
    });
    expect(given).toMatchObject({ TF_VAR_Api_Key: 'x', TF_VAR_api_key: 'x' });
  });

  it('does not let through what the caller’s environment has of the source', () => {
    const inherited = {
      PATH: '/bin',
      TELEGRAM_BOT_TOKEN: 'dev',
      TF_VAR_telegram_bot_token: 'dev',
      TF_VAR_LINE_CHANNEL_SECRET: 'dev',
      EMPTY_TOKEN: 'dev',
    };
    const given = childEnvironment(values, { known: ['telegram_bot_token'], inherited });
    expect(given).toMatchObject({ LINE_CHANNEL_SECRET: 'own' });
    expect(Object.keys(given)).not.toContain('PATH');
    const child = Object.entries({ ...inherited, ...given }).filter(([, value]) => value === 'dev');
    expect(child).toEqual([]);
  });
});
