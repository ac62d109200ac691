import { describe, expect, it } from 'vitest';
import {
  applied,
  declaredIn,
  expression,
  judged,
  undecidedOf,
  withAfter,
  withChange,
  withDeclared,
  withHeldValues,
  withMade,
  withSource,
  withTarget,
  world,
} from '../build.ts';

const id = 'contract-handler';
const bot = 'aws_lambda_function.bot';

describe('finds', () => {
  it.each([
    ['handler', 'other.handler'],
    ['runtime', 'nodejs20.x'],
    ['package_type', 'Image'],
    ['architectures', ['x86_64']],
    ['image_uri', 'x.dkr.ecr.eu-west-1.amazonaws.com/app:1'],
    ['image_config', [{ command: ['run'] }]],
  ])('another %s', (key, value) => {
    const found = judged(id, withAfter(world(), bot, { [key]: value }));
    expect(found).toMatchObject([{ severity: 'error', subject: bot }]);
    expect(found[0]?.message).toContain('no variable says so');
    expect(judged(id, withMade(applied(), bot, { [key]: value }))).toHaveLength(1);
  });
});

describe('lets pass', () => {
  const image = (repository: string, tag: string) => ({
    image_uri: `1.dkr.ecr.eu-west-1.amazonaws.com/${repository}${tag}`,
  });

  it.each([
    ['another tag', ':1', ':2'],
    ['another digest', `@sha256:${'a'.repeat(64)}`, `@sha256:${'b'.repeat(64)}`],
  ])('%s of the image', (_title, before, after) => {
    const input = withAfter(withHeldValues(world(), bot, image('app', before)), bot, image('app', after));
    expect(judged(id, input)).toEqual([]);
  });

  it('the image of its own repository', () => {
    const input = withAfter(
      withHeldValues(world(), bot, image('bot-dev', ':1')),
      bot,
      image('bot-feature-auth', ':1'),
    );
    expect(judged(id, input)).toEqual([]);
    const other = withAfter(
      withHeldValues(world(), bot, image('bot-dev', ':1')),
      bot,
      image('api-feature-auth', ':1'),
    );
    expect(judged(id, other)).toHaveLength(1);
  });

  it('nothing and an empty text', () => {
    expect(
      judged(id, withAfter(withHeldValues(world(), bot, { image_uri: '' }), bot, { image_uri: null })),
    ).toEqual([]);
  });
});

it('tells of a difference that a variable explains', () => {
  const declaration = declaredIn(world(), bot);
  const attributes = { ...declaration.attributes, handler: expression(['local.handler']) };
  const locals = { handler: expression(['var.handler', 'var.environment']) };
  const base = withDeclared(
    withAfter(world(), bot, { handler: 'b.h' }),
    { ...declaration, attributes },
    { locals },
  );
  const explained = withTarget(
    withSource(base, { variables: { environment: 'dev', handler: 'index.handler' } }),
    {
      variables: { environment: 'feature-auth', handler: 'b.h' },
    },
  );
  expect(judged(id, explained)).toMatchObject([{ severity: 'info' }]);
  expect(judged(id, explained)[0]?.message).toContain('var.handler');
  // The variable that names the environment explains nothing: it always differs.
  expect(judged(id, base)).toMatchObject([{ severity: 'error' }]);
});

it('waits for what is not known yet', () => {
  const { afterUnknown: _open, ...change } = { afterUnknown: null };
  const input = withChange(world(), bot, { ...change, afterUnknown: { runtime: true } });
  expect(undecidedOf(id, input)).toContain(`${bot}.runtime`);
});
