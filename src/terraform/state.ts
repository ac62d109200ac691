/**
 * Reads a raw state, as `terraform state pull` prints it: format version 4, written by Terraform since 0.12 and by
 * OpenTofu. The raw state is read rather than `terraform show -json`, because that one has to start every provider.
 */
import { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { addressOf, modulePathOf } from './address.ts';
import type { OnSecret, StateModel, StateResource } from './model.ts';

/** Attribute values are the providers' business: only what stands around them has a schema. */
const Values = z.custom<JsonObject>(isJsonObject, 'not an object');

const PathStep = z.union([
  z.object({ type: z.literal('get_attr'), value: z.string() }),
  z.object({ type: z.literal('index'), value: z.object({ value: z.union([z.string(), z.number()]) }) }),
]);

const Instance = z.object({
  index_key: z.union([z.string(), z.number()]).optional(),
  status: z.string().optional(),
  deposed: z.string().optional(),
  // `null` is what Terraform writes for an object whose provider gave it no attributes.
  attributes: Values.nullish(),
  attributes_flat: z.unknown().optional(),
  sensitive_attributes: z.array(z.array(PathStep)).nullish(),
});

const Resource = z.object({
  module: z.string().optional(),
  mode: z.enum(['managed', 'data']),
  type: z.string().min(1),
  name: z.string().min(1),
  instances: z.array(Instance),
});

const StateV4 = z.object({
  terraform_version: z.string(),
  serial: z.number(),
  lineage: z.string(),
  outputs: z
    .record(z.string(), z.object({ value: z.unknown().optional(), sensitive: z.boolean().optional() }))
    .nullish(),
  resources: z.array(Resource).nullish(),
});

function unreadable(message: string, hint: string, cause?: unknown): ProvisionError {
  return new ProvisionError('state-unreadable', message, { hint, cause });
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(
      text.trim() === '' ? 'The state is an empty file.' : 'The state is not JSON.',
      'Is this the state of the environment? Compare it with what `terraform state pull` prints there.',
      error,
    );
  }
}

function checkVersion(raw: unknown): void {
  if (!isJsonObject(raw)) {
    throw unreadable(
      'The state is not a JSON object.',
      'Compare it with what `terraform state pull` prints.',
    );
  }
  if ('encrypted_data' in raw) {
    throw unreadable(
      'The state is encrypted (OpenTofu state encryption).',
      'Encrypted states are not supported: provision-env cannot prove that the source stays untouched.',
    );
  }
  const version = raw['version'];
  if (version === 4) return;
  if (version === undefined && 'format_version' in raw) {
    throw unreadable(
      'This is the output of `terraform show -json`, not a state.',
      'Give the raw state: what `terraform state pull` prints.',
    );
  }
  throw unreadable(
    `The state has format version ${JSON.stringify(version) ?? 'none'}; only version 4 is known.`,
    typeof version === 'number' && version < 4
      ? 'Upgrade it: run `terraform apply` on it with Terraform 0.12 or newer.'
      : 'A newer Terraform wrote it. A newer provision-env may know it.',
  );
}

type PathSteps = z.infer<typeof PathStep>[];

function joinPath(steps: PathSteps): string {
  return steps.map((step) => (step.type === 'get_attr' ? step.value : String(step.value.value))).join('.');
}

function readInstance(resource: z.infer<typeof Resource>, instance: z.infer<typeof Instance>): StateResource {
  const { module, mode, type, name } = resource;
  const address = addressOf({ module, mode, type, name, key: instance.index_key, deposed: instance.deposed });
  if (instance.attributes === undefined && instance.attributes_flat !== undefined) {
    throw unreadable(
      `The state holds ${address} in the form of Terraform 0.11.`,
      'Run `terraform apply -refresh-only` on it: Terraform then writes the present form.',
    );
  }
  return {
    address,
    mode,
    type,
    name,
    modulePath: modulePathOf(module),
    values: instance.attributes ?? {},
    sensitivePaths: (instance.sensitive_attributes ?? []).map(joinPath).sort(),
    tainted: instance.status === 'tainted',
  };
}

/** @throws ProvisionError `state-unreadable`, naming what is not understood. */
export function parseState(state: string | Json, onSecret?: OnSecret): StateModel {
  const raw = typeof state === 'string' ? parseText(state) : state;
  checkVersion(raw);
  const parsed = StateV4.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(
      `The state has an unknown shape at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'invalid'}.`,
      'Compare it with what `terraform state pull` prints; a state edited by hand may have lost something.',
      parsed.error,
    );
  }
  const { lineage, serial, terraform_version, resources, outputs } = parsed.data;
  const current: StateResource[] = [];
  const deposed: StateResource[] = [];
  for (const resource of resources ?? []) {
    for (const instance of resource.instances) {
      const list = instance.deposed === undefined ? current : deposed;
      list.push(readInstance(resource, instance));
    }
  }
  const entries = Object.entries(outputs ?? {});
  for (const [name, { sensitive, value }] of entries)
    if (sensitive) onSecret?.(name, (value ?? null) as Json);
  return {
    lineage,
    serial,
    terraformVersion: terraform_version,
    resources: current,
    ...(deposed.length === 0 ? {} : { deposed }),
    outputs: Object.fromEntries(
      // What `JSON.parse` made is JSON: the schema looks no deeper on purpose.
      entries
        .filter(([, output]) => !output.sensitive)
        .map(([name, { value }]) => [name, (value ?? null) as Json]),
    ),
    sensitiveOutputs: entries.filter(([, output]) => output.sensitive).map(([name]) => name),
  };
}
