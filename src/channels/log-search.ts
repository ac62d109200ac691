/** Looks for a one-time text in logs. */
import type { Clock } from '../transfer/host.ts';

export type LogFind =
  | { readonly state: 'found' | 'absent'; readonly where: string }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Asked again by the caller: lines arrive seconds after they were written. */
export type LogSearch = (text: string, since: Date) => Promise<LogFind>;

/** The one call of CloudWatch Logs that is needed. */
export interface LogsClient {
  filterLogEvents(input: {
    readonly logGroupName: string;
    readonly startTime: number;
    readonly nextToken?: string;
  }): Promise<{ readonly events?: readonly { readonly message?: string }[]; readonly nextToken?: string }>;
}

/** Bounds what one question reads of a group in which others write too. */
const maxPages = 20;
/** The clock of this machine may be ahead of the service's. */
const clockSlackMs = 5 * 60_000;

/**
 * Without a filter pattern: the text is looked for here, so that it may be anything, and wherever in a line it stands.
 * @param describe says why a group could not be read, without secrets; `absent` for one that is not there yet
 */
export function searchLogGroups(
  client: LogsClient,
  groups: readonly string[],
  describe: (error: unknown) => { readonly absent: boolean; readonly reason: string },
): LogSearch {
  return async (text, since) => {
    let unreadable: string | null = null;
    for (const group of groups) {
      try {
        if (await inGroup(client, group, text, since)) return { state: 'found', where: group };
      } catch (error) {
        const { absent, reason } = describe(error);
        if (!absent) unreadable = `${group}: ${reason}`;
      }
    }
    return unreadable === null
      ? { state: 'absent', where: groups.join(', ') }
      : { state: 'unreadable', reason: unreadable };
  };
}

async function inGroup(client: LogsClient, group: string, text: string, since: Date): Promise<boolean> {
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await client.filterLogEvents({
      logGroupName: group,
      startTime: since.getTime() - clockSlackMs,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    if ((answer.events ?? []).some(({ message }) => message?.includes(text) === true)) return true;
    ({ nextToken } = answer);
    if (nextToken === undefined) return false;
  }
  return false;
}

/** Until the text is found, the logs prove unreadable, or the time is over. */
export async function awaitLog(
  search: LogSearch,
  text: string,
  since: Date,
  { clock, signal, limitMs }: { clock: Clock; signal?: AbortSignal | undefined; limitMs: number },
): Promise<LogFind> {
  const end = clock.now().getTime() + limitMs;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 5000)) {
    const find = await search(text, since);
    const left = end - clock.now().getTime();
    if (find.state !== 'absent' || left <= 0) return find;
    await clock.sleep(Math.min(pause, left), signal);
  }
}
