/** What the testers of a set of channels have received. */
import type { ChannelSet } from '../../../sandbox/daily-report.ts';
import { readInbox } from '../../../sandbox/inbox/read.ts';
import type { SandboxWorld } from '../../../sandbox/world.ts';

export interface Codes {
  readonly line: string;
  readonly telegram: string;
}

/** The last code in each inbox, as it stands in the message. */
export async function codesOf({ line, telegram }: SandboxWorld, set: ChannelSet): Promise<Codes> {
  const read = async (endpoint: string, user: string): Promise<string> => {
    const messages = await readInbox(endpoint, user);
    const codes = messages.flatMap(({ text }) => /confirm \S+ (\S+)$/.exec(text)?.[1] ?? []);
    return codes.at(-1) ?? 'no code arrived';
  };
  return {
    line: await read(line.endpoint, set.line.tester.id),
    telegram: await read(telegram.endpoint, set.telegram.tester.id),
  };
}
