/** What of all that a run reads is secret: here the redactor learns it. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Redactor } from '../redact/redactor.ts';
import { isAddress, looksIssued } from '../redact/strength.ts';
import type { Declarations, PlanModel, StateModel, StateResource } from '../terraform/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import type { SecretValues } from './in-memory.ts';
import { mayBeSecret } from './may-be-secret.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys in the JSON of a secret that say whose it is and where it is used. */
const aroundSecrets =
  /^(?:host(?:name)?|port|user(?:name)?|engine|db(?:name|cluster\w*|instance\w*)?|database|region|type|name|id|project_id|client_id|scheme|env|environment|stage|language|locale|timezone|description|version)$/i;

/**
 * A secret and the secrets in it: the password of a URL, the fields of a JSON text.
 * @param name that readers know it by
 */
export function learnSecret(redactor: Redactor, name: string, value: Json | undefined): void {
  if (typeof value === 'number') redactor.learn(name, String(value));
  else if (typeof value === 'string') learnText(redactor, name, value);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) learnField(redactor, name, key, inner);
}

function learnField(redactor: Redactor, name: string, key: string, value: Json): void {
  if (typeof value === 'string' && (aroundSecrets.test(key) || isAddress(value)) && !mayBeSecret(key)) return;
  learnSecret(redactor, `${name}.${key}`, value);
}

function learnText(redactor: Redactor, name: string, value: string): void {
  // Where a secret lies is none: functions get the ARN of theirs.
  if (isAddress(value)) return;
  redactor.learn(name, value);
  const parsed = parse(value);
  if (parsed !== undefined) learnSecret(redactor, name, parsed);
  for (const part of partsOf(value)) redactor.learn(name, part);
  const plain = decoded(value);
  if (plain !== null) learnText(redactor, name, plain);
}

