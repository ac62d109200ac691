/** What every adapter does with a real thing of each of its types, from its making to its end. */
import { describe, expect, it } from 'vitest';
import type { FoundItem, Removal, WholeAdapter } from '../../../src/aws/adapter.ts';
import { toResource } from '../../../src/aws/adapter.ts';
import { checkResources } from '../../../src/aws/check.ts';
import { type AwsClients, createClients, type ServiceName } from '../../../src/aws/clients.ts';
import { services } from '../../../src/aws/registry.ts';
import { unique } from '../../sandbox/aws.ts';
import { sandboxClients } from './sandbox-clients.ts';
import { makePagesSmall, type PageSizes } from './small-pages.ts';

/** The tag that every thing made here has, where its type has tags. */
export const purposeTag = 'purpose';

export interface Kind {
  /** Makes one of that name, tagged with it. Answers the id by which it has to be listed. */
  readonly make: (clients: AwsClients, name: string) => Promise<string | undefined>;
  /** Sizes with which a page holds one thing. Absent where service or emulator answer with all at once. */
  readonly pages?: PageSizes;
  /** False for types that have no tags, or for which an adapter does not ask. */
  readonly tagged?: false;
  /** What the adapter says to the removal; `removed` if not said. */
  readonly removal?: Removal['state'];
  /** What a check says then. */
  readonly after?: 'absent' | 'leaving';
  /** What it says to a second removal: `gone`, but some services take it twice without a word. */
  readonly again?: Removal['state'];
}

export interface Impossible {
  /** What the emulator lacks. */
  readonly reason: string;
  /** Fails as long as that is so: a better emulator makes the test tell. */
  readonly attempt: (clients: AwsClients) => Promise<unknown>;
}

async function listed(adapter: WholeAdapter, clients: AwsClients): Promise<FoundItem[]> {
  const items: FoundItem[] = [];
  expect(await adapter.list(clients, (item) => items.push(item))).toEqual({ state: 'complete' });
  return items;
}

async function presence(item: FoundItem, clients: AwsClients): Promise<string> {
  const [checked] = await checkResources([toResource(item)], clients);
  const found = checked?.presence;
  return found?.state === 'present' ? found.condition : (found?.state ?? 'not asked');
}

/** Tests every type of a service that can be left behind: `kinds` by making two, `impossible` by failing to. */
export function adapterCases(
  service: ServiceName,
  kinds: Readonly<Record<string, Kind>>,
  impossible: Readonly<Record<string, Impossible>> = {},
): void {
  const wholes = new Map(
    services
      .filter((each) => each.service === service)
      .flatMap(({ types }) => types.flatMap(({ whole }) => (whole ? [[whole.type, whole] as const] : []))),
  );
  const sandbox = sandboxClients();

  it('every type is tried, or named with what the emulator lacks', () => {
    expect([...Object.keys(kinds), ...Object.keys(impossible)].sort()).toEqual([...wholes.keys()].sort());
  });

  it.each(Object.entries(kinds))('%s', async (type, kind) => {
    const { removal = 'removed', after = 'absent', again = 'gone', pages = {}, tagged } = kind;
    const adapter = wholes.get(type);
    if (!adapter) throw new Error(`no adapter for ${type}`);
    const name = unique('one');
    const clients = sandbox();
    const id = await kind.make(clients, name);
    const otherId = await kind.make(clients, unique('other'));
    expect(id).not.toBe(otherId);

    const reader = createClients({ maxAttempts: 1 });
    const asked = await makePagesSmall(reader, service, pages);
    const items = await listed(adapter, reader);
    reader.close();
    for (const operation of Object.keys(pages))
      expect([operation, asked.get(operation) ?? 0]).toEqual([operation, expect.toSatisfy(moreThanOne)]);
    const [item, ...twice] = items.filter((each) => each.id === id);
    const other = items.find((each) => each.id === otherId);
    expect(twice).toEqual([]);
    if (!item || !other)
      throw new Error(`${id} or ${otherId} is not in ${items.map((each) => each.id).join()}`);
    expect(await presence(item, clients)).toBe('ready');
    const withTags = await adapter.tagged(item, clients);
    expect(withTags).toMatchObject(tagged === false ? item : { tags: { [purposeTag]: name } });

    expect(await adapter.remove(item, clients)).toMatchObject({ state: removal });
    expect(await presence(item, clients)).toBe(after);
    expect(await adapter.remove(item, clients)).toMatchObject({ state: again });
    const left = await listed(adapter, clients);
    expect(left.filter((each) => each.id === id && each.leaving === undefined)).toEqual([]);
    expect(left.map((each) => each.id)).toContain(otherId);
    expect(await presence(other, clients)).toBe('ready');
  });

  const lacking = Object.entries(impossible).map(
    ([type, each]) => [type, each.reason, each.attempt] as const,
  );
  describe.runIf(lacking.length > 0)('what the emulator cannot do', () => {
    it.each(lacking)('%s: %s', async (_type, _reason, attempt) => {
      await expect(attempt(sandbox())).rejects.toBeInstanceOf(Error);
    });
  });
}

const moreThanOne = (pages: number): boolean => pages > 1;
