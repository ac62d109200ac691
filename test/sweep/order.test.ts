import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundItem } from '../../src/aws/adapter.ts';
import { adapterOf, services } from '../../src/aws/registry.ts';
import { type DependsOn, heldBackBy, removalRounds } from '../../src/sweep/order.ts';

const dependsOn: DependsOn = (type) => adapterOf(type)?.whole?.dependsOn;

const thing = (type: string, more: Partial<FoundItem> = {}): { item: FoundItem } => ({
  item: { type, id: `${type}-1`, name: `${type}-1`, ...more },
});

const types = services.flatMap((service) =>
  service.types.flatMap(({ whole }) => (whole ? [whole.type] : [])),
);

describe('rounds of removal', () => {
  it('has every thing once, and what uses before what is used', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...types), { maxLength: 30 }), (chosen) => {
        const rounds = removalRounds(
          chosen.map((type) => thing(type)),
          dependsOn,
        );
        expect(rounds.flat()).toHaveLength(chosen.length);
        const roundOf = new Map(
          rounds.flatMap((round, index) => round.map(({ item }) => [item.type, index])),
        );
        for (const type of chosen)
          for (const used of dependsOn(type) ?? []) {
            const after = roundOf.get(used);
            expect(after === undefined || after > (roundOf.get(type) ?? Infinity)).toBe(true);
          }
      }),
    );
  });

  it('takes types without an adapter too', () => {
    expect(removalRounds([thing('aws_mystery'), thing('aws_vpc')], dependsOn).flat()).toHaveLength(2);
  });
});

describe('what is held back', () => {
  const role = thing('aws_iam_role').item;

  it('is what something that stays uses, or may use', () => {
    const stays = thing('aws_lambda_function', { uses: ['aws_iam_role-1'] }).item;
    expect(heldBackBy(role, [stays], dependsOn)).toBe(stays);
    const silent = thing('aws_sfn_state_machine').item;
    expect(heldBackBy(role, [silent], dependsOn)).toBe(silent);
  });

  it('is not what it says that it does not use', () => {
    const stays = thing('aws_lambda_function', { uses: ['another-role'] }).item;
    expect(heldBackBy(role, [stays], dependsOn)).toBeUndefined();
    expect(heldBackBy(role, [thing('aws_sqs_queue').item], dependsOn)).toBeUndefined();
  });

  it('is the copy of a database that stays', () => {
    const cluster = thing('aws_rds_cluster', { uses: ['subnets'] }).item;
    const snapshot = thing('aws_db_cluster_snapshot', { uses: ['aws_rds_cluster-1'] }).item;
    expect(heldBackBy(snapshot, [cluster], dependsOn)).toBe(cluster);
  });
});
