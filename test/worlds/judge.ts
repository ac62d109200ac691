/**
 * What must hold after any command on one environment, whatever has happened before. Nothing here asks the product: who
 * made what is the world's own bookkeeping.
 */
import { exitCodes } from '../../src/transfer/error-codes.ts';
import { isJsonObject, type Json } from '../../src/transfer/json.ts';
import type { Ran } from './command.ts';
import {
  type Environment,
  type Files,
  type ModuleKind,
  readHome,
  type Snapshot,
  type World,
} from './world.ts';

export interface Violation {
  /** Of the promises, the one that is broken. */
  readonly promise:
    'others-untouched' | 'nothing-left' | 'refusal-changes-nothing' | 'never-unexpected' | 'clear-way';
  readonly what: string;
}

const servicesOf: Readonly<Record<ModuleKind, readonly string[]>> = {
  two: ['dynamodb', 'ssm'],
  all: ['dynamodb', 'iam', 'logs', 'sqs', 'ssm'],
  shared: ['dynamodb'],
};

const key = ({ type, region, name }: World['account']['things'][number]): string =>
  `${type} ${region} ${name}`;

/** What a command may write on the way, and what tells nothing of environments. */
const ownBusiness =
  /^project\/\.provision-env\/(?:data|reports|locks)(?:\/|$)|^project\/\.provision-env\/(?:\.gitignore|fingerprint\.key)$|^(?:data-of-people|tmp)\//;

const entryText = (files: Files, path: string): string | null =>
  files[path] === undefined ? null : JSON.stringify(files[path]);

/** Paths of files that are not as they were. */
const changedFiles = (before: Files, after: Files): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => !ownBusiness.test(path) && entryText(before, path) !== entryText(after, path),
  );

export interface Judged {
  readonly world: World;
  readonly target: Environment;
  readonly command: readonly string[];
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly ran: Ran;
  /** Nothing has happened that the command would have to refuse. */
  readonly undisturbed: boolean;
}

export function judge(judged: Judged): readonly Violation[] {
  return [
    ...unexpected(judged),
    ...othersTouched(judged),
    ...changedByRefusal(judged),
    ...left(judged),
    ...blocked(judged),
  ];
}

const found = (promise: Violation['promise'], what: string): Violation => ({ promise, what });

function unexpected({ ran }: Judged): Violation[] {
  const { document, exitCode, stderr } = ran;
  const codes = [
    document?.error?.code,
    ...(document?.gc?.environments ?? []).map(({ error }) => error?.code),
  ];
  if (document === null) return [found('never-unexpected', `no document: ${stderr.slice(-400)}`)];
  return codes.includes('unexpected')
    ? [found('never-unexpected', `exit ${exitCode}: ${document.error?.message ?? stderr.slice(-400)}`)]
    : [];
}

function othersTouched({ after, before, target, world }: Judged): Violation[] {
  const violations: Violation[] = [];
  const now = new Map(after.account.things.map((thing) => [key(thing), thing]));
  for (const thing of before.account.things) {
    if (thing.maker === target.name) continue;
    const same = JSON.stringify(now.get(key(thing))) === JSON.stringify(thing);
    if (!same)
      violations.push(found('others-untouched', `${thing.maker}'s ${key(thing)} is gone or changed`));
  }
  for (const { home, name } of world.environments) {
    if (name === target.name || !('object' in home)) continue;
    if (before.account.objects[home.object] !== after.account.objects[home.object])
      violations.push(found('others-untouched', `the state of ${name} is gone or changed`));
  }
  const mine = new Set(
    [
      target.varFile,
      target.backendFile,
      target.secretsFile,
      target.record,
      ...('file' in target.home ? [target.home.file, `${target.home.file}.backup`] : []),
      `.provision-env/destroyed/${target.name}.json`,
      `.provision-env/journal/${target.name}.jsonl`,
    ].map((path) => `project/${path}`),
  );
  const others = changedFiles(before.files, after.files).filter((path) => !mine.has(path));
  return [...violations, ...others.map((path) => found('others-untouched', `${path} is gone or changed`))];
}

function changedByRefusal({ after, before, ran }: Judged): Violation[] {
  if (![exitCodes.usage, exitCodes.blocked, exitCodes.waiting].some((code) => code === ran.exitCode))
    return [];
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  return [
    ...(same(before.account.things, after.account.things) ? [] : ['the account']),
    ...(same(before.account.objects, after.account.objects) ? [] : ['a state']),
    ...changedFiles(before.files, after.files),
  ].map((what) =>
    found(
      'refusal-changes-nothing',
      `exit ${ran.exitCode} (${ran.document?.error?.code}), and changed: ${what}`,
    ),
  );
}

function left({ after, command, ran, target, world }: Judged): Violation[] {
  if (ran.exitCode !== 0) return [];
  const collected = ran.document?.gc?.environments.find(({ environment }) => environment === target.name);
  if (command[0] === 'gc' && collected?.outcome !== 'destroyed') return [];
  const things = after.account.things
    .filter(({ maker }) => maker === target.name)
    .map((thing) => found('nothing-left', `${key(thing)} is left`));
  // What nobody could look at may be there: of the services, those that it has things of.
  const unseen = world.account.denied
    .filter((service) => servicesOf[world.shape.module].includes(service))
    .map((service) => found('nothing-left', `exit 0, and ${service} answers nobody`));
  if (command[0] === 'sweep') return [...things, ...unseen];
  const files = [target.varFile, target.backendFile, target.secretsFile, target.record]
    .filter((path) => path !== null && after.files[`project/${path}`] !== undefined)
    .map((path) => found('nothing-left', `${path} is left`));
  const held = resourcesIn(readHome(world, target));
  return [
    ...things,
    ...unseen,
    ...files,
    ...(held === 0 ? [] : [found('nothing-left', `its state holds ${held}`)]),
  ];
}

function resourcesIn(text: string | null): number {
  if (text === null) return 0;
  try {
    const state = JSON.parse(text) as Json;
    return isJsonObject(state) && Array.isArray(state['resources']) ? state['resources'].length : 0;
  } catch {
    return 0;
  }
}

/** A product that refuses everything would keep all other promises. */
function blocked({ command, ran, undisturbed }: Judged): Violation[] {
  return undisturbed && ran.exitCode !== 0
    ? [
        found(
          'clear-way',
          `${command.join(' ')}: exit ${ran.exitCode}, and nothing stood in its way: ${ran.stderr.slice(-400)}`,
        ),
      ]
    : [];
}
