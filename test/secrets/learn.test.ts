import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import {
  learnBackend,
  learnEnvironment,
  learnPlan,
  learnState,
  learnValues,
  learnVariables,
} from '../../src/secrets/learn.ts';
import { parsePlan } from '../../src/terraform/plan.ts';
import { knownState } from '../../src/terraform/state-file.ts';
import type { Declarations } from '../../src/terraform/model.ts';

const declarationsOf = (variables: Readonly<Record<string, object>>): Declarations => ({
  backend: null,
  requiredVersion: null,
  requiredProviders: {},
  unresolvedCalls: [],
  modules: {
    '': {
      dir: '/x',
      resources: {},
      locals: {},
      outputs: {},
      calls: {},
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, more]) => [
          name,
          {
            name,
            file: 'a.tf',
            line: 1,
            hasDefault: false,
            type: null,
            sensitive: false,
            description: null,
            validations: [],
            ...more,
          },
        ]),
      ),
    },
  },
});

const state = (attributes: object, outputs: object = {}, sensitive: object[] = []): string =>
  JSON.stringify({
    version: 4,
    terraform_version: '1.11.4',
    serial: 1,
    lineage: 'x',
    outputs,
    resources: [
      {
        mode: 'managed',
        type: 'aws_x',
        name: 'y',
        instances: [{ attributes, sensitive_attributes: sensitive }],
      },
    ],
  });

