import { beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/cli/document.ts';
import { viewOf } from '../../../src/report/html/from-document.ts';
import { layOut, narrow, wide } from '../../../src/report/html/picture-layout.ts';
import { pictureSection } from '../../../src/report/html/sections/picture.ts';
import type { Picture } from '../../../src/report/html/view.ts';
import { blockedReport, dailyReport, largeReport, ranAt } from './fixture.ts';

const pictureOf = (document: Document): Picture => {
  const { picture } = viewOf({ document, ranAt });
  if (picture === null) throw new Error('there is no picture');
  return picture;
};
const names = { source: 'dev', target: 'feature-auth' };

let daily: Document;
beforeAll(async () => {
  daily = await dailyReport();
});

describe('the picture of the daily report', () => {
  it('stands every resource beside its counterpart, by category', () => {
    const { rows, byType } = pictureOf(daily);
    expect(byType).toBe(false);
    expect(rows.every(({ source, target }) => source && target)).toBe(true);
    expect([...new Set(rows.map(({ category }) => category))]).toEqual([
      'compute',
      'iam',
      'storage',
      'database',
      'network',
      'api',
      'workflow',
      'logs',
      'schedule',
      'messaging',
      'secrets',
    ]);
    // Instances of one declaration are one box.
    expect(rows.find(({ source }) => source?.key === 'aws_iam_role.function')?.target?.count).toBe(3);
  });

  it('has what is shared in the middle, once', () => {
    const { shared, rows } = pictureOf(daily);
    expect(shared.map(({ key }) => key).sort()).toEqual([
      'data.aws_ecr_repository.images',
      'data.aws_s3_bucket.reports',
      'data.aws_subnets.default',
      'data.aws_vpc.default',
    ]);
    expect(rows.some(({ source }) => source?.key.startsWith('data.'))).toBe(false);
  });

  it('says what is new: what was made, and credentials, but not values that are the same', () => {
    const { rows } = pictureOf(daily);
    const isNew = (key: string): boolean | undefined =>
      rows.find(({ target }) => target?.key === key)?.target?.isNew;
    expect(isNew('aws_lambda_function.line_bot')).toBe(true);
    expect(isNew('TELEGRAM_BOT_TOKEN')).toBe(true);
    expect(isNew('OPENROUTER_API_KEY')).toBe(false);
    expect(rows.some(({ source }) => source?.isNew)).toBe(false);
  });

  it('takes for new only what this run has made', () => {
    const steps = daily.steps.map((step) =>
      step.id === 'rewire'
        ? { ...step, output: { ...(step.output as object), created: ['aws_sqs_queue.delivery'] } }
        : step,
    );
    const { rows } = pictureOf({ ...daily, steps });
    const fresh = rows.filter(({ target, category }) => target?.isNew && category !== 'secrets');
    expect(fresh.map(({ target }) => target?.key)).toEqual(['aws_sqs_queue.delivery']);
  });

  it('draws references within both sides, and to what is shared', () => {
    const picture = pictureOf(daily);
    const arrow = { from: 'aws_lambda_function.report_worker', to: 'data.aws_ecr_repository.images' };
    expect(picture.references).toContainEqual(arrow);
    const { lines, nodes } = layOut({ ...picture, references: [arrow] }, wide);
    const at = (side: string, key: string) =>
      nodes.find((placed) => placed.side === side && placed.node.key === key);
    const [source, shared, target] = [
      at('source', arrow.from),
      at('shared', arrow.to),
      at('target', arrow.from),
    ];
    // From the right edge of the source's box to the left edge of the shared one, and the other way round.
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      new RegExp(`^M${(source?.x ?? 0) + (source?.width ?? 0)} .* ${shared?.x} \\S+$`),
    );
    expect(lines[1]).toMatch(
      new RegExp(`^M${target?.x} .* ${(shared?.x ?? 0) + (shared?.width ?? 0)} \\S+$`),
    );
  });

  it.each([wide, narrow])('lays nothing over anything else, $shared', (frame) => {
    const { nodes, height } = layOut(pictureOf(daily), frame);
    for (const [index, a] of nodes.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(frame.width);
      expect(a.y + frame.nodeHeight).toBeLessThanOrEqual(height);
      for (const b of nodes.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + frame.nodeHeight <= b.y ||
          b.y + frame.nodeHeight <= a.y;
        expect(apart, `${a.side} ${a.node.key} and ${b.side} ${b.node.key}`).toBe(true);
      }
    }
  });
});

describe('the picture of a run that was blocked', () => {
  it('marks what the findings are about, and shows what reaches into the source', async () => {
    const picture = pictureOf(await blockedReport());
    const marks = picture.rows.flatMap(({ target }) => (target?.mark ? [[target.key, target.mark]] : []));
    expect(marks).toEqual([
      ['aws_lambda_function.line_bot', 'error'],
      ['aws_rds_cluster.aurora', 'warning'],
    ]);
    expect(picture.rows.some(({ source }) => source?.mark)).toBe(false);
    expect(layOut(picture, wide).breaches).toHaveLength(1);
    const text = pictureSection(picture, names).body.toString();
    expect(text).toContain('2 boxes marked by findings');
    expect(text).toContain('leans on dev');
  });
});

describe('other pictures', () => {
  it('show only the source where it did not come to a mapping', () => {
    const picture = pictureOf({
      ...daily,
      mapping: [],
      record: null,
      steps: daily.steps.filter(({ id }) => id === 'identify'),
    });
    expect(picture.targetKnown).toBe(false);
    expect(picture.rows.every(({ target }) => target === null)).toBe(true);
    const text = pictureSection(picture, names).body.toString();
    expect(text).toContain('feature-auth was not planned');
    expect(text).not.toContain('not copied');
  });

  it('say that there is nothing to draw', () => {
    const { picture } = viewOf({ document: { ...daily, mapping: [], record: null, steps: [] }, ranAt });
    expect(picture).toBeNull();
    expect(pictureSection(null, names).body.toString()).toContain('before the source was known');
  });

  it('show what only the source has, and what only the target has', () => {
    const [first, ...rest] = daily.mapping.filter(({ subject }) => subject === 'aws_sqs_queue.delivery');
    if (!first) throw new Error('the queue is not mapped');
    const { rows } = pictureOf({
      ...daily,
      mapping: [...rest, { ...first, action: 'skip', target: null }],
      record: daily.record && {
        ...daily.record,
        resources: [
          { address: 'aws_sns_topic.extra', type: 'aws_sns_topic', identity: null, id: null, arn: null },
        ],
      },
    });
    expect(rows.map(({ source, target }) => [source?.key, target?.key])).toEqual([
      [undefined, 'aws_sns_topic.extra'],
      ['aws_sqs_queue.delivery', undefined],
    ]);
  });

  it('put 500 resources together by type', async () => {
    const picture = pictureOf(await largeReport(500));
    expect(picture.byType).toBe(true);
    expect(picture.rows.length).toBeLessThan(15);
    expect(picture.rows.reduce((sum, { target }) => sum + (target?.count ?? 0), 0)).toBe(500);
    expect(picture.references.length).toBeLessThan(100);
  });
});
