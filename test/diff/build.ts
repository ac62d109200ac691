/** Two small environments for the comparisons, equal modulo ρ, and ways to put one thing wrong. */
import { compareEnvironments } from '../../src/diff/compare.ts';
import type { Diff, DiffInput, SecretFingerprints, SecretPlace } from '../../src/diff/model.ts';
import { createRename } from '../../src/environment/rename.ts';
import { createProofIndex } from '../../src/proof/proof-index.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import type { SecretClass } from '../../src/proof/secrets.ts';
import { mayBeSecret } from '../../src/secrets/may-be-secret.ts';
import type { StateResource } from '../../src/terraform/model.ts';
import { applied, withTarget, world } from '../proof/build.ts';

export interface Options {
  readonly secrets?: readonly SecretPlace[];
  readonly classes?: Readonly<Record<string, SecretClass>>;
  readonly unread?: DiffInput['unread'];
}

/** dev and feature-auth of the proof's own world, the second as it is after the apply. */
export const pair = (): ProofInput => applied(world());

/** Adds a resource to the state of the second. */
export function inB(input: ProofInput, ...more: readonly StateResource[]): ProofInput {
  const { state } = input.target;
  if (!state) throw new Error('This input has no state of the target.');
  return withTarget(input, { state: { ...state, resources: [...state.resources, ...more] } });
}

export function withoutB(input: ProofInput, address: string): ProofInput {
  const { state } = input.target;
  if (!state) throw new Error('This input has no state of the target.');
  return withTarget(input, {
    state: { ...state, resources: state.resources.filter((resource) => resource.address !== address) },
  });
}

function exchanged(input: ProofInput): ProofInput {
  const { source, target, rename } = input;
  if (!target.state) throw new Error('This input has no state of the target.');
  const { lineage, serial } = target.state;
  return {
    ...input,
    source: {
      name: target.name,
      state: target.state,
      stateLocation: target.stateLocation,
      variables: target.variables,
      fingerprintBefore: { lineage, serial, observed: {} },
    },
    target: {
      ...target,
      name: source.name,
      state: source.state,
      stateLocation: source.stateLocation,
      variables: source.variables,
    },
    rename: createRename(rename.target, rename.source),
  };
}

export function compared(proof: ProofInput, options: Options = {}): Diff {
  const reverse = exchanged(proof);
  return compareEnvironments({
    readFrom: 'states',
    proof,
    index: createProofIndex(proof),
    reverse: { proof: reverse, index: createProofIndex(reverse) },
    secrets: options.secrets ?? [],
    classOf: (key) => options.classes?.[key] ?? 'isolated',
    mayBeSecret,
    shown: (text) => text,
    unread: options.unread ?? [],
  });
}

/** `kind change subject what` of each. */
export const brief = ({ differences }: Diff): readonly string[] =>
  differences.map(({ kind, change, subject, what }) => [kind, change, subject, what].join(' ').trim());

export const strong = (text: string): string => `hmac:key:${text}`;

export const secret = (plain: readonly string[], renamed = plain): SecretFingerprints => ({ plain, renamed });

export function place(
  ofA: Readonly<Record<string, SecretFingerprints>>,
  ofB: Readonly<Record<string, SecretFingerprints>>,
): SecretPlace {
  return {
    a: 'the config dev',
    b: 'the config feature-auth',
    keysOfA: new Map(Object.entries(ofA)),
    keysOfB: new Map(Object.entries(ofB)),
  };
}
