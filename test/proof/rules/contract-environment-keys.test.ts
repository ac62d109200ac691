import { describe, expect, it } from 'vitest';
import {
  applied,
  declared,
  declaredIn,
  expression,
  held,
  judged,
  planned,
  undecidedOf,
  withAfter,
  withChange,
  withDeclared,
  withHeld,
  withMade,
  withoutPlanned,
  withPlanned,
  withSource,
  withTarget,
  world,
} from '../build.ts';

const id = 'contract-environment-keys';
const bot = 'aws_lambda_function.bot';
const withKeys = (variables: Record<string, string>) =>
  withAfter(world(), bot, { environment: [{ variables }] });

it('finds each key that is missing, and not that one is new', () => {
  const found = judged(id, withKeys({ ITEMS: 'x', MORE: 'y' }));
  expect(found.map(({ severity, subject }) => [severity, subject])).toEqual([
    ['error', bot],
    ['error', bot],
  ]);
  expect(found.map(({ message }) => message).join()).toMatch(/ENVIRONMENT.*LOG_LEVEL/s);
});

it('finds it after the apply, and where the whole block is gone', () => {
  expect(judged(id, withMade(applied(), bot, { environment: [] }))).toHaveLength(3);
  expect(judged(id, withAfter(world(), bot, { environment: [] }))).toHaveLength(3);
});

it('never shows a value', () => {
  const found = judged(id, withKeys({}));
  expect(JSON.stringify(found)).not.toContain('app-items-dev');
});

it('counts a key whose value is not known yet', () => {
  const input = withChange(withKeys({ ENVIRONMENT: 'x', LOG_LEVEL: 'y' }), bot, {
    afterUnknown: { environment: [{ variables: { ITEMS: true } }] },
  });
  expect(judged(id, input)).toEqual([]);
});

it('waits where the whole map is not known yet', () => {
  const input = withChange(withAfter(world(), bot, { environment: [{}] }), bot, {
    afterUnknown: { environment: [{ variables: true }] },
  });
  expect(judged(id, input)).toEqual([]);
  expect(undecidedOf(id, input)).toEqual([bot]);
});

it('only warns where a switch differs that the keys depend on', () => {
  const declaration = declaredIn(world(), bot);
  const attributes = { ...declaration.attributes, 'environment.variables': expression(['local.all']) };
  const locals = { all: expression(['var.cache_enabled', 'var.label']) };
  const variables = (enabled: boolean, label: string) => ({
    environment: 'x',
    cache_enabled: enabled,
    label,
  });
  const base = withDeclared(
    withKeys({ ENVIRONMENT: 'x', ITEMS: 'x' }),
    { ...declaration, attributes },
    { locals },
  );
  const differing = withTarget(withSource(base, { variables: variables(true, 'a') }), {
    variables: variables(false, 'a'),
  });
  expect(judged(id, differing)).toMatchObject([{ severity: 'warning' }]);
  expect(judged(id, differing)[0]?.message).toContain('var.cache_enabled');
  // A text that differs leaves out no key.
  const text = withTarget(withSource(base, { variables: variables(true, 'a') }), {
    variables: variables(true, 'b'),
  });
  expect(judged(id, text)).toMatchObject([{ severity: 'error' }]);
});

describe('containers', () => {
  const task = 'aws_ecs_task_definition.web';
  const definition = (names: readonly string[]) =>
    JSON.stringify([
      {
        name: 'web',
        image: 'x',
        environment: names.map((name) => ({ name, value: '1' })),
        secrets: [{ name: 'TOKEN', valueFrom: 'arn' }],
      },
    ]);
  const source = withDeclared(
    withHeld(world(), held(task, { family: 'web-dev', container_definitions: definition(['A', 'B']) })),
    declared(task),
  );

  it('are judged each for itself', () => {
    const after = planned(task, { family: 'web-feature-auth', container_definitions: definition(['A']) });
    const found = judged(id, withPlanned(source, after));
    expect(found).toMatchObject([{ severity: 'error', subject: task }]);
    expect(found[0]?.message).toContain('B of the container web');
  });

  it('wait where their definition is not known yet', () => {
    const after = planned(task, { family: 'w' }, { afterUnknown: { container_definitions: true } });
    expect(undecidedOf(id, withPlanned(source, after))).toContain(task);
  });
});

it('leaves a function without a counterpart to contract-resources', () => {
  expect(judged(id, withoutPlanned(world(), bot))).toEqual([]);
});
