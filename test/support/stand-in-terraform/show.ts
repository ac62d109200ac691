/** A plan as `terraform show -json` prints it, and the lines of the machine-readable output. */
import type { Json, JsonObject } from '../../../src/transfer/json.ts';
import type { Change, Plan } from './plan.ts';
import { addressOf, providerName, type State, terraformVersion } from './state.ts';
import { typeOf } from './types.ts';

const actions = {
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
  replace: ['delete', 'create'],
  'no-op': ['no-op'],
} as const;

const truths = (keys: readonly string[]): JsonObject => Object.fromEntries(keys.map((key) => [key, true]));

function shownChange({ address, type, name, action, before, after, unknown }: Change): JsonObject {
  const sensitive = truths(typeOf(type)?.sensitive ?? []);
  return {
    address,
    mode: 'managed',
    type,
    name,
    provider_name: providerName,
    change: {
      actions: actions[action],
      before,
      after,
      after_unknown: after === null ? {} : truths(unknown),
      before_sensitive: before === null ? false : sensitive,
      after_sensitive: after === null ? false : sensitive,
    },
  };
}

const shownState = ({ resources }: State): JsonObject => ({
  root_module: {
    resources: resources.map((resource) => ({
      address: addressOf(resource),
      mode: 'managed',
      type: resource.type,
      name: resource.name,
      provider_name: providerName,
      schema_version: resource.instances[0]?.schema_version ?? 0,
      values: resource.instances[0]?.attributes ?? {},
      sensitive_values: truths(typeOf(resource.type)?.sensitive ?? []),
    })),
  },
});

export function shownPlan(plan: Plan): JsonObject {
  const { changes, outputs, refreshed, sensitive, variables } = plan;
  const planned = changes.filter(({ after }) => after !== null);
  return {
    format_version: '1.2',
    terraform_version: terraformVersion,
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
    planned_values: {
      root_module: {
        resources: planned.map(({ address, type, name, after }) => ({
          address,
          mode: 'managed',
          type,
          name,
          provider_name: providerName,
          schema_version: typeOf(type)?.schemaVersion ?? 0,
          values: after,
          sensitive_values: truths(typeOf(type)?.sensitive ?? []),
        })),
      },
    },
    resource_changes: changes.map(shownChange),
    output_changes: Object.fromEntries(
      Object.entries(outputs).map(([name, { action }]): [string, Json] => [name, { actions: [action] }]),
    ),
    prior_state: {
      format_version: '1.0',
      terraform_version: terraformVersion,
      values: shownState(refreshed),
    },
    configuration: {
      root_module: {
        variables: Object.fromEntries(
          Object.keys(variables).map((name) => [name, sensitive.includes(name) ? { sensitive: true } : {}]),
        ),
      },
    },
  };
}

const line = (level: 'info' | 'error', message: string, more: JsonObject): string =>
  JSON.stringify({ '@level': level, '@message': message, '@module': 'terraform.ui', ...more });

export const versionLine = (): string =>
  line('info', `Terraform ${terraformVersion}`, { terraform: terraformVersion, type: 'version', ui: '1.2' });

const resourceOf = ({ address, type, name }: Pick<Change, 'address' | 'type' | 'name'>): JsonObject => ({
  addr: address,
  module: '',
  resource: address,
  implied_provider: 'aws',
  resource_type: type,
  resource_name: name,
  resource_key: null,
});

export const plannedLines = ({ changes }: Plan): readonly string[] =>
  changes
    .filter(({ action }) => action !== 'no-op')
    .map((change) =>
      line('info', `${change.address}: Plan to ${change.action}`, {
        change: { resource: resourceOf(change), action: change.action },
        type: 'planned_change',
      }),
    );

export function hookLine(
  phase: 'apply_start' | 'apply_complete' | 'apply_errored',
  change: Pick<Change, 'address' | 'type' | 'name'>,
  action: 'create' | 'update' | 'delete',
): string {
  return line('info', `${change.address}: ${action} (${phase})`, {
    hook: {
      resource: resourceOf(change),
      action,
      ...(phase === 'apply_start' ? {} : { elapsed_seconds: 0 }),
    },
    type: phase,
  });
}

export interface Count {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

export function countOf(changes: readonly Change[]): Count {
  const of = (...wanted: readonly Change['action'][]): number =>
    changes.filter(({ action }) => wanted.includes(action)).length;
  return { add: of('create', 'replace'), change: of('update'), remove: of('delete', 'replace') };
}

export const summaryLine = (operation: 'plan' | 'apply', { add, change, remove }: Count): string =>
  line(
    'info',
    operation === 'plan'
      ? `Plan: ${add} to add, ${change} to change, ${remove} to destroy.`
      : `Apply complete! Resources: ${add} added, ${change} changed, ${remove} destroyed.`,
    { changes: { add, change, import: 0, remove, operation }, type: 'change_summary' },
  );

export const outputsLine = (outputs: JsonObject): string =>
  line('info', `Outputs: ${Object.keys(outputs).length}`, { outputs, type: 'outputs' });
