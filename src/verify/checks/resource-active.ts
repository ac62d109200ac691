import type { Present } from '../../aws/adapter.ts';
import type { JsonObject } from '../../transfer/json.ts';
import { type Check, fail, pass } from '../context.ts';

/** The ids people look for; every other resource with a status has the general one. */
const ids: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_rule: 'schedule-enabled',
  aws_db_instance: 'database-available',
  aws_dynamodb_table: 'table-active',
  aws_lambda_event_source_mapping: 'event-source-enabled',
  aws_lambda_function: 'function-active',
  aws_rds_cluster: 'database-available',
  aws_rds_cluster_instance: 'database-available',
  aws_scheduler_schedule: 'schedule-enabled',
  aws_sfn_state_machine: 'state-machine-active',
};

/** What is switched off in the account and on in the state starts nothing. */
function meantToRun(type: string, { enabled, is_enabled, state }: JsonObject): boolean {
  if (type === 'aws_lambda_event_source_mapping') return enabled !== false;
  if (type === 'aws_cloudwatch_event_rule' || type === 'aws_scheduler_schedule')
    return is_enabled !== false && state !== 'DISABLED';
  return false;
}

/** For resources that say how they are doing. */
export function resourceActive(type: string, values: JsonObject): Check<Present> {
  return {
    layer: 1,
    id: ids[type] ?? 'resource-active',
    expected: 'it can be used',
    judge: ({ condition, status, detail }) => {
      if (/^disabled$/i.test(status ?? '') && meantToRun(type, values))
        return fail(`${status}, and by the state it is enabled`);
      const seen = `${status ?? condition}${detail === undefined || detail === '' ? '' : `: ${detail}`}`;
      return condition === 'ready' ? pass(seen) : fail(seen);
    },
  };
}
