/** What a configuration of the AWS provider says of the place in which it acts, and as whom. Pure. */
import { relative } from 'node:path';
import type { Acting, RoleToAssume } from '../aws/actor.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import { isAccountId, placeOfArn } from '../transfer/place.ts';
import type { ProviderConfiguration, Setting, Settings } from './provider-blocks.ts';

/** What says it: named in what a person is told to change. */
interface Told {
  readonly value: string;
  /** `terraform/main.tf:12` */
  readonly where: string;
}

interface Untold {
  readonly value: null;
  /** One sentence. */
  readonly why: string;
}

export interface ProviderPlace {
  readonly acting: Acting;
  /** `null`: the environment, or the profile, says it. */
  readonly region: Told | Untold | null;
  /** The account of the last role; `null`: that of the credentials. */
  readonly account: (Told & { readonly partition: string | null }) | Untold | null;
  /** The only account that it lets itself act in. */
  readonly onlyAccount: string | null;
  /** Why clients of ours cannot act as it does; `null` if they can. */
  readonly outOfReach: string | null;
}

/** Acts as the environment says. */
export const byEnvironment: ProviderPlace = {
  acting: { roles: [] },
  region: null,
  account: null,
  onlyAccount: null,
  outOfReach: null,
};

/** Settings by which the provider finds credentials in a way that we do not follow. */
const otherWays = ['shared_credentials_files', 'shared_config_files', 'shared_credentials_file'] as const;

const isSet = (setting: Setting | undefined): setting is Setting =>
  setting !== undefined &&
  !(
    setting.known &&
    (setting.value === null ||
      setting.value === '' ||
      (Array.isArray(setting.value) && setting.value.length === 0))
  );

/** An account id that was written as a number has lost its leading zeros. */
const textOf = (value: Json): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

const known = (settings: Settings, name: string): string | undefined => {
  const setting = settings[name];
  return setting?.known && isSet(setting) ? textOf(setting.value) : undefined;
};

/** The configuration that resources use where they name none, or the only one that there is. */
export function mainConfiguration(
  configurations: readonly ProviderConfiguration[],
): ProviderConfiguration | undefined {
  return (
    configurations.find(({ alias }) => alias === null) ??
    (configurations.length === 1 ? configurations[0] : undefined)
  );
}

/** @param root folder that the files are named from */
export function placeOfProvider(configuration: ProviderConfiguration, root: string): ProviderPlace {
  const { settings, roles, rolesUntold, webIdentity, endpoints } = configuration;
  const at = (line: number): string => `${relative(root, configuration.file)}:${line}`;
  const where = at(configuration.line);
  const why = (name: string, { written, line }: Extract<Setting, { known: false }>): string =>
    `${name} of the provider (${at(line)}) is \`${written.replaceAll(/\s+/g, ' ')}\`, and only Terraform can tell what that is`;
  const untold = (name: string, of: Settings = settings): string | null => {
    const setting = of[name];
    return setting === undefined || setting.known ? null : why(name, setting);
  };

  const region = known(settings, 'region');
  const regionUntold = untold('region');
  const assumed = roles.filter((role) => isSet(role['role_arn']));
  const missing = [
    rolesUntold === null ? null : why('assume_role', rolesUntold),
    ...assumed.flatMap((role) => Object.keys(role).map((name) => untold(name, role))),
    ...['profile', 'access_key', 'secret_key', 'token'].map((name) => untold(name)),
    ...otherWays.map((name) =>
      isSet(settings[name]) ? `the provider (${where}) reads its credentials from \`${name}\`` : null,
    ),
    webIdentity === null ? null : `the provider (${where}) assumes a role with a web identity`,
  ].filter((text) => text !== null);
  const last = [...assumed, ...(webIdentity === null ? [] : [webIdentity])].at(-1)?.['role_arn'];

  return {
    acting: actingOf(settings, assumed, known(endpoints, 'sts'), region),
    region:
      region !== undefined
        ? { value: region, where }
        : regionUntold === null
          ? null
          : { value: null, why: regionUntold },
    account: accountOf(last, where, missing),
    onlyAccount: onlyOf(settings['allowed_account_ids']),
    outOfReach: missing[0] ?? null,
  };
}

function accountOf(
  role: Setting | undefined,
  where: string,
  missing: readonly string[],
): ProviderPlace['account'] {
  if (role?.known) {
    const arn = textOf(role.value) ?? '';
    const place = placeOfArn(arn);
    if (isAccountId(place?.account)) return { value: place.account, partition: place.partition, where };
    return {
      value: null,
      why: `the provider (${where}) assumes the role ${arn}, which names no account: an account id has twelve digits, and stands in quotes where it is written as a value`,
    };
  }
  const [first] = missing;
  return first === undefined ? null : { value: null, why: first };
}

function onlyOf(allowed: Setting | undefined): string | null {
  const ids = allowed?.known && Array.isArray(allowed.value) ? (allowed.value as readonly Json[]) : [];
  const [only] = ids;
  const text = only === undefined ? undefined : textOf(only);
  return ids.length === 1 && isAccountId(text) ? text : null;
}

function actingOf(
  settings: Settings,
  roles: readonly Settings[],
  stsEndpoint: string | undefined,
  region: string | undefined,
): Acting {
  const [accessKeyId, secretAccessKey] = [known(settings, 'access_key'), known(settings, 'secret_key')];
  const sessionToken = known(settings, 'token');
  const profile = known(settings, 'profile');
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : {
          keys: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
        }),
    roles: roles.flatMap((role) => roleOf(role) ?? []),
    ...(stsEndpoint === undefined ? {} : { stsEndpoint }),
    region: known(settings, 'sts_region') ?? region,
  };
}

function roleOf(role: Settings): RoleToAssume | null {
  const arn = known(role, 'role_arn');
  if (arn === undefined) return null;
  const texts = (name: string): string[] | undefined => {
    const value = role[name]?.known ? role[name].value : undefined;
    return Array.isArray(value) ? value.flatMap((each: Json) => textOf(each) ?? []) : undefined;
  };
  const tags = role['tags']?.known && isJsonObject(role['tags'].value) ? role['tags'].value : undefined;
  return {
    arn,
    sessionName: known(role, 'session_name'),
    externalId: known(role, 'external_id'),
    policy: known(role, 'policy'),
    policyArns: texts('policy_arns'),
    tags: tags && Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, textOf(value) ?? ''])),
    transitiveTagKeys: texts('transitive_tag_keys'),
    sourceIdentity: known(role, 'source_identity'),
  };
}
