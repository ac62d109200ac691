/** A world as it is written down, and how it is played. */
import * as fc from 'fast-check';
import { type Ran, dayOne, runCommand } from './command.ts';
import { judge, type Violation } from './judge.ts';
import { makeWorld } from './make.ts';
import { anyMishap, apply, type Mishap } from './mishaps.ts';
import {
  backendKinds,
  companies,
  type Environment,
  moduleKinds,
  type Shape,
  type Snapshot,
  takeSnapshot,
  worldFrom,
} from './world.ts';

export interface Script {
  readonly shape: Shape;
  readonly mishaps: readonly Mishap[];
  /** Place of the environment that the commands are about. */
  readonly target: number;
  readonly commands: readonly ('destroy' | 'sweep' | 'gc')[];
}

export const anyScript: fc.Arbitrary<Script> = fc.record({
  shape: fc.record({
    backend: fc.constantFrom(...backendKinds),
    module: fc.constantFrom(...moduleKinds),
    company: fc.nat({ max: companies.length - 1 }),
    killed: fc.oneof(
      { weight: 7, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  }),
  mishaps: fc.array(anyMishap, { maxLength: 3 }),
  // Mostly one of ours: of the others there is no more to see than that they are refused.
  target: fc.oneof({ weight: 9, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) }),
  commands: fc.constantFrom<Script['commands']>(
    ['destroy'],
    ['destroy'],
    ['destroy', 'destroy'],
    ['destroy', 'sweep'],
    ['sweep'],
    ['gc'],
  ),
});

const threeDays = 3 * 24 * 3_600_000;

const argumentsOf = (command: Script['commands'][number], { name }: Environment): readonly string[] =>
  command === 'gc'
    ? ['gc', '--yes']
    : command === 'sweep'
      ? ['sweep', name, '--delete', '--yes']
      : ['destroy', name, '--yes'];

export interface Player {
  play(script: Script): Promise<{ readonly violations: readonly Violation[]; readonly runs: readonly Ran[] }>;
}

/** @param folder where the worlds are laid out, one after the other */
export function createPlayer(folder: string): Player {
  const made = new Map<string, Snapshot>();
  return {
    async play({ commands, mishaps, shape, target: place }) {
      const name = JSON.stringify(shape);
      const snapshot = made.get(name) ?? (await makeWorld(shape, folder));
      made.set(name, snapshot);
      const world = worldFrom(snapshot, shape, folder);
      const { environments } = world;
      for (const mishap of mishaps) apply(world, mishap);
      const ours = environments.filter(({ role }) => role === 'ours');
      // Of ours, only the last one has an end: it is the one that `gc` takes.
      const last = place < 0 || commands.includes('gc');
      const target = (last ? ours.at(-1) : environments[place % environments.length]) as Environment;
      const runs: Ran[] = [];
      for (const command of commands) {
        const before = takeSnapshot(world);
        const args = argumentsOf(command, target);
        const ran = await runCommand(world, args, command === 'gc' ? dayOne + threeDays : dayOne);
        runs.push(ran);
        const undisturbed =
          mishaps.length === 0 &&
          !shape.killed &&
          target.role === 'ours' &&
          command !== 'sweep' &&
          runs.length === 1;
        const after = takeSnapshot(world);
        const violations = judge({ world, target, command: args, before, after, ran, undisturbed });
        if (violations.length > 0) return { violations, runs };
      }
      return { violations: [], runs };
    },
  };
}
