import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createExpressionReader } from '../../src/proof/expressions.ts';
import { targetOf } from '../../src/proof/target.ts';
import { declaredReferences } from '../../src/steps/references.ts';
import { readDeclarations } from '../../src/terraform/declarations.ts';
import { parsePlan } from '../../src/terraform/plan.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the references of the daily report', () => {
  it('are found through locals and policy documents, once each, and never to itself', async () => {
    const declarations = await readDeclarations(join(root, 'examples', 'daily-report', 'terraform'));
    const plan = parsePlan(
      await readFile(join(root, 'test', 'golden', 'daily-report', 'feature-auth.plan.json'), 'utf8'),
    );
    const { managed } = targetOf({ target: { plan, state: null } });
    const references = declaredReferences(managed, createExpressionReader(declarations));
    const texts = references.map(({ from, to }) => `${from} → ${to}`);
    expect(texts).toContain('aws_lambda_function.line_bot → aws_iam_role.function');
    // The policy names the queue in a policy document, which is a data source.
    expect(texts).toContain('aws_iam_role_policy.report_worker → aws_sqs_queue.delivery');
    expect(texts).toContain('aws_lambda_function.report_worker → data.aws_ecr_repository.images');
    expect(new Set(texts).size).toBe(texts.length);
    expect(references.filter(({ from, to }) => from === to || /\[/.test(from + to))).toEqual([]);
    // Ordering alone is no reference.
    expect(texts).not.toContain(
      'aws_lambda_function.line_bot → aws_iam_role_policy_attachment.basic_execution',
    );
  });
});
