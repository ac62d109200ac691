import { describe, expect, it } from 'vitest';
import { renderResourceTypes } from '../../../scripts/docs/resource-types.ts';
import { resourceTypeRows, resourceTypes } from '../../../src/terraform/types/table.ts';

const text = renderResourceTypes(resourceTypes);

describe('docs/resource-types.md', () => {
  it('has one row for each type', () => {
    const rows = [...text.matchAll(/^\| `([a-z0-9_]+)` \|/gm)].map((match) => match[1] ?? '');
    expect(rows.sort()).toEqual(resourceTypeRows.map(({ type }) => type).sort());
  });

  it('has four cells in each row of a table', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.filter((line) => line.split(/(?<!\\)\|/).length !== 6)).toEqual([]);
  });

  it('does not depend on the order of the table', () => {
    expect(renderResourceTypes(new Map([...resourceTypes].reverse()))).toBe(text);
  });

  it('names limits with their source, and obstacles with what to do', () => {
    expect(text).toContain(
      '- `aws_lambda_function` `function_name`: at most 64 characters; letters, digits, - and _ ([source](https://docs.aws.amazon.com/lambda/',
    );
    expect(text).toContain('`aws_s3_bucket` `force_destroy`: destroy fails while there are objects in it.');
  });
});
