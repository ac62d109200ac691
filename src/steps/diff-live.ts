/** Reads an environment that no Terraform manages, as it is in the account, to be compared with another. */
import { createClients } from '../aws/clients.ts';
import { liveState } from '../direct/live-state.ts';
import { createRename } from '../environment/rename.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';
import type { StateModel } from '../terraform/model.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { recordedLive, searchLive } from './direct-live.ts';

export interface LiveSides {
  readonly records: readonly EnvironmentRecord[];
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What keeps a comparison from being one. */
interface NotRead {
  readonly subject: string;
  readonly reason: string;
  readonly hint: string;
}

/** The two states; in place of one that could not be read wholly, why. */
export async function liveStatesOf(
  a: string,
  b: string,
  { records, host, clock, signal }: LiveSides,
): Promise<readonly [StateModel | NotRead, StateModel | NotRead]> {
  const others = records.filter(({ name }) => name !== a && name !== b);
  const rename = createRename(
    a,
    b,
    others.map(({ name }) => name),
  );
  const clients = createClients({ signal });
  const read = async (
    environment: string,
    names: (text: string) => boolean,
  ): Promise<StateModel | NotRead> => {
    const known = others.flatMap(({ resources }) => resources);
    const expected = recordedLive(records, environment);
    const { resources, unreadable } = await searchLive({
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
    if (resources.length === 0) {
      const hint = 'Check the name, and the account and region of the credentials.';
      return { subject: environment, reason: 'nothing in the account bears its name', hint };
    }
    return liveState(resources, {
      lineage: `live:${environment}`,
      types: resourceTypes,
      rename,
      mayBeSecret,
    });
  };
  try {
    return [
      await read(a, (text) => rename.namesSource(text)),
      await read(b, (text) => rename.namesTarget(text)),
    ];
  } finally {
    clients.close();
  }
}
