/** Compares two environments modulo ρ. Pure: everything it needs was read before. */
import { compareEnvironment } from './environment.ts';
import { compareFunctions } from './functions.ts';
import type { Comparison, Diff, DiffInput, DiffVerdict, Incomparable } from './model.ts';
import { comparePolicies } from './policies.ts';
import { compareResources } from './resources.ts';
import { createSameness } from './sameness.ts';
import { compareSecrets } from './secrets.ts';

const nothing: Diff['compared'] = { resource: 0, function: 0, environment: 0, policy: 0, secret: 0 };

/** The result where so much could not be read that there was nothing to compare. */
export function notComparable(
  a: string,
  b: string,
  incomparable: readonly Incomparable[],
  readFrom: Diff['readFrom'] = 'states',
): Diff {
  return {
    a,
    b,
    readFrom,
    verdict: 'not-comparable',
    differences: [],
    notes: [],
    incomparable,
    compared: nothing,
  };
}

function verdictOf(differences: number, incomparable: number): DiffVerdict {
  if (incomparable > 0) return 'not-comparable';
  return differences > 0 ? 'different' : 'equal';
}

export function compareEnvironments(input: DiffInput): Diff {
  const sameness = createSameness(input);
  const parts = {
    resource: compareResources(input),
    function: compareFunctions(input, sameness),
    environment: compareEnvironment(input, sameness),
    policy: comparePolicies(input, sameness),
    secret: compareSecrets(input),
  } satisfies Record<keyof Diff['compared'], Comparison>;
  const all: readonly Comparison[] = Object.values(parts);
  const differences = all.flatMap((part) => part.differences);
  const incomparable = [...input.unread, ...all.flatMap((part) => part.incomparable ?? [])];
  return {
    a: input.proof.source.name,
    b: input.proof.target.name,
    readFrom: input.readFrom,
    verdict: verdictOf(differences.length, incomparable.length),
    differences,
    notes: all.flatMap((part) => part.notes ?? []),
    incomparable,
    compared: {
      resource: parts.resource.compared,
      function: parts.function.compared,
      environment: parts.environment.compared,
      policy: parts.policy.compared,
      secret: parts.secret.compared,
    },
  };
}
