/** Everybody waits for what a command loads before it begins: what only some need is loaded when they do. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import * as ts from 'typescript';
import { expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../../src');

/** What a file loads as soon as it is loaded: imports of types are not there when it runs. */
async function importsOf(file: string): Promise<readonly string[]> {
  const { statements } = ts.createSourceFile(
    file,
    await readFile(file, 'utf8'),
    ts.ScriptTarget.ESNext,
    false,
  );
  return statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) {
      const { importClause: clause, moduleSpecifier } = statement;
      const named = clause?.namedBindings;
      const onlyTypes =
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
        (clause?.name === undefined &&
          named !== undefined &&
          ts.isNamedImports(named) &&
          named.elements.every(({ isTypeOnly }) => isTypeOnly));
      return onlyTypes ? [] : [(moduleSpecifier as ts.StringLiteral).text];
    }
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return [];
    return statement.moduleSpecifier ? [(statement.moduleSpecifier as ts.StringLiteral).text] : [];
  });
}

/** Every file of ours, relative to `src`, and every package that is loaded with a file. */
async function loadedWith(start: string): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>();
  const open = [join(src, start)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const name = relative(src, file);
    if (loaded.has(name)) continue;
    loaded.add(name);
    for (const specifier of await importsOf(file)) {
      if (specifier.startsWith('.')) open.push(resolve(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) loaded.add(specifier);
    }
  }
  return loaded;
}

/** Packages that take long to load, and the tables of what AWS has. */
const heavy = [
  /^@aws-sdk\//,
  /^@modelcontextprotocol\//,
  /^@octokit\//,
  /^(hono|@hono\/.*|grammy|@line\/.*|jiti|yaml|@clack\/prompts|web-tree-sitter)$/,
  /^aws\/(describe|clone)\/index\.ts$/,
  /^cli\/mcp\//,
];
const slow = async (start: string): Promise<readonly string[]> =>
  [...(await loadedWith(start))].filter((name) => heavy.some((pattern) => pattern.test(name)));

it('starts with next to nothing', async () => {
  const loaded = await loadedWith('bin.ts');
  expect([...loaded].filter((name) => !name.endsWith('.ts'))).toEqual([]);
  expect(loaded.size).toBeLessThan(10);
});

it.each(['list', 'status', 'plan', 'provision', 'verify', 'report', 'cost', 'extend', 'mcp'])(
  '%s loads nothing heavy before it is needed',
  async (command) => {
    expect(await slow(`cli/commands/${command}.ts`)).toEqual([]);
  },
);

it.each(['list', 'status', 'report'])(
  '%s, which only reads records, brings no transfer with it',
  async (command) => {
    const loaded = await loadedWith(`cli/commands/${command}.ts`);
    expect(loaded).not.toContain('steps/open.ts');
    expect(loaded).not.toContain('aws/registry.ts');
  },
);

it('sees what is heavy where it is loaded', async () => {
  expect(await slow('cli/mcp/server.ts')).toContain('@modelcontextprotocol/sdk/server/mcp.js');
  expect(await slow('steps/direct.ts')).toContain('aws/clone/index.ts');
});
