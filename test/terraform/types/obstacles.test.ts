import { describe, expect, it } from 'vitest';
import { holds, obstaclesOf } from '../../../src/terraform/types/conditions.ts';
import { servicesLogGroups } from '../../../src/terraform/types/log-groups.ts';
import { valuesAt } from '../../../src/terraform/types/paths.ts';
import { resourceTypes } from '../../../src/terraform/types/table.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';

function facts(type: string) {
  const found = resourceTypes.get(type);
  if (!found) throw new Error(`${type} is not in the table`);
  return found;
}

const obstacles = (type: string, values: JsonObject): readonly string[] =>
  obstaclesOf(facts(type), values).map(({ effect, attribute }) => `${effect}: ${attribute}`);

describe('obstaclesOf', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['aws_rds_cluster', { skip_final_snapshot: true }, []],
    ['aws_rds_cluster', { skip_final_snapshot: null }, ['fails: skip_final_snapshot']],
    [
      'aws_rds_cluster',
      { skip_final_snapshot: false, final_snapshot_identifier: '' },
      ['fails: skip_final_snapshot'],
    ],
    [
      'aws_rds_cluster',
      { skip_final_snapshot: false, final_snapshot_identifier: 'last' },
      ['leaves: final_snapshot_identifier'],
    ],
    ['aws_rds_cluster', { skip_final_snapshot: true, final_snapshot_identifier: 'last' }, []],
    [
      'aws_db_instance',
      { skip_final_snapshot: true, deletion_protection: true, delete_automated_backups: false },
      ['fails: deletion_protection', 'leaves: delete_automated_backups'],
    ],
    ['aws_s3_bucket', { force_destroy: true, object_lock_enabled: false }, []],
    ['aws_s3_bucket', { force_destroy: false }, ['leaves: force_destroy']],
    ['aws_secretsmanager_secret', { recovery_window_in_days: 0 }, []],
    ['aws_secretsmanager_secret', { recovery_window_in_days: 7 }, ['leaves: recovery_window_in_days']],
    ['aws_secretsmanager_secret', { recovery_window_in_days: null }, ['leaves: recovery_window_in_days']],
    ['aws_secretsmanager_secret', {}, ['leaves: recovery_window_in_days']],
    ['aws_kms_key', { deletion_window_in_days: null }, ['leaves: deletion_window_in_days']],
    ['aws_lb', { enable_deletion_protection: true }, ['fails: enable_deletion_protection']],
    ['aws_cognito_user_pool', { deletion_protection: 'ACTIVE' }, ['fails: deletion_protection']],
    ['aws_cognito_user_pool', { deletion_protection: 'INACTIVE' }, []],
    [
      'aws_dynamodb_table',
      { deletion_protection_enabled: true, point_in_time_recovery: [{ enabled: true }] },
      ['fails: deletion_protection_enabled', 'leaves: point_in_time_recovery.0.enabled'],
    ],
    ['aws_dynamodb_table', { deletion_protection_enabled: false, point_in_time_recovery: [] }, []],
    ['aws_cloudwatch_log_group', { skip_destroy: true }, ['leaves: skip_destroy']],
    ['aws_ecr_repository', { force_delete: null }, ['leaves: force_delete']],
    [
      'aws_elasticache_replication_group',
      { final_snapshot_identifier: 'last' },
      ['leaves: final_snapshot_identifier'],
    ],
    ['aws_efs_backup_policy', { backup_policy: [{ status: 'ENABLED' }] }, ['leaves: backup_policy.0.status']],
  ])('%s with %j: %j', (type, values, expected) => {
    expect(obstacles(type, values)).toEqual(expected);
  });

  it('says of what only may happen on what it depends', () => {
    const [obstacle] = obstaclesOf(facts('aws_s3_bucket'), {});
    expect(obstacle).toMatchObject({
      what: 'destroy fails while there are objects in it',
      onlyIf: 'there are objects in it',
    });
  });
});

describe('servicesLogGroups', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['aws_lambda_function', { function_name: 'bot' }, ['/aws/lambda/bot']],
    ['aws_lambda_function', { function_name: 'bot', logging_config: [{ log_group: 'bots' }] }, ['bots']],
    [
      'aws_lambda_function',
      { function_name: 'bot', logging_config: [{ log_group: '' }] },
      ['/aws/lambda/bot'],
    ],
    ['aws_lambda_function', {}, []],
    [
      'aws_rds_cluster',
      { cluster_identifier: 'db', enabled_cloudwatch_logs_exports: ['postgresql', 'audit'] },
      ['/aws/rds/cluster/db/postgresql', '/aws/rds/cluster/db/audit'],
    ],
    ['aws_rds_cluster', { cluster_identifier: 'db', enabled_cloudwatch_logs_exports: null }, []],
    ['aws_codebuild_project', { name: 'ci' }, ['/aws/codebuild/ci']],
    [
      'aws_codebuild_project',
      { name: 'ci', logs_config: [{ cloudwatch_logs: [{ status: 'DISABLED' }] }] },
      [],
    ],
    [
      'aws_ecs_cluster',
      { name: 'main', setting: [{ name: 'containerInsights', value: 'enabled' }] },
      ['/aws/ecs/containerinsights/main/performance'],
    ],
    ['aws_ecs_cluster', { name: 'main', setting: [] }, []],
    [
      'aws_api_gateway_method_settings',
      { rest_api_id: 'abc', stage_name: 'dev', settings: [{ logging_level: 'INFO' }] },
      ['API-Gateway-Execution-Logs_abc/dev'],
    ],
    ['aws_sqs_queue', { name: 'jobs' }, []],
  ])('%s with %j: %j', (type, values, expected) => {
    expect(servicesLogGroups(facts(type), values)).toEqual(expected);
  });
});

describe('paths', () => {
  const values: JsonObject = { a: [{ b: 1 }, { b: null }, {}], c: { d: 'x' }, e: null };

  it('reads lists by index, all of them, and objects by own keys only', () => {
    expect(valuesAt(values, 'a.0.b')).toEqual([1]);
    expect(valuesAt(values, 'a[].b')).toEqual([1, null]);
    expect(valuesAt(values, 'c.d')).toEqual(['x']);
    expect(valuesAt(values, 'e.f')).toEqual([]);
    expect(valuesAt(values, 'c.constructor')).toEqual([]);
    expect(valuesAt(values, 'a.length')).toEqual([]);
  });

  it('judges what is not there as not set', () => {
    expect(holds(values, { attribute: 'e', when: 'absent' })).toBe(true);
    expect(holds(values, { attribute: 'nowhere', when: 'absent' })).toBe(true);
    expect(holds(values, { attribute: 'nowhere', when: { not: true } })).toBe(true);
    expect(holds(values, { attribute: 'nowhere', when: { oneOf: ['x'] } })).toBe(false);
    expect(holds(values, { attribute: 'c.d', when: 'set' })).toBe(true);
  });
});
