/** `docs/resource-types.md`, from the table of resource types. */
import {
  categories,
  type Category,
  type NameLimit,
  type ResourceTypeFacts,
  type ResourceTypeTable,
  type UniquenessScope,
} from '../../src/terraform/types/facts.ts';

const categoryTitles: Readonly<Record<Category, string>> = {
  compute: 'Compute',
  iam: 'Identity, access and keys',
  storage: 'Storage, secrets and parameters',
  database: 'Databases and caches',
  network: 'Network, DNS and delivery',
  api: 'APIs and their users',
  workflow: 'Workflows and builds',
  logs: 'Logs, alarms and trails',
  schedule: 'Events and schedules',
  messaging: 'Queues, topics, streams and mail',
  registry: 'Container registries',
  external: 'Other providers',
};

const scopes: Readonly<Record<UniquenessScope, string>> = {
  global: 'all of AWS',
  account: 'the account',
  region: 'the account and region',
  parent: 'its parent',
  server: 'an id that AWS gives',
  local: 'the state alone',
};

const code = (text: string): string => `\`${text}\``;

/** Of a table's cell: a bar would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function identityText({ identity, scope }: ResourceTypeFacts): string {
  const attributes = identity.map(code).join(' + ');
  if (scope === 'local') return attributes === '' ? 'none' : `${attributes}, on this machine`;
  if (scope === 'server') return scopes.server;
  return attributes === '' ? `one in ${scopes[scope]}` : `${attributes} in ${scopes[scope]}`;
}

function limitText({ attribute, minLength, maxLength, allowed, source }: NameLimit): string {
  const length = minLength === undefined ? `at most ${maxLength}` : `${minLength} to ${maxLength}`;
  return `${code(attribute)}: ${length} characters${allowed === undefined ? '' : `; ${allowed}`} ([source](${source}))`;
}

function notes(facts: ResourceTypeFacts): readonly string[] {
  const { newCluster, holdsData, isFunction, modifies, policies, servicesLogGroup } = facts;
  return [
    ...(newCluster === true ? ['mapped as `new-cluster`'] : []),
    ...(holdsData === true ? ['holds data'] : []),
    ...(isFunction === true ? ['runs code: the contracts for functions apply'] : []),
    ...(modifies === undefined ? [] : [`changes the thing named by ${code(modifies)}`]),
    ...(policies === undefined ? [] : [`policy in ${policies.map(code).join(', ')}`]),
    ...(servicesLogGroup === undefined ? [] : [`the service makes the log group ${code(servicesLogGroup)}`]),
  ];
}

function row(facts: ResourceTypeFacts): string {
  const { type, title } = facts;
  return `| ${code(type)} | ${cell(title)} | ${cell(identityText(facts))} | ${cell(notes(facts).join('; '))} |`;
}

function names({ type, limits }: ResourceTypeFacts): readonly string[] {
  return limits.map((limit) => `- ${code(type)} ${limitText(limit)}`);
}

function hindrances({ type, obstacles = [] }: ResourceTypeFacts): readonly string[] {
  return obstacles.map(({ attribute, what, hint }) => `- ${code(type)} ${code(attribute)}: ${what}. ${hint}`);
}

function section(category: Category, rows: readonly ResourceTypeFacts[]): readonly string[] {
  const limits = rows.flatMap(names);
  const obstacles = rows.flatMap(hindrances);
  return [
    `## ${categoryTitles[category]}`,
    '',
    '| Type | What it is | Told from others by | Notes |',
    '| --- | --- | --- | --- |',
    ...rows.map(row),
    '',
    ...(limits.length > 0 ? ['Names:', '', ...limits, ''] : []),
    ...(obstacles.length > 0 ? ['What hinders or outlives a destroy:', '', ...obstacles, ''] : []),
  ];
}

/** By category, in each by type, so that the order of the files does not matter. */
export function renderResourceTypes(table: ResourceTypeTable): string {
  const all = [...table.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  return [
    '# Resource types',
    '',
    '<!-- Written by `npm run docs` from src/terraform/types. Do not edit. -->',
    '',
    'What provision-env knows of each type: by what the cloud tells one from another, which names its service takes, what',
    'a destroy meets. A type that is not here is judged by the names of its attributes and by comparing the two sides, and',
    'the run says so.',
    '',
    ...categories.flatMap((category) => {
      const rows = all.filter((facts) => facts.category === category);
      return rows.length === 0 ? [] : section(category, rows);
    }),
  ].join('\n');
}