/** What is a secret by itself within one: errors and logs name the password, not the URL that it stood in. */
function* partsOf(value: string): Generator<string> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value)) {
    const { password, pathname, searchParams, hash } = new URL(value);
    yield password;
    // Webhooks have theirs in the path.
    for (const segment of pathname.split('/')) if (looksIssued(segment)) yield segment;
    for (const pairs of [searchParams, new URLSearchParams(hash.slice(1))])
      for (const [name, inner] of pairs) if (mayBeSecret(name) || looksIssued(inner)) yield inner;
    return;
  }
  // `app:password@tcp(db:3306)/orders`
  const [, password] = /^[^\s:/@]+:([^\s]+)@[\w.([-]/.exec(value) ?? [];
  if (password !== undefined) yield password;
  // Settings in a row, or one a line: `Server=db;Password=x`, `password: x`.
  for (const { 1: name = '', 2: inner = '' } of value.matchAll(
    /\b([A-Za-z][\w .-]{0,60}?)[ \t]{0,9}[=:][ \t]{0,9}["']?([^\s;,"']+)/g,
  ))
    if (mayBeSecret(name.replaceAll(' ', '_'))) yield inner;
  const list = value.split(/[\s,;|]+/);
  if (list.length > 1) yield* list.filter(looksIssued);
}

/** Keys are kept in Base64 where a line must not break: their readers get the text. */
function decoded(value: string): string | null {
  const text = value.trim();
  if (text.length < 16 || !/^[\w+/-]+={0,2}$/.test(text)) return null;
  const plain = Buffer.from(text, 'base64').toString('utf8');
  return /^[\t\r\n\x20-\x7e\u00a0-\ufffc]{8,}$/.test(plain) ? plain : null;
}

function parse(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** All of a secret store but what is no secret by any sign: an address under a name that says so. */
export function learnValues(redactor: Redactor, values: SecretValues): void {
  for (const [key, value] of values.revealAll())
    if (mayBeSecret(key) || !isAccount(value)) learnSecret(redactor, key, value);
}

/** The number of an AWS account is in every ARN. */
const isAccount = (value: string): boolean => /^\d{12}$/.test(value.trim());

/** Where something lies is no secret: PWD, SSH_AUTH_SOCK, GOOGLE_APPLICATION_CREDENTIALS. */
const isPath = (value: string): boolean => isAbsolute(value) && existsSync(value);

/** Variables that sound like secrets, as the caller has them: tokens of services, `TF_VAR_…`. */
export function learnEnvironment(redactor: Redactor, environment: Environment): void {
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && mayBeSecret(name) && !isPath(value)) learnSecret(redactor, name, value);
}

/** Values of variables of the root module: of sensitive ones, and of those that sound so. The others may be shown. */
export function learnVariables(
  redactor: Redactor,
  declarations: Declarations,
  values: Readonly<Record<string, Json>>,
  environment: Environment = process.env,
): void {
  const declared = declarations.modules['']?.variables ?? {};
  const isSecret = (name: string): boolean => declared[name]?.sensitive === true || mayBeSecret(name);
  for (const { name, default: byDefault } of Object.values(declared)) {
    if (!isSecret(name)) continue;
    for (const value of [environment[`TF_VAR_${name}`], values[name], byDefault])
      learnSecret(redactor, name, value);
  }
  // A variable that no file declares may still be one of a module that is not on disk yet.
  for (const [name, value] of Object.entries(values)) if (isSecret(name)) learnSecret(redactor, name, value);
  // What was secret by then stays so, though somebody gives it to a plain variable, too.
  redactor.publish(
    Object.entries(values).flatMap(([name, value]) =>
      !isSecret(name) && typeof value === 'string' && !redactor.holdsSecret(value) ? [value] : [],
    ),
  );
}

function at(values: Json, path: string): Json | undefined {
  let current: Json | undefined = values;
  for (const step of path.split('.')) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(step)];
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

/** The attributes by which a resource is known to everybody. */
const identities = [
  'id',
  'arn',
  'name',
  'bucket',
  'function_name',
  'endpoint',
  'address',
  'url',
  'invoke_arn',
  'qualified_arn',
  'identifier',
  'cluster_identifier',
  'table_name',
  'function_url',
  'api_endpoint',
  'domain_name',
  'username',
  'master_username',
  'db_name',
  'database_name',
];

/** Of one resource, as it is or as it is planned. */
function learnResource(
  redactor: Redactor,
  { address, values, sensitivePaths }: Pick<StateResource, 'address' | 'values' | 'sensitivePaths'>,
): void {
  for (const path of sensitivePaths)
    learnSecret(
      redactor,
      path === '' ? address : `${address}.${path}`,
      path === '' ? values : at(values, path),
    );
  learnNamed(redactor, values, '', 0);
  // The id of a random text is the text, which may be a password.
  if (/(?:^|\.)random_\w+\.[\w-]+(?:\[.*\])?$/.test(address)) return;
  const covered = (name: string): boolean => sensitivePaths.some((path) => path === '' || path === name);
  redactor.publish(
    identities.flatMap((name) => {
      const value = values[name];
      return typeof value === 'string' && !covered(name) ? [value] : [];
    }),
  );
}

const deepest = 12;

/**
 * Values under names that sound like secrets, wherever they stand: environments of functions and containers, settings
 * of jobs, JSON texts. Attributes of resources have names of their own (`hash_key`, `kms_key_id`), and Terraform marks
 * those that are secret: only maps and lists of names and values are looked at here.
 */
function learnNamed(redactor: Redactor, value: Json, within: string, depth: number): void {
  if (depth > deepest) return;
  if (typeof value === 'string') {
    const parsed = parse(value);
    if (parsed !== undefined) learnNamed(redactor, parsed, within, depth + 1);
  } else if (Array.isArray(value)) {
    for (const each of value as readonly Json[]) learnNamed(redactor, each, within, depth + 1);
  } else if (isJsonObject(value)) learnMap(redactor, value, within, depth);
}

const holdsVariables =
  /^(?:variables|environment|environment_variables|environment_variable|\w*_environment_variables|secrets?|env|parameters|stage_variables|default_arguments|request_parameters|http_header|headers?)$/i;

function learnMap(redactor: Redactor, map: JsonObject, within: string, depth: number): void {
  const name = map['name'] ?? map['Name'] ?? map['key'];
  const named = map['value'] ?? map['Value'];
  if (typeof name === 'string' && typeof named === 'string' && mayBeSecret(name))
    learnSecret(redactor, name, named);
  for (const [key, inner] of Object.entries(map)) {
    if (/^tags(?:_all)?$/.test(key)) continue;
    if (typeof inner === 'string' && holdsVariables.test(within) && mayBeSecret(key))
      learnSecret(redactor, key, inner);
    learnNamed(redactor, inner, key, depth + 1);
  }
}

export function learnState(redactor: Redactor, state: StateModel | null): void {
  for (const resource of [...(state?.resources ?? []), ...(state?.deposed ?? [])])
    learnResource(redactor, resource);
  for (const [name, value] of Object.entries(state?.outputs ?? {}))
    if (mayBeSecret(name)) learnSecret(redactor, name, value);
}

/** The dotted paths at which a shape of booleans says `true`. */
function truePaths(shape: Json, prefix = ''): string[] {
  if (shape === true) return [prefix];
  if (typeof shape !== 'object' || shape === null) return [];
  return Object.entries(shape).flatMap(([key, inner]) =>
    truePaths(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

export function learnPlan(redactor: Redactor, plan: PlanModel): void {
  for (const { address, before, after, afterSensitive } of plan.changes) {
    const sensitivePaths = truePaths(afterSensitive);
    for (const values of [before, after])
      if (values !== null) learnResource(redactor, { address, values, sensitivePaths });
  }
  for (const resource of plan.dataSources) learnResource(redactor, resource);
}

/** Settings of a backend: keys of an account, a password in `conn_str`. */
export function learnBackend(redactor: Redactor, settings: Readonly<Record<string, Json>>): void {
  for (const [name, value] of Object.entries(settings))
    if (isSecretSetting(name, value)) learnSecret(redactor, name, value);
}

/** True for settings of Terraform's backends that hold a credential: `secret_key`, `sas_token`, a password in `conn_str`. */
export function isSecretSetting(name: string, value: Json): boolean {
  // The key of an object is where the state lies.
  if (name === 'key') return false;
  return mayBeSecret(name) || (typeof value === 'string' && /:\/\/[^/\s]*:[^/\s]*@/.test(value));
}
