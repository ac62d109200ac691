import { isJsonObject, type Json } from '../../transfer/json.ts';
import { type Reader, Unpriced } from '../reader.ts';
import {
  type CostRules,
  type Meter,
  month,
  type Part,
  type RuleContext,
  times,
  withoutRate,
} from './rule.ts';

const onDemand = (at: Reader): boolean => at.text('billing_mode', 'PROVISIONED') === 'PAY_PER_REQUEST';

/** The class for what is seldom read has rates of its own. */
const isInfrequent = (at: Reader): boolean =>
  !at.isUnknown('table_class') && at.text('table_class', 'STANDARD') !== 'STANDARD';

const storage: Meter = { id: 'storageGb', key: 'dynamodb.storage', unit: 'GB stored' };
const requests: readonly Meter[] = [
  { id: 'reads', key: 'dynamodb.reads', unit: 'reads', per: 1_000_000 },
  { id: 'writes', key: 'dynamodb.writes', unit: 'writes', per: 1_000_000 },
];

/** Capacity of the table and of its global indexes together: each has its own. */
function capacity(at: Reader, attribute: 'read_capacity' | 'write_capacity'): number {
  const ofIndex = (index: Json): number => {
    const value = isJsonObject(index) ? index[attribute] : undefined;
    if (typeof value !== 'number') throw new Unpriced(`\`${attribute}\` of an index is not known`);
    return value;
  };
  return at
    .list('global_secondary_index')
    .reduce<number>((sum, index) => sum + ofIndex(index), at.number(attribute));
}

function provisioned(at: Reader, context: RuleContext): readonly (() => Part)[] {
  if (onDemand(at)) return [];
  if (isInfrequent(at))
    throw new Unpriced('no price of capacity of an infrequent-access table is in the table');
  if (at.list('replica').length > 0) throw new Unpriced('provisioned replicas have prices of their own');
  return [
    () => times(context, 'dynamodb.rcu', [capacity(at, 'read_capacity'), 'RCU'], month),
    () => times(context, 'dynamodb.wcu', [capacity(at, 'write_capacity'), 'WCU'], month),
  ];
}

export const dynamodbRules: CostRules = {
  aws_dynamodb_table: {
    kind: 'priced',
    fixed: provisioned,
    meters(at) {
      const meters = onDemand(at) ? [...requests, storage] : [storage];
      return isInfrequent(at) ? meters.map(withoutRate) : meters;
    },
    meterIds: ['reads', 'writes', 'storageGb'],
  },
};
