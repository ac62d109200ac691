/** What is not billed in a month while databases sleep: their compute. Storage and backups go on being billed. */
import type { Database } from '../aws/sleeping-databases.ts';
import { costDetails } from '../cost/cost.ts';
import type { CostDetails } from '../cost/model.ts';
import { bundledPrices } from '../cost/prices/table.ts';
import type { TargetResource } from '../proof/target.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { Candidate } from './sleep-databases.ts';

function resource(address: string, type: string, values: JsonObject): TargetResource {
  return {
    address,
    mode: 'managed',
    type,
    name: address,
    modulePath: '',
    action: 'present',
    values,
    unknown: false,
    isSensitive: () => false,
  };
}

/** As the state would show it, so that it is priced as every plan and state is. */
function asResources({ sleeping, database }: Candidate): TargetResource[] {
  const { address } = sleeping;
  const { engine, storageType } = database;
  if (database.kind === 'instance') {
    return [
      resource(address, 'aws_db_instance', {
        engine,
        instance_class: database.instances[0]?.class ?? '',
        multi_az: database.multiAz,
        storage_type: 'gp2',
        // What is stored costs the same asleep.
        allocated_storage: 0,
      }),
    ];
  }
  return [
    resource(address, 'aws_rds_cluster', {
      cluster_identifier: database.id,
      engine,
      engine_mode: database.engineMode,
      storage_type: storageType === 'aurora' ? '' : storageType,
      serverlessv2_scaling_configuration: capacityOf(sleeping.before ?? database.capacity),
    }),
    ...database.instances.map((each) =>
      resource(`${address} ${each.id}`, 'aws_rds_cluster_instance', {
        identifier: each.id,
        cluster_identifier: database.id,
        engine,
        instance_class: each.class,
      }),
    ),
  ];
}

const capacityOf = (capacity: Database['capacity']): JsonObject[] =>
  capacity === null ? [] : [{ min_capacity: capacity.min, max_capacity: capacity.max }];

const regionOfArn = (arn: string | null): string | null => arn?.split(':')[3] || null;

/**
 * At the bundled prices, as if it slept for a month of 730 hours. Of Aurora Serverless the minimum capacity is
 * counted: it saves at least that.
 *
 * @param region what the configuration says; otherwise that of the first ARN
 */
export function savingsOf(candidates: readonly Candidate[], region?: string): CostDetails {
  const found = candidates.map(({ sleeping }) => regionOfArn(sleeping.arn)).find((each) => each !== null);
  return costDetails({
    target: candidates.flatMap(asResources),
    region: region ?? found ?? null,
    prices: bundledPrices,
  });
}
