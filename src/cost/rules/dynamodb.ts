import { isJsonObject, type Json } from '../../transfer/json.ts';
import { type Reader, Unpriced } from '../reader.ts';
import { type CostRules, type Meter, month, type Part, type RuleContext, times } from './rule.ts';

const onDemand = (at: Reader): boolean => at.text('billing_mode', 'PROVISIONED') === 'PAY_PER_REQUEST';

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
    meters: (at) => (onDemand(at) ? [...requests, storage] : [storage]),
    meterIds: ['reads', 'writes', 'storageGb'],
  },
};
