/** What `sleep` and `wake` have in common: clients for the regions of the record, and the result. */
import { sleepBlocks } from '../report/sleep.ts';
import { openEnvironmentPlace } from '../steps/environment-place.ts';
import { refuseToSleep, sleep, type SleepRequest, type SleepResult, wake } from '../steps/sleep.ts';
import { clientsByRegion } from '../steps/sweep-account.ts';
import { type ExitCode, exitCodes } from '../transfer/error-codes.ts';
import { type Document, emptyDocument, placePart } from './document.ts';
import type { CliIo } from './io.ts';
import { printResult } from './print.ts';
import { recordOf } from './records.ts';
import { type SessionOptions, withSession } from './session.ts';

const steps: Readonly<
  Record<SleepResult['action'], (name: string, request: SleepRequest) => Promise<SleepResult>>
> = { sleep, wake };

export async function sleepOrWake(
  action: SleepResult['action'],
  io: CliIo,
  input: SessionOptions & { readonly env: string },
): Promise<ExitCode> {
  return withSession(io, input, async (session) => {
    const { store, clock, host, signal, config } = session;
    const record = await recordOf(store, input.env);
    const main = record.resources.map(({ arn }) => regionOf(arn)).find((region) => region !== null) ?? null;
    refuseToSleep(input.env, config, action);
    // Where no ARN says the region, it is that of the provider.
    const { clients: callers } = await openEnvironmentPlace(record.name, record.source, record, session);
    const byRegion = clientsByRegion(signal, (more) => callers.with(more));
    try {
      const result = await steps[action](input.env, {
        store,
        clock,
        host,
        signal,
        config,
        priceRegion: config.costs.region,
        rds(arn) {
          const region = regionOf(arn) ?? main;
          return (region === null ? callers : byRegion.clientsFor(region)).get('rds');
        },
      });
      printResult(
        io,
        input,
        { ...documentOf(result), place: placePart(host.place(), record) },
        sleepBlocks(result),
      );
      return result.exitCode;
    } finally {
      callers.close();
      byRegion.close();
    }
  });
}

function documentOf({ action, record, databases, saves, exitCode }: SleepResult): Document {
  return {
    ...emptyDocument(action, exitCode === exitCodes.done ? 'done' : 'halfway'),
    source: record.source,
    target: record.name,
    record,
    sleep: {
      action,
      databases: [...databases],
      saves:
        saves === null
          ? null
          : {
              currency: saves.cost.currency,
              monthly: saves.cost.monthlyTotal,
              unknown: [...saves.cost.unknown],
            },
    },
  } as unknown as Document;
}

const regionOf = (arn: string | null): string | null => arn?.split(':')[3] || null;
