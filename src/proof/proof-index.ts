/**
 * What several rules need of one input, worked out once and only when asked for. It is made for one proof and handed
 * to every rule, so that nothing outlives the input it was made from.
 */
import { isAbsolute, relative } from 'node:path';
import {
  classifySources,
  createSharedMatcher,
  pairResources,
  type Pairing,
  type SharedMatcher,
  type SourceClass,
} from './counterparts.ts';
import { createExpressionReader, type ExpressionInputs, type ExpressionReader } from './expressions.ts';
import { createMover } from './moves.ts';
import { createExistingThings, type ExistingThings } from './identities.ts';
import { createOwnedWords, createSharedWords, type Owner } from './owned.ts';
import type { ProofInput } from './rule.ts';
import { type Target, targetOf } from './target.ts';
import { createTranslator, type Translator, type VariableValues } from './translate.ts';
import type { WordIndex } from './words.ts';

export interface ProofIndex {
  readonly target: Target;
  readonly pairing: Pairing;
  /** By address of the source. */
  readonly classes: ReadonlyMap<string, SourceClass>;
  readonly expressions: ExpressionReader;
  readonly matchShared: SharedMatcher;
  readonly existing: ExistingThings;
  readonly owned: WordIndex<Owner>;
  /** Words of what both environments use; their owner is an address. */
  readonly shared: WordIndex<string>;
  readonly translator: Translator;
  /** Variables of the root module whose values differ between the sides, the environment's own left out. */
  readonly differing: ReadonlyMap<string, VariableValues>;
  /** The first of an expression's variables that explains a difference. */
  explanation(inputs: ExpressionInputs): string | undefined;
  /** Where something is declared, as Terraform says it: from the folder of the root module, not of this machine. */
  place(file: string, line: number): string;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export function createProofIndex(input: ProofInput): ProofIndex {
  const target = lazy(() => targetOf(input));
  const pairing = lazy(() =>
    pairResources(input.source.state, target().managed, input.rename, createMover(input.declarations)),
  );
  const expressions = lazy(() => createExpressionReader(input.declarations));
  const matchShared = lazy(() => createSharedMatcher(input.shared, input.types));
  const classes = lazy(() =>
    classifySources({
      source: input.source.state,
      pairing: pairing(),
      rename: input.rename,
      types: input.types,
      matchShared: matchShared(),
      expressions: expressions(),
    }),
  );
  const existing = lazy(() => createExistingThings(input));
  const owned = lazy(() =>
    createOwnedWords({ input, target: target(), pairing: pairing(), classes: classes() }),
  );
  const shared = lazy(() =>
    createSharedWords({ input, target: target(), pairing: pairing(), classes: classes() }, owned()),
  );
  const differing = lazy(() => differingVariables(input));
  const root = input.declarations.modules['']?.dir;
  const translator = lazy(() => createTranslator(input, target(), pairing(), differing()));
  return {
    get target() {
      return target();
    },
    get pairing() {
      return pairing();
    },
    get classes() {
      return classes();
    },
    get expressions() {
      return expressions();
    },
    get matchShared() {
      return matchShared();
    },
    get existing() {
      return existing();
    },
    get owned() {
      return owned();
    },
    get shared() {
      return shared();
    },
    get translator() {
      return translator();
    },
    get differing() {
      return differing();
    },
    explanation: ({ variables }) => [...variables].find((name) => differing().has(name)),
    place: (file, line) => `${root !== undefined && isAbsolute(file) ? relative(root, file) : file}:${line}`,
  };
}

function differingVariables(input: ProofInput): ReadonlyMap<string, VariableValues> {
  const declared = input.declarations.modules['']?.variables ?? {};
  const planned = input.target.plan?.variables ?? {};
  const names = new Set([
    ...Object.keys(declared),
    ...Object.keys(input.source.variables),
    ...Object.keys(input.target.variables),
  ]);
  names.delete(input.environmentVariable);
  const differing = new Map<string, VariableValues>();
  for (const name of names) {
    const { default: fallback, sensitive = false } = declared[name] ?? {};
    const source = input.source.variables[name] ?? fallback;
    const target = input.target.variables[name] ?? planned[name] ?? fallback;
    // What neither var-file nor default gives comes from the environment, and cannot be compared.
    if (source === undefined || target === undefined) continue;
    if (JSON.stringify(source) !== JSON.stringify(target)) differing.set(name, { source, target, sensitive });
  }
  return differing;
}
