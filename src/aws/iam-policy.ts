/** The least that an identity must be allowed for a command, from the facts of the adapters. Pure. */
import { cloners } from './clone/index.ts';
import { describers } from './describe/index.ts';
import { services } from './registry.ts';
import { sleepActions } from './sleeping-databases.ts';
import { taggingActions, tagKeysActions } from './tagged.ts';

/**
 * What commands do in the account themselves. What Terraform does, and where the state lies, is the project's. `live`
 * is the option `--live` of `plan`, `provision` and `resume`; `direct` is what the direct engine makes and removes.
 */
export const iamCommands = [
  'plan',
  'verify',
  'live',
  'destroy',
  'sweep',
  'sweep-delete',
  'sleep',
  'direct',
] as const;

/** What commands need that remove or make things themselves: asked for by name only. */
export const changingCommands: readonly (typeof iamCommands)[number][] = ['sweep-delete', 'direct'];

export type IamCommand = (typeof iamCommands)[number];

export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: '*';
  }[];
}

type Verb = 'check' | 'list' | 'tags' | 'describe' | 'clone' | 'remove';

const readingVerbs = ['check', 'list', 'tags', 'describe'] as const;

const verbs: Readonly<Record<IamCommand, readonly Verb[]>> = {
  // Whether the names are free, and whose they are if not.
  plan: ['check', 'list', 'tags'],
  verify: ['check'],
  live: ['check', 'list', 'tags', 'describe'],
  destroy: ['check', 'list', 'tags'],
  // What is listed late, or still, is asked for by itself.
  sweep: ['check', 'list', 'tags'],
  'sweep-delete': ['check', 'list', 'tags', 'remove'],
  direct: ['check', 'list', 'tags', 'describe', 'clone', 'remove'],
  sleep: [],
};

/** Calls that no adapter makes. */
const beside: Readonly<Record<IamCommand, readonly string[]>> = {
  plan: [],
  verify: ['lambda:InvokeFunction', 'logs:FilterLogEvents'],
  live: taggingActions,
  destroy: taggingActions,
  sweep: taggingActions,
  'sweep-delete': taggingActions,
  direct: [...taggingActions, ...tagKeysActions],
  sleep: sleepActions.reads,
};

/**
 * One statement that reads and, where a command makes or removes things, one that makes and one that deletes: these
 * are often granted apart.
 */
export function iamPolicy(commands: readonly IamCommand[]): IamPolicy {
  const wanted = new Set(commands.flatMap((command) => verbs[command]));
  const given = new Set<string>();
  const statement = (Sid: string, actions: Iterable<string>): IamPolicy['Statement'] => {
    const Action = [...new Set(actions)].filter((action) => !given.has(action)).sort();
    for (const action of Action) given.add(action);
    return Action.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource: '*' }];
  };
  const of = (verb: Verb): readonly string[] => (wanted.has(verb) ? actionsOf(verb) : []);
  return {
    Version: '2012-10-17',
    Statement: [
      ...statement('ProvisionEnvReads', [
        'sts:GetCallerIdentity',
        ...commands.flatMap((command) => beside[command]),
        ...readingVerbs.flatMap(of),
      ]),
      ...statement('ProvisionEnvSleeps', commands.includes('sleep') ? sleepActions.changes : []),
      ...statement('ProvisionEnvMakes', of('clone')),
      ...statement('ProvisionEnvRemoves', of('remove')),
    ],
  };
}

/**
 * What a managed policy holds, white space not counted.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const largestPolicy = 6_144;

const fits = (Statement: IamPolicy['Statement']): boolean =>
  JSON.stringify({ Version: '2012-10-17', Statement }).length <= largestPolicy;

/** The policy in as many as it takes, each of a size that IAM accepts: cut between statements where that is possible. */
export function policyParts({ Version, Statement }: IamPolicy): readonly IamPolicy[] {
  const parts: IamPolicy['Statement'][number][][] = [];
  for (const statement of Statement.flatMap(cutToFit)) {
    const last = parts.at(-1);
    if (last && fits([...last, statement])) last.push(statement);
    else parts.push([statement]);
  }
  return parts.map((part) => ({ Version, Statement: part }));
}

function cutToFit(statement: IamPolicy['Statement'][number]): IamPolicy['Statement'] {
  const { Action } = statement;
  if (fits([statement]) || Action.length < 2) return [statement];
  const middle = Math.ceil(Action.length / 2);
  const halves = [Action.slice(0, middle), Action.slice(middle)];
  return halves.flatMap((half) => cutToFit({ ...statement, Action: half }));
}

function actionsOf(verb: Verb): readonly string[] {
  if (verb === 'describe') return describers.flatMap(({ actions }) => actions);
  if (verb === 'clone') return cloners.flatMap(({ actions }) => actions);
  return services.flatMap(({ types }) =>
    types.flatMap(({ actions, whole }) => (verb === 'check' ? actions.check : (whole?.actions[verb] ?? []))),
  );
}
