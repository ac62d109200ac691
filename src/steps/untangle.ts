/**
 * Step 5: every attribute of what will be made is either portable (copied as it is) or context-bound (rewired). What
 * differs and is explained by nothing is a finding.
 */
import type { Rename } from '../environment/rename.ts';
import type { Pair } from '../proof/counterparts.ts';
import type { ExpressionReader } from '../proof/expressions.ts';
import { ownershipTag } from '../sweep/classify.ts';
import type { Finding } from '../transfer/finding.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import type { UntangledAttribute, UntangleOutput } from './outputs.ts';

export interface UntangleInput {
  readonly pairs: readonly Pair[];
  readonly rename: Rename;
  /** Variables of the root module whose value differs between the two sides. */
  readonly differingVariables: ReadonlySet<string>;
  readonly expressions: ExpressionReader;
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

function explain(leaf: Leaf, { target }: Pair, input: UntangleInput): Explanation {
  const { before, after, path } = leaf;
  const inputs = () => {
    const declaration = input.expressions.declaration(target);
    return declaration && input.expressions.attribute(target.modulePath, declaration, withoutIndices(path));
  };
  if (leaf.unknown) return (inputs()?.resources.size ?? 0) > 0 ? 'from-reference' : 'given-by-cloud';
  if (JSON.stringify(before) === JSON.stringify(after)) return 'portable';
  if (leaf.secret) return 'secret';
  if (typeof before === 'string' && typeof after === 'string' && input.rename.equalUnder(before, after))
    return 'renamed';
  for (const name of inputs()?.variables ?? []) if (input.differingVariables.has(name)) return 'by-variable';
  // The direct engine marks what it makes.
  if (path.endsWith(`.${ownershipTag}`) && after === input.rename.target) return 'renamed';
  // Computed by the provider in the source and not part of the plan.
  if (isEmpty(after)) return 'given-by-cloud';
  // What stands already has its ids and dates: known by now, and still nothing that the configuration says.
  if (target.action !== 'create' && !isDeclared(leaf, target, input)) return 'given-by-cloud';
  return 'unexplained';
}

/** True also where the declaration is not known: then nothing is passed over. */
function isDeclared({ path }: Leaf, target: Pair['target'], { expressions }: UntangleInput): boolean {
  const declared = expressions.declaration(target);
  return (
    declared === undefined ||
    Object.keys(declared.attributes).some((attribute) => topLevel(attribute) === topLevel(path))
  );
}

const withoutIndices = (path: string): string =>
  path
    .split('.')
    .filter((part) => !/^\d+$/.test(part))
    .join('.');

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

const topLevel = (path: string): string => path.split('.')[0] ?? path;

/** All scalar values of the two sides, side by side. Empty on both sides is not worth a word. */
function* leavesOf({ source, target }: Pair): Generator<Leaf> {
  const secretInSource = new Set(source.sensitivePaths);
  function* walk(
    keys: readonly string[],
    before: Json | undefined,
    after: Json | undefined,
    unknown: Json | undefined,
  ): Generator<Leaf> {
    const path = keys.join('.');
    const secret = keys.length > 0 && (secretInSource.has(path) || target.isSensitive(keys));
    if (unknown === true) {
      yield { path, before: before ?? null, after: null, unknown: true, secret };
      return;
    }
    const nested = [before, after].some((side) => typeof side === 'object' && side !== null);
    if (!nested || secret) {
      if (isEmpty(before) && isEmpty(after)) return;
      yield { path, before: before ?? null, after: after ?? null, unknown: false, secret };
      return;
    }
    const names = new Set(
      [before, after, unknown].flatMap((side) => (side && typeof side === 'object' ? Object.keys(side) : [])),
    );
    for (const name of names)
      yield* walk([...keys, name], at(before, name), at(after, name), at(unknown, name));
  }
  yield* walk([], source.values, target.values, target.unknown);
}

function at(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)] as Json | undefined;
  return isJsonObject(value) ? value[key] : undefined;
}

function shortened(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
