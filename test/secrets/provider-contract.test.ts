import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import type { ConfigRequest, SecretsProvider } from '../../src/secrets/provider.ts';
import { type Store, writable } from './providers.ts';

describe.each(Object.entries(writable))('%s', (id, open) => {
  let store: Store;
  let provider: SecretsProvider;
  let config: string;
  const request: ConfigRequest = {
    environment: 'feature-auth',
    standing: false,
    source: { environment: 'dev', config: 'dev' },
  };
  beforeEach(async () => {
    store = await open();
    ({ provider } = store);
    config = await provider.nameFor(request);
  });
  afterEach(() => store.stop());

  const all = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await provider.read(config)).values.revealAll());

  it('says who it is and what it can', () => {
    expect(provider.id).toBe(id);
    expect(provider.capabilities).toEqual({ environments: true, write: true });
    expect(provider.place(config)).toContain(config);
  });

  it('makes a config once, finds it by its environment, and takes it away', async () => {
    expect(await provider.find('feature-auth')).toBeNull();
    await provider.create(config, request);
    await provider.create(config, request);
    await provider.set(config, new SecretValues({ A: '1' }));
    expect(await provider.find('feature-auth')).toBe(config);
    expect(await provider.find('feature')).toBeNull();
    await provider.delete(config);
    expect(await provider.find('feature-auth')).toBeNull();
    await provider.delete(config);
  });

  it('keeps values as they are', async () => {
    await provider.create(config, request);
    const values = {
      PLAIN: 'abc',
      SPACES: '  two  words ',
      QUOTES: `it's "quoted" \\ and # not a comment`,
      LINES: 'first\nsecond\n',
      JSON_TEXT: '{"a": [1, "b"]}',
      SIGNS: 'p$4:/@%&=+`!~^*()',
      THAI: 'สวัสดี 🎉',
      LONG: 'x'.repeat(4000),
    };
    await provider.set(config, new SecretValues(values));
    expect(await all()).toEqual(values);
    expect(await provider.keys(config)).toEqual(Object.keys(values).sort());
  });

  it('changes and removes what is named and nothing else', async () => {
    await provider.create(config, request);
    await provider.set(config, new SecretValues({ A: '1', B: '2', C: '3' }));
    await provider.set(config, new SecretValues({ B: 'two' }));
    await provider.remove(config, ['C', 'NOT_THERE']);
    expect(await all()).toEqual({ A: '1', B: 'two' });
    await provider.set(config, SecretValues.none);
    await provider.remove(config, []);
    expect(await all()).toEqual({ A: '1', B: 'two' });
  });

  it('holds more secrets than fit on one page', async () => {
    await provider.create(config, request);
    const many = Object.fromEntries(
      Array.from({ length: 47 }, (_, index) => [`KEY_${index}`, `value ${index}`]),
    );
    await provider.set(config, new SecretValues(many));
    expect(await all()).toEqual(many);
    await provider.remove(config, Object.keys(many).slice(1));
    expect(await all()).toEqual({ KEY_0: 'value 0' });
  });

  it('shows in its version whether anybody changed something', async () => {
    await provider.create(config, request);
    await provider.set(config, new SecretValues({ A: '1' }));
    const before = await provider.version(config);
    expect(await provider.version(config)).toBe(before);
    await provider.set(config, new SecretValues({ A: '22' }));
    expect(await provider.version(config)).not.toBe(before);
  });
});
