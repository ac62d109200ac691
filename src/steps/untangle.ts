/**
 * Step 5: every attribute of what will be made is either portable (copied as it is) or context-bound (rewired). What
 * differs and is explained by nothing is a finding.
 */
import type { Resolver } from '../terraform/references.ts';
import type { PlannedResource, StateResource } from '../terraform/model.ts';
import { isContextBound } from '../terraform/types/identity.ts';
import type { Finding } from '../transfer/finding.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import type { Rename } from '../environment/rename.ts';
import type { UntangledAttribute, UntangleOutput } from './outputs.ts';

export interface Pair {
  readonly source: StateResource;
  readonly target: PlannedResource;
}

export interface UntangleInput {
  readonly pairs: readonly Pair[];
  readonly rename: Rename;
  /** Variables whose value differs between the two sides. */
  readonly differingVariables: ReadonlySet<string>;
  /** Names of the variables that an attribute's expression depends on, directly or through locals and modules. */
  readonly variablesOf: Resolver;
}

/** Pure: the same two sides give the same answer. */
export function untangle(input: UntangleInput): { output: UntangleOutput; findings: readonly Finding[] } {
  const portable = new Map<string, { attributes: Set<string>; count: number }>();
  const contextBound: UntangledAttribute[] = [];
  const unexplained: { address: string; attribute: string }[] = [];

  for (const pair of input.pairs) {
    for (const leaf of leavesOf(pair)) {
      const how = explain(leaf, pair, input);
      if (how === 'portable') {
        const known = portable.get(pair.target.type) ?? { attributes: new Set(), count: 0 };
        known.attributes.add(topLevel(leaf.path));
        known.count += 1;
        portable.set(pair.target.type, known);
      } else if (how === 'unexplained') {
        unexplained.push({ address: pair.target.address, attribute: leaf.path });
      } else {
        contextBound.push({
          address: pair.target.address,
          attribute: leaf.path,
          source: leaf.secret ? '(secret)' : shortened(leaf.before),
          target: leaf.unknown ? null : leaf.secret ? '(secret)' : shortened(leaf.after),
          how,
        });
      }
    }
  }
  return {
    output: {
      portable: [...portable.entries()]
        .map(([type, { attributes, count }]) => ({ type, attributes: [...attributes].sort(), count }))
        .sort((a, b) => a.type.localeCompare(b.type)),
      contextBound,
      unexplained,
    },
    findings: unexplained.map(({ address, attribute }) => ({
      rule: 'unexplained-difference',
      severity: 'warning',
      subject: address,
      message: `${attribute} differs between ${input.rename.source} and ${input.rename.target}, and neither the name of the environment nor a variable explains it.`,
      hint: `Either ${input.rename.source} has drifted from its configuration (run a plan for it), or the configuration has changed since it was applied.`,
    })),
  };
}

interface Leaf {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
  readonly unknown: boolean;
  readonly secret: boolean;
}

type Explanation = UntangledAttribute['how'] | 'portable' | 'unexplained';

function explain(
  leaf: Leaf,
  { target }: Pair,
  { rename, differingVariables, variablesOf }: UntangleInput,
): Explanation {
  const { before, after, path } = leaf;
  const dependsOn = (): readonly string[] => variablesOf(target, path);
  if (leaf.unknown) return variablesOf.hasReferences(target, path) ? 'from-reference' : 'given-by-cloud';
  if (leaf.secret) return JSON.stringify(before) === JSON.stringify(after) ? 'portable' : 'secret';
  if (JSON.stringify(before) === JSON.stringify(after)) {
    // The same on both sides and yet bound: it names something that both use, for example the shared bucket.
    return isContextBound(topLevel(path), before) && rename.namesTarget(String(after))
      ? 'renamed'
      : 'portable';
  }
  if (typeof before === 'string' && typeof after === 'string' && rename.equalUnder(before, after))
    return 'renamed';
  if (dependsOn().some((name) => differingVariables.has(name))) return 'by-variable';
  // Computed by the provider in the source and not part of the plan.
  if (isEmpty(after)) return 'given-by-cloud';
  return 'unexplained';
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

const topLevel = (path: string): string => path.split('.').filter((part) => !/^\d+$/.test(part))[0] ?? path;

/** All scalar values of the two sides, side by side. Empty on both sides is not worth a word. */
function* leavesOf({ source, target }: Pair): Generator<Leaf> {
  const sensitive = new Set(source.sensitivePaths);
  function* walk(
    path: string,
    before: Json | undefined,
    after: Json | undefined,
    unknown: Json | undefined,
    secret: Json | undefined,
  ): Generator<Leaf> {
    const isSecret = secret === true || sensitive.has(path);
    if (unknown === true) {
      yield { path, before: before ?? null, after: null, unknown: true, secret: isSecret };
      return;
    }
    const nested = [before, after].find((side) => side !== null && typeof side === 'object');
    if (nested === undefined || isSecret) {
      if (!(isEmpty(before) && isEmpty(after))) {
        yield { path, before: before ?? null, after: after ?? null, unknown: false, secret: isSecret };
      }
      return;
    }
    const keys = new Set(
      [before, after, unknown].flatMap((side) => (side && typeof side === 'object' ? Object.keys(side) : [])),
    );
    for (const key of keys) {
      yield* walk(
        path === '' ? key : `${path}.${key}`,
        at(before, key),
        at(after, key),
        at(unknown, key),
        at(secret, key),
      );
    }
  }
  yield* walk('', source.values, target.after ?? {}, target.afterUnknown, target.afterSensitive);
}

function at(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)] as Json | undefined;
  return isJsonObject(value) ? value[key] : undefined;
}

function shortened(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
