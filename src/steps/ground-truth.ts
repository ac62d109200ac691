/** Layer 4 of step 7: what is needed to try each channel of the target, and the trial. */
import { awsError, classify, describeFailure, isFatal } from '../aws/errors.ts';
import type { Channel, ChannelKind } from '../channels/channel.ts';
import { isCredentialError } from '../channels/failure.ts';
import type { ChannelHolder } from '../channels/isolation.ts';
import { type LogSearch, searchLogGroups } from '../channels/log-search.ts';
import { environmentOf, functionsWith, webhookUrlOf } from '../channels/webhook-url.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import type { StateModel } from '../terraform/model.ts';
import type { Evidence } from '../transfer/evidence.ts';
import type { RecordedChallenge } from '../transfer/record.ts';
import { type GroundTruthSubject, verifyGroundTruth } from '../verify/ground-truth.ts';
import { functionsOf } from '../verify/subjects.ts';
import type { TransferContext } from './context.ts';

export interface GroundTruth {
  readonly evidence: readonly Evidence[];
  readonly challenges: readonly RecordedChallenge[];
}

/** Nothing that is waited for in this layer takes longer, unless it does not come at all. */
const longestWaitMs = 60_000;

/** @param state of the target, after the apply */
export async function groundTruth(context: TransferContext, state: StateModel): Promise<GroundTruth> {
  const { host, clock, signal, config } = context;
  const session = await context.channels();
  const values = (await (await context.secrets()).preview()).values;
  const leftOut = session.leftOut.map(({ kind, reason }) => item(context, kind, 'skipped', reason));
  const refused: Evidence[] = [];
  const subjects: GroundTruthSubject[] = [];
  for (const kind of session.used) {
    try {
      subjects.push(await subjectOf(context, state, kind, session.connect(kind, values)));
    } catch (error) {
      if (!isCredentialError(error)) throw error;
      refused.push(item(context, kind, 'fail', error.message));
    }
  }
  for (const evidence of [...leftOut, ...refused]) host.notify({ type: 'evidence', evidence });
  const limitMs = Math.min(config.verify.timeoutSeconds * 1000, longestWaitMs);
  const tried = await verifyGroundTruth(
    {
      clock,
      signal,
      fetch: globalThis.fetch,
      notify: (event) => host.notify(event),
      limitMs,
      codeTtlMs: config.verify.codeMinutes * 60_000,
    },
    subjects,
  );
  return { evidence: [...leftOut, ...refused, ...tried.evidence], challenges: tried.challenges };
}

/** For a channel that is not tried: silence would read as "checked". */
function item(
  { clock }: TransferContext,
  kind: ChannelKind,
  status: Evidence['status'],
  observed: string,
): Evidence {
  return {
    layer: 4,
    check: 'webhook-configured',
    subject: kind.id,
    status,
    observed,
    expected: 'the channel is tried from end to end',
    at: clock.now().toISOString(),
    durationMs: 0,
  };
}

async function subjectOf(
  context: TransferContext,
  state: StateModel,
  kind: ChannelKind,
  channel: Channel,
): Promise<GroundTruthSubject> {
  const { target, record, store } = context;
  const session = await context.channels();
  const recorded = await store.readRecord(target.name);
  const holders = functionsWith(
    state,
    kind.secrets.map(({ key }) => key),
  );
  return {
    subject: kind.id,
    environment: target.name,
    service: kind.service,
    channel,
    webhookUrl: webhookUrlOf(kind, session.settingsOf(kind), target.name, state).url,
    tester: session.testerOf(kind),
    others: (await session.others()).flatMap(identified(kind)),
    logs: await logsOf(
      context,
      state,
      holders.map(({ address }) => address),
    ),
    held: holders.flatMap((resource) => {
      const variables = new SecretValues(environmentOf(resource));
      // Without the first of them nothing can be asked; a function may well have the others only.
      if (!variables.hasValue(kind.shownBy[0] ?? '')) return [];
      const secrets = session.credentialsIn(kind, variables);
      return [{ where: resource.address, channel: kind.connect(secrets, session.toolsFor(kind)) }];
    }),
    outstanding: (recorded ?? record)?.challenges?.find(({ subject }) => subject === kind.id) ?? null,
  };
}

const identified =
  (kind: ChannelKind) =>
  ({ environment, kind: id, identity }: ChannelHolder): GroundTruthSubject['others'] =>
    id === kind.id && identity !== null ? [{ environment, identity }] : [];

/** @param addresses of the functions that have the channel's credentials; `null` where there are none */
async function logsOf(
  context: TransferContext,
  state: StateModel,
  addresses: readonly string[],
): Promise<LogSearch | null> {
  const groups = functionsOf(state, context.types)
    .filter(({ address }) => addresses.includes(address))
    .map(({ logGroup }) => logGroup.name);
  if (groups.length === 0) return null;
  const logs = await (await context.aws()).get('logs');
  const client: Parameters<typeof searchLogGroups>[0] = {
    async filterLogEvents(input) {
      const { events = [], nextToken } = await logs.filterLogEvents(input);
      return {
        events: events.flatMap(({ message }) => (message === undefined ? [] : [{ message }])),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
  };
  return searchLogGroups(client, [...new Set(groups)], (error) => {
    const failure = classify(error, ['ResourceNotFoundException']);
    if (isFatal(failure)) throw awsError(error, 'reading the logs of the functions');
    return { absent: failure.kind === 'not-found', reason: describeFailure(failure) };
  });
}
