/** Reduces the output of `terraform providers schema -json` to what the tests of the type table need; see README.md. */
import { readFileSync } from 'node:fs';
import { resourceTypeRows } from '../../../src/terraform/types/table.ts';

interface Attribute {
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

interface Schemas {
  readonly provider_schemas: Readonly<
    Record<string, { readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>> }>
  >;
}

const depth = 3;

function flag({ required, optional, computed }: Attribute): string {
  if (required) return 'r';
  if (optional) return computed ? 'oc' : 'o';
  return 'c';
}

function paths(block: Block, prefix: string, level: number): [string, string][] {
  const attributes = Object.entries(block.attributes ?? {});
  const blocks = Object.entries(block.block_types ?? {}).filter(([name]) => name !== 'timeouts');
  return [
    ...attributes.map(([name, attribute]): [string, string] => [prefix + name, flag(attribute)]),
    ...blocks.flatMap(([name, { block: inner }]): [string, string][] => [
      [prefix + name, 'b'],
      ...(level < depth ? paths(inner, `${prefix}${name}.`, level + 1) : []),
    ]),
  ];
}

export interface ReducedSchema {
  readonly provider: string;
  readonly version: string;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Of `types` those that one of the providers has. */
export function reduceSchemas(
  { provider_schemas: providers }: Schemas,
  types: readonly string[],
  version: string,
): ReducedSchema {
  const schemas = Object.values(providers).map((provider) => provider.resource_schemas);
  const reduced = [...types].sort().flatMap((type) => {
    const schema = schemas.find((each) => each[type] !== undefined)?.[type];
    return schema ? [[type, Object.fromEntries(paths(schema.block, '', 1))] as const] : [];
  });
  return { provider: 'hashicorp/aws', version, types: Object.fromEntries(reduced) };
}

if (process.argv[1] === import.meta.filename) {
  const [file = '', version = ''] = process.argv.slice(2);
  const schemas = JSON.parse(readFileSync(file, 'utf8')) as Schemas;
  const types = resourceTypeRows.map(({ type }) => type);
  process.stdout.write(`${JSON.stringify(reduceSchemas(schemas, types, version))}\n`);
}
