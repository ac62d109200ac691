import type { Present } from '../../aws/adapter.ts';
import { type Check, fail, pass } from '../context.ts';

/** The ids people look for; every other resource with a status has the general one. */
const ids: Readonly<Record<string, string>> = {
  aws_db_instance: 'database-available',
  aws_dynamodb_table: 'table-active',
  aws_lambda_event_source_mapping: 'event-source-enabled',
  aws_lambda_function: 'function-active',
  aws_rds_cluster: 'database-available',
  aws_rds_cluster_instance: 'database-available',
  aws_sfn_state_machine: 'state-machine-active',
};

/** For resources that say how they are doing. */
export function resourceActive(type: string): Check<Present> {
  return {
    layer: 1,
    id: ids[type] ?? 'resource-active',
    expected: 'it can be used',
    judge: ({ condition, status, detail }) => {
      const seen = `${status ?? condition}${detail === undefined || detail === '' ? '' : `: ${detail}`}`;
      return condition === 'ready' ? pass(seen) : fail(seen);
    },
  };
}
