import { describe, expect, it } from 'vitest';
import { createExpressionReader } from '../../src/proof/expressions.ts';
import type { ModuleDeclarations } from '../../src/terraform/model.ts';
import { declarationsOf, declared, expression, moduleOf } from './build.ts';

const queue = {
  ...declared('aws_sqs_queue.q', { name: expression(['local.a']) }),
  repetition: expression(['var.names']),
};

function read(root: Partial<ModuleDeclarations>, child?: ModuleDeclarations) {
  const declarations = declarationsOf([queue], root);
  const modules = child ? { ...declarations.modules, m: child } : declarations.modules;
  return createExpressionReader({ ...declarations, modules });
}

const inputs = (
  root: Partial<ModuleDeclarations>,
  references: readonly string[],
  child?: ModuleDeclarations,
) => {
  const { variables, resources, literals } = read(root, child).expression('', expression(references), 'x.tf');
  return { variables: [...variables], resources: [...resources], literals: literals.map(({ text }) => text) };
};

describe('follows', () => {
  it('locals to variables, resources and literals, in circles too', () => {
    const locals = {
      a: expression(['local.b', 'var.x'], ['one']),
      b: expression(['local.a', 'aws_y.z.arn'], ['two']),
    };
    expect(inputs({ locals }, ['local.a.key', 'local.a["k"]'])).toEqual({
      variables: ['x'],
      resources: ['|aws_y.z'],
      literals: ['one', 'two'],
    });
  });

  it('outputs of modules to their insides, and arguments back to the caller', () => {
    const child = moduleOf([], {
      outputs: { arn: expression(['aws_in.side.arn', 'var.given']), other: expression([], ['no']) },
    });
    const calls = {
      m: { source: './m', line: 1, attributes: { given: expression(['var.outer'], ['lit']) } },
    };
    expect(inputs({ calls }, ['module.m.arn'], child)).toEqual({
      variables: ['outer'],
      resources: ['m|aws_in.side'],
      literals: ['lit'],
    });
    expect(inputs({ calls }, ['module.m["k"].other'], child).literals).toEqual(['no']);
  });

  it('data sources, and nothing of each, path, self and terraform', () => {
    expect(
      inputs({}, ['data.aws_a.b.c', 'path.module', 'self.x', 'terraform.workspace', 'each.key']),
    ).toEqual({
      variables: [],
      resources: ['|data.aws_a.b'],
      literals: [],
    });
  });

  it('each and count to what repeats the resource', () => {
    const reader = read({ locals: { a: expression(['each.value']) } });
    expect([
      ...reader.attribute('', { ...queue, attributes: { name: expression(['each.key']) } }, 'name').variables,
    ]).toEqual(['names']);
    expect([...reader.repetition('', queue).variables]).toEqual(['names']);
  });

  it('blocks above and below the attribute that is asked for', () => {
    const block = declared('aws_x.y', {
      'environment.variables': expression(['var.deep']),
      other: expression(['var.no']),
    });
    const reader = createExpressionReader(declarationsOf([block]));
    expect([...reader.attribute('', block, 'environment').variables]).toEqual(['deep']);
    expect([...reader.attribute('', block, 'environment.variables.KEY').variables]).toEqual(['deep']);
    expect([...reader.attribute('', block, 'env').variables]).toEqual([]);
  });
});

it('knows only what is declared', () => {
  const reader = read({});
  expect(reader.declaration({ modulePath: '', mode: 'managed', type: 'aws_sqs_queue', name: 'q' })).toBe(
    queue,
  );
  expect(
    reader.declaration({ modulePath: '', mode: 'data', type: 'aws_sqs_queue', name: 'q' }),
  ).toBeUndefined();
  expect(
    reader.declaration({ modulePath: 'constructor', mode: 'managed', type: 'a', name: 'b' }),
  ).toBeUndefined();
});
