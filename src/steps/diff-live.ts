/** Reads what no Terraform manages of two environments, as it is in the account, to be compared. */
import { createClients } from '../aws/clients.ts';
import type { DiffNote } from '../diff/model.ts';
import { liveState } from '../direct/live-state.ts';
import { createRename } from '../environment/rename.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';
import type { StateModel } from '../terraform/model.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { recordedLive, searchLive } from './direct-live.ts';
import { mergeStates } from './mixed-workspace.ts';
import { resourcesOf } from './recorded-resources.ts';

export interface LiveSides {
  readonly records: readonly EnvironmentRecord[];
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What Terraform manages of the two; `null` where it manages nothing. */
  readonly managed: readonly [StateModel, StateModel] | null;
  /** Where they lie; that of the credentials if `null`. */
  readonly region: string | null;
}

/** What keeps a comparison from being one. */
interface NotRead {
  readonly subject: string;
  readonly reason: string;
  readonly hint: string;
}

export interface LivePair {
  /** The two states, what Terraform manages among them; in place of one that could not be read wholly, why. */
  readonly states: readonly [StateModel | NotRead, StateModel | NotRead];
  /** What bears the name of one of them, and nobody here can read: it was not compared. */
  readonly notes: readonly DiffNote[];
}

export async function liveStatesOf(a: string, b: string, sides: LiveSides): Promise<LivePair> {
  const { records, host, clock, signal, managed, region } = sides;
  const others = records.filter(({ name }) => name !== a && name !== b);
  const rename = createRename(
    a,
    b,
    others.map(({ name }) => name),
  );
  const clients = createClients({ signal, ...(region === null ? {} : { region }) });
  const known = [
    ...others.flatMap(({ resources }) => resources),
    ...(managed ?? []).flatMap((state) => resourcesOf(state)),
  ];
  const notes: DiffNote[] = [];
  const read = async (
    environment: string,
    names: (text: string) => boolean,
    own: StateModel | null,
  ): Promise<StateModel | NotRead> => {
    const expected = recordedLive(records, environment);
    const { resources, unreadable, notDescribed } = await searchLive({
      environment,
      names,
      known,
      expected,
      clients,
      clock,
      host,
    });
    const [first] = unreadable;
    if (first !== undefined) {
      const hint = first.permission === null ? 'Try again.' : `Allow ${first.permission}.`;
      return { subject: `${first.name ?? first.type} of ${environment}`, reason: first.reason, hint };
    }
    for (const { type, name } of notDescribed)
      notes.push({
        subject: `${type} ${name}`,
        message: `it bears the name of ${environment}, and was not compared`,
      });
    if (resources.length === 0 && own === null) {
      const hint = 'Check the name, and the account and region of the credentials.';
      return { subject: environment, reason: 'nothing in the account bears its name', hint };
    }
    const live = liveState(resources, {
      lineage: `live:${environment}`,
      types: resourceTypes,
      rename,
      mayBeSecret,
    });
    return own === null ? live : mergeStates(own, live);
  };
  const [managedOfA, managedOfB] = managed ?? [null, null];
  try {
    const states = [
      await read(a, (text) => rename.namesSource(text), managedOfA),
      await read(b, (text) => rename.namesTarget(text), managedOfB),
    ] as const;
    return { states, notes };
  } finally {
    clients.close();
  }
}
