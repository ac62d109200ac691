/** Which declaration refers to which: what a picture of an environment is drawn from. Pure. */
import { declaredName, type ExpressionReader } from '../proof/expressions.ts';
import type { TargetResource } from '../proof/target.ts';
import type { DeclaredReference } from './outputs.ts';

type Declared = Pick<TargetResource, 'modulePath' | 'mode' | 'type' | 'name'>;

/** Ordering is no reference, and neither is what Terraform alone reads. */
const notValues = /^(?:depends_on|lifecycle|provider|triggers)\b/;

/**
 * The references between declarations, through locals, modules and data sources, each once.
 *
 * @param resources those whose references are wanted; instances of one declaration count once
 * @returns addresses without instance keys, sorted
 */
export function declaredReferences(
  resources: readonly Declared[],
  expressions: ExpressionReader,
): readonly DeclaredReference[] {
  const result = new Map<string, DeclaredReference>();
  const visited = new Set<string>();
  for (const resource of resources) {
    const from = declaredAddress(resource.modulePath, declaredName(resource));
    if (visited.has(from)) continue;
    visited.add(from);
    for (const to of reachedFrom(resource, expressions)) {
      if (to !== from) result.set(`${from} ${to}`, { from, to });
    }
  }
  return [...result.values()].sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}

/** Data sources are looked through as well: a policy document is how a role comes to name a queue. */
function reachedFrom(start: Declared, expressions: ExpressionReader): ReadonlySet<string> {
  const reached = new Set<string>();
  const open: Declared[] = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const declaration = expressions.declaration(next);
    if (declaration === undefined) continue;
    for (const attribute of Object.keys(declaration.attributes)) {
      if (notValues.test(attribute)) continue;
      for (const key of expressions.attribute(next.modulePath, declaration, attribute).resources) {
        const bar = key.indexOf('|');
        const [modulePath, name] = [key.slice(0, bar), key.slice(bar + 1)];
        const address = declaredAddress(modulePath, name);
        if (reached.has(address)) continue;
        reached.add(address);
        const [mode, type, last] = name.split('.');
        if (mode === 'data' && type !== undefined && last !== undefined)
          open.push({ modulePath, mode: 'data', type, name: last });
      }
    }
  }
  return reached;
}

/** `api.inner`, `aws_x.name` → `module.api.module.inner.aws_x.name`. */
function declaredAddress(modulePath: string, name: string): string {
  const modules = modulePath === '' ? [] : modulePath.split('.').map((module) => `module.${module}`);
  return [...modules, name].join('.');
}
