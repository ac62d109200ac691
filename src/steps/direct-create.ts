/**
 * Makes the copies: what is used before what uses it, side by side where nothing depends on the other. Each creation
 * is journaled before and after, and recorded as soon as it is there.
 */
import pLimit from 'p-limit';
import type { AwsClients } from '../aws/clients.ts';
import type { Cloned, Cloner } from '../aws/clone.ts';
import { clonerOf } from '../aws/clone/index.ts';
import { classify, describeFailure } from '../aws/errors.ts';
import { askedBy } from '../aws/planned.ts';
import { creationOf } from '../direct/begun.ts';
import { identifierAt, identifyingOf } from '../direct/identifiers.ts';
import type { Dependencies } from '../direct/order.ts';
import type { RewrittenValues } from '../direct/rewrite.ts';
import type { StateResource } from '../terraform/model.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { Host } from '../transfer/host.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { JournalRow } from '../transfer/store.ts';
import type { Applied } from './workspace.ts';

export interface CreateInput {
  readonly clients: AwsClients;
  readonly host: Host;
  readonly signal: AbortSignal;
  /** What is to be made, by address, as it is in the source. */
  readonly sources: ReadonlyMap<string, StateResource>;
  readonly dependencies: Dependencies;
  /** The target's values by what is there by now; `own` is what is assumed to be there besides. */
  valuesFor(
    source: StateResource,
    own?: ReadonlyMap<string, string>,
  ): Pick<RewrittenValues, 'values' | 'unresolved'>;
  /** The target's identifiers by those of the source; added to with each creation. */
  readonly actual: Map<string, string>;
  /** One that an earlier run made before it was killed; `null` if there is none. */
  findOurs(source: StateResource, values: JsonObject): Promise<Cloned | null>;
  /** Called before anything else happens with what was made. */
  remember(source: StateResource, cloned: Cloned, values: JsonObject): Promise<void>;
  readonly journal: (row: Pick<JournalRow, 'name' | 'phase' | 'output' | 'error'>) => Promise<void>;
  /** Takes secrets out of what a service says. */
  readonly redact: (text: string) => string;
}

/** Creations side by side: IAM and Lambda throttle writes far below what they let one read. */
const atOnce = 6;

type Made = 'made' | 'failed' | 'not-begun';

export async function createCopies(input: CreateInput): Promise<Applied> {
  const { sources, dependencies, signal } = input;
  const limit = pLimit(atOnce);
  const applied: string[] = [];
  const failed: { address: string; message: string }[] = [];
  const running = new Map<string, Promise<Made>>();
  const start = (address: string): Promise<Made> => {
    const known = running.get(address);
    if (known) return known;
    const needs = (dependencies.get(address) ?? []).filter((need) => sources.has(need));
    const made = (async (): Promise<Made> => {
      const before = await Promise.all(needs.map(start));
      const source = sources.get(address);
      if (source === undefined || before.some((each) => each !== 'made')) return 'not-begun';
      return limit(async () => {
        if (signal.aborted) return 'not-begun';
        const message = await createOne(source, input);
        if (message === null) applied.push(address);
        else failed.push({ address, message });
        return message === null ? 'made' : 'failed';
      });
    })();
    running.set(address, made);
    return made;
  };
  await Promise.all([...sources.keys()].map(start));
  return {
    ok: failed.length === 0 && applied.length === sources.size,
    applied,
    failed,
    unfinished: [],
    interrupted: signal.aborted,
    outputs: {},
  };
}

/**
 * A setting that leads to what is not there would be left out of the copy, and nobody would know. To itself a thing may
 * lead: what its cloner does not see to is refused before anything is made, see `direct-circles.ts`.
 *
 * @throws ProvisionError `apply-failed`
 */
function refuseUnresolved(source: StateResource, cloner: Cloner, input: CreateInput): void {
  const own = identifyingOf(source.type).flatMap((attribute) => identifierAt(source.values, attribute) ?? []);
  const { unresolved } = input.valuesFor(source, new Map(own.map((text) => [text, text])));
  const open = unresolved.filter((attribute) => !cloner.leavesToParts.includes(attribute));
  if (open.length === 0) return;
  throw new ProvisionError(
    'apply-failed',
    `its ${open.join(', ')} leads to something that the copy does not have`,
    { hint: 'Look at what it leads to in the source: it has to be copied too, or shared.' },
  );
}

/** Of several failures there is one report, which has room for the words of each. */
const withHint = ({ message, hint }: ProvisionError): string =>
  hint === undefined ? message : `${message.replace(/\.$/, '')}. ${hint}`;

/** @returns why it was not made; `null` if it was */
async function createOne(source: StateResource, input: CreateInput): Promise<string | null> {
  const { host, journal, actual, clients, signal } = input;
  const { address, type } = source;
  const started = performance.now();
  const tell = (phase: 'started' | 'done' | 'failed'): void =>
    host.notify({
      type: 'resource',
      address,
      action: 'create',
      phase,
      elapsedSeconds: Math.round((performance.now() - started) / 1000),
    });
  tell('started');
  try {
    const cloner = clonerOf(type);
    if (cloner === null) throw new Error(`nobody can copy a ${type}`);
    const { values } = input.valuesFor(source);
    refuseUnresolved(source, cloner, input);
    const sourceId = identifierAt(source.values, 'id') ?? '';
    const withOwnId = (id: string, known: JsonObject = {}): JsonObject => {
      const own = identifyingOf(type).flatMap((attribute): [string, string][] => {
        const before = identifierAt(source.values, attribute);
        const now = attribute === 'id' ? id : identifierAt(known, attribute);
        return before === null || now === null ? [] : [[before, now]];
      });
      return input.valuesFor(source, new Map([...own, ...(sourceId === '' ? [] : [[sourceId, id] as const])]))
        .values;
    };
    const request = { values, source: { id: sourceId, values: source.values }, withOwnId, signal };
    const earlier = await input.findOurs(source, values);
    if (earlier === null) {
      const output = { type, values: askedBy({ type, values }) };
      await journal({ name: creationOf(address), phase: 'begin', output });
    } else await cloner.finish(earlier, request, clients);
    const cloned = earlier ?? (await cloner.clone(request, clients));
    await input.remember(source, cloned, values);
    for (const attribute of identifyingOf(type)) {
      const before = identifierAt(source.values, attribute);
      const now = attribute === 'id' ? cloned.id : identifierAt(cloned.values, attribute);
      if (before !== null && now !== null) actual.set(before, now);
    }
    await journal({ name: creationOf(address), phase: 'end' });
    tell('done');
    return null;
  } catch (error) {
    tell('failed');
    const said = error instanceof Error ? `: ${error.message}` : '';
    const message = input.redact(
      isProvisionError(error) ? withHint(error) : `${describeFailure(classify(error))}${said}`,
    );
    await journal({ name: creationOf(address), phase: 'fail', error: message });
    return message;
  }
}
