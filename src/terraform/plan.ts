/** Reads a plan, as `terraform show -json <plan file>` prints it: format version 1. */
import { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { deposedSuffix, modulePathOf } from './address.ts';
import type { OnSecret, PlanModel, PlannedAction, PlannedResource, StateResource } from './model.ts';

/** Values are the providers' business, and there may be many megabytes of them: they are passed on unread. */
const Values = z.custom<JsonObject>(isJsonObject, 'not an object');
const AnyJson = z.unknown().transform((value) => value as Json);

const Change = z.object({
  address: z.string().min(1),
  previous_address: z.string().optional(),
  module_address: z.string().optional(),
  // Only these two have something in the cloud; other modes (ephemeral) are skipped below.
  mode: z.string(),
  type: z.string().min(1),
  name: z.string().min(1),
  deposed: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: Values.nullish(),
    after: Values.nullish(),
    after_unknown: AnyJson.optional(),
    after_sensitive: AnyJson.optional(),
    importing: z.object({ id: z.string().optional() }).nullish(),
  }),
});

const ValuesResource = z.object({
  address: z.string().min(1),
  mode: z.string(),
  type: z.string().min(1),
  name: z.string().min(1),
  values: Values.nullish(),
  sensitive_values: AnyJson.optional(),
  tainted: z.boolean().optional(),
});

/** Left unread until it is walked: only the data sources in it are wanted. */
interface ValuesModule {
  readonly address?: unknown;
  readonly resources?: unknown;
  readonly child_modules?: unknown;
}
const RootModule = z.object({ root_module: z.custom<ValuesModule>(isJsonObject).optional() }).nullish();

const Plan = z.object({
  format_version: z.string(),
  terraform_version: z.string(),
  variables: z.record(z.string(), z.object({ value: AnyJson.optional() })).nullish(),
  resource_changes: z.array(Change).nullish(),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).nullish(),
  planned_values: RootModule,
  prior_state: z.object({ values: RootModule }).nullish(),
  configuration: z
    .object({
      root_module: z
        .object({
          variables: z.record(z.string(), z.object({ sensitive: z.boolean().optional() })).optional(),
        })
        .optional(),
    })
    .nullish(),
});

const actionsByName: Readonly<Record<string, PlannedAction>> = {
  'no-op': 'no-op',
  create: 'create',
  read: 'read',
  update: 'update',
  delete: 'delete',
  forget: 'forget',
  'delete,create': 'replace',
  'create,delete': 'replace',
  // The old object is left in the cloud, unknown to Terraform (`removed` with `destroy = false`).
  'create,forget': 'replace',
  'forget,create': 'replace',
};

function unreadable(message: string, cause?: unknown): ProvisionError {
  return new ProvisionError('output-unreadable', message, {
    cause,
    hint: 'This Terraform may be newer than this provision-env. Try a newer provision-env, or an older Terraform.',
  });
}

function actionOf(actions: readonly string[], subject: string): PlannedAction {
  const action = actionsByName[actions.join(',')];
  // A guess here could let a deletion pass as harmless.
  if (action === undefined)
    throw unreadable(`The plan has an unknown action for ${subject}: ${actions.join(', ')}.`);
  return action;
}

function readChange(raw: z.infer<typeof Change>): PlannedResource | undefined {
  if (raw.mode !== 'managed' && raw.mode !== 'data') return undefined;
  const { change } = raw;
  const address = raw.address + deposedSuffix(raw.deposed);
  return {
    address,
    mode: raw.mode,
    type: raw.type,
    name: raw.name,
    modulePath: modulePathOf(raw.module_address),
    action: actionOf(change.actions, address),
    before: change.before ?? null,
    after: change.after ?? null,
    afterUnknown: change.after_unknown ?? false,
    afterSensitive: change.after_sensitive ?? false,
    ...(change.importing ? { importId: change.importing.id ?? '' } : {}),
    ...(raw.previous_address === undefined ? {} : { previousAddress: raw.previous_address }),
  };
}

/** The dotted paths at which a shape of booleans says `true`. */
function truePaths(shape: Json | undefined, prefix = ''): string[] {
  if (shape === true) return [prefix];
  if (typeof shape !== 'object' || shape === null) return [];
  return Object.entries(shape).flatMap(([key, inner]) =>
    truePaths(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

function collectData(module: unknown, into: Map<string, StateResource>): void {
  if (!isJsonObject(module)) return;
  const address = typeof module['address'] === 'string' ? module['address'] : undefined;
  const resources: readonly Json[] = Array.isArray(module['resources']) ? module['resources'] : [];
  for (const raw of resources) {
    if (!isJsonObject(raw) || raw['mode'] !== 'data') continue;
    const parsed = ValuesResource.safeParse(raw);
    if (!parsed.success) throw unreadable('The plan has a data source of unknown shape.', parsed.error);
    const { values, sensitive_values, tainted, type, name } = parsed.data;
    into.set(parsed.data.address, {
      address: parsed.data.address,
      mode: 'data',
      type,
      name,
      modulePath: modulePathOf(address),
      values: values ?? {},
      sensitivePaths: truePaths(sensitive_values).sort(),
      tainted: tainted ?? false,
    });
  }
  const children: readonly Json[] = Array.isArray(module['child_modules']) ? module['child_modules'] : [];
  for (const child of children) collectData(child, into);
}

function readVariables(plan: z.infer<typeof Plan>, onSecret?: OnSecret): Record<string, Json> {
  const declared = plan.configuration?.root_module?.variables ?? {};
  const entries = Object.entries(plan.variables ?? {});
  // What is not declared cannot be known to be harmless, so it is left out too.
  for (const [name, { value }] of entries) if (declared[name]?.sensitive) onSecret?.(name, value ?? null);
  const open = entries.filter(([name]) => declared[name] !== undefined && declared[name].sensitive !== true);
  return Object.fromEntries(open.map(([name, { value }]) => [name, value ?? null]));
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable('`terraform show -json` did not print JSON.', error);
  }
}

/** @throws ProvisionError `output-unreadable`, naming what is not understood. */
export function parsePlan(plan: string | Json, onSecret?: OnSecret): PlanModel {
  const parsed = Plan.safeParse(typeof plan === 'string' ? parseText(plan) : plan);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'its top';
    throw unreadable(
      `The plan has an unknown shape at ${where}: ${issue?.message ?? 'invalid'}.`,
      parsed.error,
    );
  }
  const { data } = parsed;
  if (!data.format_version.startsWith('1.')) {
    throw unreadable(`The plan has format version ${data.format_version}; only version 1 is known.`);
  }
  const dataSources = new Map<string, StateResource>();
  collectData(data.planned_values?.root_module, dataSources);
  // What was really read wins over what is planned to be read during the apply.
  collectData(data.prior_state?.values?.root_module, dataSources);
  return {
    terraformVersion: data.terraform_version,
    changes: (data.resource_changes ?? []).map(readChange).filter((change) => change !== undefined),
    dataSources: [...dataSources.values()],
    variables: readVariables(data, onSecret),
    outputChanges: Object.fromEntries(
      Object.entries(data.output_changes ?? {}).map(([name, { actions }]) => [
        name,
        actionOf(actions, `output ${name}`),
      ]),
    ),
  };
}
