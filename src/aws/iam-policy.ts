/** The least that an identity must be allowed for a command, from the facts of the adapters. Pure. */
import { services } from './registry.ts';
import { sleepActions } from './sleeping-databases.ts';
import { taggingActions } from './tagged.ts';

/** What commands do in the account themselves. What Terraform does, and where the state lies, is the project's. */
export const iamCommands = ['plan', 'verify', 'destroy', 'sweep', 'sweep-delete', 'sleep'] as const;

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

type Verb = 'check' | 'list' | 'tags' | 'remove';

const verbs: Readonly<Record<IamCommand, readonly Verb[]>> = {
  // Whether the names are free, and whose they are if not.
  plan: ['check', 'list', 'tags'],
  verify: ['check'],
  destroy: ['check', 'list', 'tags'],
  sweep: ['list', 'tags'],
  'sweep-delete': ['check', 'list', 'tags', 'remove'],
  sleep: [],
};

/** Calls that no adapter makes. */
const beside: Readonly<Record<IamCommand, readonly string[]>> = {
  plan: [],
  verify: ['lambda:InvokeFunction', 'logs:FilterLogEvents'],
  destroy: taggingActions,
  sweep: taggingActions,
  'sweep-delete': taggingActions,
  sleep: sleepActions.reads,
};

/** One statement that reads and, where a command removes, one that deletes: the two are often granted apart. */
export function iamPolicy(commands: readonly IamCommand[]): IamPolicy {
  const wanted = new Set(commands.flatMap((command) => verbs[command]));
  const removing = new Set(wanted.has('remove') ? actionsOf('remove') : []);
  const reading = new Set([
    'sts:GetCallerIdentity',
    ...commands.flatMap((command) => beside[command]),
    ...(['check', 'list', 'tags'] as const).filter((verb) => wanted.has(verb)).flatMap(actionsOf),
  ]);
  const statement = (Sid: string, actions: Iterable<string>): IamPolicy['Statement'][number] => ({
    Sid,
    Effect: 'Allow',
    Action: [...actions].sort(),
    Resource: '*',
  });
  const sleeping = commands.includes('sleep') ? sleepActions.changes : [];
  const deleting = [...removing].filter((action) => !reading.has(action));
  return {
    Version: '2012-10-17',
    Statement: [
      statement('ProvisionEnvReads', reading),
      ...(sleeping.length === 0 ? [] : [statement('ProvisionEnvSleeps', sleeping)]),
      ...(deleting.length === 0 ? [] : [statement('ProvisionEnvRemoves', deleting)]),
    ],
  };
}

function actionsOf(verb: Verb): readonly string[] {
  return services.flatMap(({ types }) =>
    types.flatMap(({ actions, whole }) => (verb === 'check' ? actions.check : (whole?.actions[verb] ?? []))),
  );
}