describe('what a run learns', () => {
  it('of variables: what is secret stays so where a plain one has the same value, in whatever order', () => {
    const redactor = createRedactor();
    const declarations = declarationsOf({ token: { sensitive: true }, greeting: {}, name: {} });
    const value = 'canary-0123456789abcdef';
    learnVariables(redactor, declarations, { greeting: value, token: value, name: 'mini-feature-auth' }, {});
    redactor.learn('TABLE_KEY', 'mini-feature-auth');
    expect(redactor.text(`${value} mini-feature-auth`)).toBe('«secret token» mini-feature-auth');
  });

  it('of the environment of the command: no path of what is there', () => {
    const redactor = createRedactor();
    const [here, gone] = [import.meta.dirname, '/opt/aJ3kd82Lq0/zz91Xk'];
    learnEnvironment(redactor, { PWD: here, SSH_AUTH_SOCK: here, SIGNING_KEY: gone });
    expect(redactor.text(`${here}/x ${gone}`)).toBe(`${here}/x «secret SIGNING_KEY»`);
  });

  it('of a state: sensitive attributes and outputs, keys that sound like secrets, passwords in URLs', () => {
    const redactor = createRedactor();
    knownState(
      state(
        {
          id: 'table-of-dev',
          marked: 'm4rked-value',
          hash_key: 'user_id_of_table',
          environment: [
            {
              variables: {
                STRIPE_KEY: 'sk-4711-abc',
                LOG_LEVEL: 'debug-everything',
                PARTITION_KEY: 'tenant-and-user',
                DATABASE_URL: 'postgres://app:pw-of-app@orders.dev.example.com/orders',
                STRIPE_KEY_ARN: 'arn:aws:secretsmanager:eu-west-1:1:secret:x',
                API_TOKEN: 'table-of-dev',
              },
            },
          ],
          container_definitions: JSON.stringify([{ environment: [{ name: 'SALT', value: 's4lt-of-dev' }] }]),
        },
        { url: { value: 'out-0f-sight', sensitive: true }, api_token: { value: 'plain-0utput' } },
        [[{ type: 'get_attr', value: 'marked' }]],
      ),
      redactor,
    );
    expect(
      redactor.text(
        'm4rked-value user_id_of_table sk-4711-abc debug-everything tenant-and-user pw-of-app orders.dev.example.com s4lt-of-dev out-0f-sight plain-0utput arn:aws:secretsmanager:eu-west-1:1:secret:x table-of-dev',
      ),
    ).toBe(
      '«secret aws_x.y.marked» user_id_of_table «secret STRIPE_KEY» debug-everything tenant-and-user «secret DATABASE_URL» orders.dev.example.com «secret SALT» «secret url» «secret api_token» arn:aws:secretsmanager:eu-west-1:1:secret:x table-of-dev',
    );
  });

  it('of a plan: what is sensitive before and after, and sensitive variables', () => {
    const redactor = createRedactor();
    const plan = parsePlan(
      {
        format_version: '1.2',
        terraform_version: '1.11.4',
        variables: { token: { value: 'v4riable-token' } },
        configuration: { root_module: { variables: { token: { sensitive: true } } } },
        resource_changes: [
          {
            address: 'aws_x.y',
            mode: 'managed',
            type: 'aws_x',
            name: 'y',
            change: {
              actions: ['update'],
              before: { secret: 'old-s3cret' },
              after: { secret: 'new-s3cret', settings: [{ key: 'in-a-bl0ck' }] },
              after_sensitive: { secret: true, settings: [{ key: true }] },
            },
          },
        ],
      },
      (name, value) => redactor.learn(name, typeof value === 'string' ? value : ''),
    );
    learnPlan(redactor, plan);
    expect(redactor.text('v4riable-token old-s3cret new-s3cret in-a-bl0ck')).toBe(
      '«secret token» «secret aws_x.y.secret» «secret aws_x.y.secret» «secret aws_x.y.settings.0.key»',
    );
  });

  it('of variables: sensitive ones from file, environment and default, in lists and objects; others may be shown', () => {
    const redactor = createRedactor();
    learnVariables(
      redactor,
      declarationsOf({
        a: { sensitive: true, default: 'def4ult-of-a' },
        pager_token: {},
        region: {},
        all: { sensitive: true },
      }),
      {
        a: 'fr0m-the-file',
        pager_token: 'pd-4711-xyz',
        region: 'some-region-of-ours',
        all: { one: ['d33p-inside'], on: true },
      },
      { TF_VAR_a: 'fr0m-the-environment' },
    );
    expect(
      redactor.text(
        'def4ult-of-a fr0m-the-file fr0m-the-environment pd-4711-xyz d33p-inside some-region-of-ours true',
      ),
    ).toBe(
      '«secret a» «secret a» «secret a» «secret pager_token» «secret all.one.0» some-region-of-ours true',
    );
  });

  it('of a secret store, a backend, the environment of the command', () => {
    const redactor = createRedactor();
    learnValues(
      redactor,
      new SecretValues({
        AURORA_HOST: 'dev.cluster-1.eu-west-1.rds.amazonaws.com',
        DB: JSON.stringify({ username: 'app_user', password: 'pw-in-js0n', host: 'db.internal.example.com' }),
        ANY: 'wh4tever-it-is',
      }),
    );
    learnBackend(redactor, {
      bucket: 'states',
      key: 'dev/terraform.tfstate',
      secret_key: 'k3y-of-backend',
      conn_str: 'postgres://u:pw-of-pg@db/x',
    });
    learnEnvironment(redactor, {
      GITHUB_TOKEN: 'ghp-0123456789',
      HOME: '/home/somebody-here',
      AWS_ACCESS_KEY_ID: 'AKIA0123456789ABCDEF',
    });
    expect(
      redactor.text(
        'dev.cluster-1.eu-west-1.rds.amazonaws.com app_user pw-in-js0n wh4tever-it-is k3y-of-backend pw-of-pg states dev/terraform.tfstate ghp-0123456789 /home/somebody-here AKIA0123456789ABCDEF',
      ),
    ).toBe(
      'dev.cluster-1.eu-west-1.rds.amazonaws.com app_user «secret DB.password» «secret ANY» «secret secret_key» «secret conn_str» states dev/terraform.tfstate «secret GITHUB_TOKEN» /home/somebody-here AKIA0123456789ABCDEF',
    );
  });

  it('nothing of a state that holds no secret', () => {
    const redactor = createRedactor();
    learnState(redactor, null);
    expect(redactor.text('anything')).toBe('anything');
  });
});
