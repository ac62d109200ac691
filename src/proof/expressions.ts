/**
 * What an expression of the configuration is made from, through locals, arguments and outputs of modules. Values
 * that Terraform knows only after the apply are judged by this.
 */
import type {
  Declarations,
  ExpressionFacts,
  ModuleDeclarations,
  ResourceDeclaration,
} from '../terraform/model.ts';

export interface ExpressionInputs {
  /** Literal texts, each with the place it stands at. */
  readonly literals: readonly {
    readonly text: string;
    readonly file: string | null;
    readonly line: number;
  }[];
  /** Variables of the root module. */
  readonly variables: ReadonlySet<string>;
  /** `<module path>|aws_x.name` and `<module path>|data.aws_x.name`. */
  readonly resources: ReadonlySet<string>;
}

export interface ExpressionReader {
  declaration(resource: {
    modulePath: string;
    mode: string;
    type: string;
    name: string;
  }): ResourceDeclaration | undefined;
  /** Inputs of one attribute, of all under it, and of the block it stands in. */
  attribute(modulePath: string, declaration: ResourceDeclaration, path: string): ExpressionInputs;
  /** Inputs of what decides how many there are: `count` and `for_each` of the resource and of the modules around it. */
  repetition(modulePath: string, declaration: ResourceDeclaration): ExpressionInputs;
  expression(modulePath: string, expression: ExpressionFacts, file: string | null): ExpressionInputs;
}

interface Found {
  literals: { text: string; file: string | null; line: number }[];
  variables: Set<string>;
  resources: Set<string>;
  visited: Set<string>;
}

const reference = /^(data\.)?([A-Za-z_][\w-]*)(?:\[[^\]]*\])?\.([A-Za-z_][\w-]*)/;

/** The module around one, and the call in it: `api.inner` → `api`, `inner`. */
function callOf(modulePath: string): { readonly parent: string; readonly call: string } {
  const dot = modulePath.lastIndexOf('.');
  return { parent: dot < 0 ? '' : modulePath.slice(0, dot), call: modulePath.slice(dot + 1) };
}

export function declaredName(resource: { mode: string; type: string; name: string }): string {
  return `${resource.mode === 'data' ? 'data.' : ''}${resource.type}.${resource.name}`;
}

export function createExpressionReader(declarations: Declarations): ExpressionReader {
  const modules = declarations.modules;
  const moduleAt = (path: string): ModuleDeclarations | undefined =>
    Object.hasOwn(modules, path) ? modules[path] : undefined;

  /** Follows one expression; `declaration` gives `each` and `count` their meaning. */
  const follow = (
    path: string,
    expression: ExpressionFacts,
    file: string | null,
    found: Found,
    repetition: ExpressionFacts | null,
  ): void => {
    for (const text of expression.literals) found.literals.push({ text, file, line: expression.line });
    for (const text of expression.references) followReference(path, text, file, found, repetition);
  };

  const once = (found: Found, key: string): boolean => {
    if (found.visited.has(key)) return false;
    found.visited.add(key);
    return true;
  };

  const followVariable = (path: string, name: string, found: Found): void => {
    if (path === '') {
      found.variables.add(name);
      return;
    }
    const { parent, call } = callOf(path);
    const called = moduleAt(parent)?.calls[call];
    const given = called?.attributes[name];
    if (given)
      follow(
        parent,
        given,
        null,
        found,
        called?.attributes['for_each'] ?? called?.attributes['count'] ?? null,
      );
  };

  const followReference = (
    path: string,
    text: string,
    file: string | null,
    found: Found,
    repetition: ExpressionFacts | null,
  ): void => {
    if (/^(?:each|count)\b/.test(text)) {
      if (repetition && once(found, `${path}|each|${repetition.line}`))
        follow(path, repetition, file, found, null);
      return;
    }
    const match = reference.exec(text);
    if (!match || !once(found, `${path}|${match[0]}|${match[2] === 'module' ? text : ''}`)) return;
    const [, data, first = '', second = ''] = match;
    const module = moduleAt(path);
    if (data) found.resources.add(`${path}|data.${first}.${second}`);
    else if (first === 'local') {
      const local = module?.locals[second];
      if (local) follow(path, local, null, found, null);
    } else if (first === 'var') followVariable(path, second, found);
    else if (first === 'module') {
      const child = path === '' ? second : `${path}.${second}`;
      const output = /^module\.[\w-]+(?:\[[^\]]*\])?\.([\w-]+)/.exec(text)?.[1];
      const outputs = moduleAt(child)?.outputs;
      const wanted =
        output !== undefined && outputs?.[output] ? [outputs[output]] : Object.values(outputs ?? {});
      for (const each of wanted) follow(child, each, null, found, null);
    } else if (!['path', 'self', 'terraform', 'each', 'count'].includes(first))
      found.resources.add(`${path}|${first}.${second}`);
  };

  const collect = (into: (found: Found) => void): ExpressionInputs => {
    const found: Found = { literals: [], variables: new Set(), resources: new Set(), visited: new Set() };
    into(found);
    found.visited.clear();
    return found;
  };

  /** Instances share a declaration: ten thousand of them must not follow it ten thousand times. */
  const memo = new Map<string, ExpressionInputs>();
  const remembered = (key: string, into: (found: Found) => void): ExpressionInputs => {
    const known = memo.get(key);
    if (known) return known;
    const inputs = collect(into);
    memo.set(key, inputs);
    return inputs;
  };

  return {
    declaration({ modulePath, mode, type, name }) {
      const resources = moduleAt(modulePath)?.resources;
      const key = declaredName({ mode, type, name });
      return resources && Object.hasOwn(resources, key) ? resources[key] : undefined;
    },
    attribute: (modulePath, declaration, path) =>
      remembered(`${modulePath}|${declaration.address}|${path}`, (found) => {
        for (const [declared, expression] of Object.entries(declaration.attributes)) {
          const related =
            declared === path || declared.startsWith(`${path}.`) || path.startsWith(`${declared}.`);
          if (related) follow(modulePath, expression, declaration.file, found, declaration.repetition);
        }
      }),
    repetition: (modulePath, declaration) =>
      remembered(`${modulePath}|${declaration.address}`, (found) => {
        if (declaration.repetition) follow(modulePath, declaration.repetition, declaration.file, found, null);
        for (let path = modulePath; path !== ''; path = callOf(path).parent) {
          const { parent, call } = callOf(path);
          const attributes = moduleAt(parent)?.calls[call]?.attributes;
          for (const name of ['count', 'for_each']) {
            const given = attributes?.[name];
            if (given) follow(parent, given, null, found, null);
          }
        }
      }),
    expression: (modulePath, expression, file) =>
      collect((found) => follow(modulePath, expression, file, found, null)),
  };
}
