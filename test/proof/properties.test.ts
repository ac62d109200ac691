/** Whatever a project is called and made of: its clean image is clean, and one thing wrong is found as that thing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRename } from '../../src/environment/rename.ts';
import { prove } from '../../src/proof/prove.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import type { StateResource } from '../../src/terraform/model.ts';
import type { Json } from '../../src/transfer/json.ts';
import {
  applied,
  arn,
  blockedBy,
  declarationsOf,
  declared,
  errorsOf,
  findingsOf,
  expression,
  held,
  planned,
  withAfter,
  withChange,
  withoutPlanned,
  withPlanned,
  world,
} from './build.ts';

/** Words that tempt: names of environments inside of longer words, and other environments. */
const word = fc.constantFrom(
  'app',
  'device',
  'developer',
  'product',
  'devices',
  'dev2',
  'api',
  'prodigy',
  'mydev',
  'staging2',
);

/** A name with the environment in it as a whole token, somewhere. */
const environmentName = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.nat(3), fc.constantFrom('-', '-', '_'))
  .map(([words, position, separator]) => {
    const at = Math.min(position, words.length);
    return [...words.slice(0, at), 'dev', ...words.slice(at)].join(separator);
  });

const kinds: readonly ((label: string, name: string) => StateResource)[] = [
  (label, name) =>
    held(`aws_sqs_queue.${label}`, {
      name,
      arn: arn('sqs', name),
      id: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`,
      url: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`,
    }),
  (label, name) =>
    held(`aws_dynamodb_table.${label}`, {
      name,
      id: name,
      arn: arn('dynamodb', `table/${name}`),
      hash_key: 'id',
      deletion_protection_enabled: false,
    }),
  (label, name) => held(`aws_sns_topic.${label}`, { name, id: arn('sns', name), arn: arn('sns', name) }),
  (label, name) =>
    held(`aws_cloudwatch_log_group.${label}`, {
      name: `/app/${name}`,
      id: `/app/${name}`,
      arn: arn('logs', name),
    }),
  (label, name) => held(`example_widget.${label}["${name}"]`, { name, id: `w-${label}123456` }),
];

const project = fc
  .uniqueArray(fc.tuple(fc.nat(kinds.length - 1), environmentName), {
    minLength: 1,
    maxLength: 8,
    selector: ([, name]) => name,
  })
  .map((parts) => parts.flatMap(([kind, name], position) => kinds[kind]?.(`r${position}`, name) ?? []))
  .map((resources): ProofInput => {
    const declaredAll = resources.map(({ type, name }) =>
      declared(`${type}.${name}`, { name: expression(['var.environment'], ['app-']) }),
    );
    return {
      ...world(resources),
      declarations: declarationsOf(declaredAll),
      rename: createRename('dev', 'feature-auth'),
    };
  })
  // Two names that the rename makes one would collide in the target itself.
  .filter(({ target }) => {
    const names =
      target.plan?.changes.map(({ type, after }) => `${type} ${JSON.stringify(after?.['name'])}`) ?? [];
    return new Set(names).size === names.length;
  });

/** The same plan with each instance key renamed, as a `for_each` over names would have it. */
function renamedKeys(input: ProofInput): ProofInput {
  const { plan } = input.target;
  const changes = plan?.changes.map((change) => ({
    ...change,
    address: change.address.replaceAll(/"[^"]*"/g, (key) => input.rename.apply(key)),
  }));
  return { ...input, target: { ...input.target, plan: plan && changes ? { ...plan, changes } : plan } };
}

describe('the image of any project under ρ', () => {
  it('has no error, before the apply and after it', () => {
    fc.assert(
      fc.property(project, (input) => {
        expect(errorsOf(prove(input))).toEqual([]);
        expect(errorsOf(prove(renamedKeys(input)))).toEqual([]);
        expect(errorsOf(prove(applied(input)))).toEqual([]);
      }),
    );
  });
});

describe('one thing wrong is found, by the rule that it breaks', () => {
  /** A project and one of its resources. */
  const planted = project.chain((input) =>
    fc.tuple(fc.constant(input), fc.constantFrom(...(input.target.plan?.changes ?? []))),
  );
  const sourceOf = (input: ProofInput, address: string): StateResource => {
    const found = input.source.state.resources.find((resource) => resource.address === address);
    if (!found) throw new Error(`${address} is not in this project.`);
    return found;
  };

  it("the source's name on a resource", () => {
    fc.assert(
      fc.property(planted, ([input, { address }]) => {
        const name = sourceOf(input, address).values['name'] ?? null;
        expect(blockedBy(withAfter(input, address, { name }))).toEqual(['identity-free']);
      }),
    );
  });

  it("a value of the source's", () => {
    fc.assert(
      fc.property(planted, fc.constantFrom('arn', 'id'), ([input, { address }], key) => {
        const value = sourceOf(input, address).values[key] ?? sourceOf(input, address).values['name'] ?? null;
        const wrong = withAfter(input, address, {
          settings: [{ target: `before ${JSON.stringify(value)} after` }],
        });
        expect(blockedBy(wrong)).toEqual(['no-reference-to-source']);
      }),
    );
  });

  it('a resource that is not planned', () => {
    fc.assert(
      fc.property(planted, ([input, { address }]) => {
        expect(blockedBy(withoutPlanned(input, address))).toEqual(['contract-resources']);
      }),
    );
  });

  it('a change of what is there', () => {
    fc.assert(
      fc.property(planted, ([input, { address }]) => {
        expect(blockedBy(withChange(input, address, { action: 'update' }))).toEqual(['plan-creates-only']);
      }),
    );
  });
});

it('judges the same input the same way twice: nothing is kept between two proofs', () => {
  fc.assert(
    fc.property(project, (input) => {
      expect(prove(input)).toEqual(prove(input));
    }),
    { numRuns: 30 },
  );
});

describe('whatever a provider writes', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'dev',
      'app-dev',
      'arn:aws:sqs:eu-west-1:1:app-dev',
      '{"Statement":[{"Action":',
      '[[',
      '{"Statement":7}',
      '://',
    ),
  );
  const value = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.constantFrom<Json>(null, true, false, 0, -1.5, ''),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('name', 'id', 'arn', 'policy', 'environment', 'variables', 'constructor'),
        tie('any'),
      ),
    ),
  })).any;
  const attributes = fc.dictionary(
    fc.constantFrom(
      'name',
      'id',
      'arn',
      'role',
      'policy',
      'policy_arn',
      'function_name',
      'environment',
      'tags',
      'inline_policy',
      'assume_role_policy',
      'container_definitions',
      'image_uri',
      'bucket',
      '__proto__',
    ),
    value,
  );
  const type = fc.constantFrom(
    'aws_lambda_function',
    'aws_iam_role',
    'aws_iam_role_policy',
    'aws_iam_role_policy_attachment',
    'aws_s3_bucket_policy',
    'aws_ecs_task_definition',
    'aws_cloudwatch_log_group',
    'example_widget',
  );

  it('no rule throws, and every finding says something', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(type, attributes, attributes, value), { maxLength: 6 }), (parts) => {
        const addressOf = (kind: string, position: number): string => `${kind}.r${position}`;
        const source = parts.map(([kind, values], position) => held(addressOf(kind, position), values));
        const input = withPlanned(
          world(source),
          ...parts.map(([kind, , after, open], position) =>
            planned(addressOf(kind, position), after, { afterUnknown: open, afterSensitive: open }),
          ),
        );
        for (const each of [input, applied(world(source))]) {
          for (const { message, subject } of findingsOf(prove(each))) {
            expect(subject).not.toBe('');
            expect(message).not.toContain('[object');
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
