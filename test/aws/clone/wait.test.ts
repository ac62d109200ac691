/** Services catch up with themselves: what is waited for has an end, whatever happens. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onceKnown, waitFor } from '../../../src/aws/clone/wait.ts';

const never = new AbortController().signal;

const refused = (name: string, message = 'no'): Error => Object.assign(new Error(message), { name });

const cannotBeAssumed = [{ code: 'InvalidParameterValueException', message: /cannot be assumed/ }];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a call that is refused because of something new', () => {
  it('is repeated until it is taken', async () => {
    const call = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(
        refused('InvalidParameterValueException', 'The role cannot be assumed by Lambda.'),
      )
      .mockResolvedValue('made');
    await expect(onceKnown(call, cannotBeAssumed, never)).resolves.toBe('made');
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('is not repeated for another reason of the same code', async () => {
    const call = vi
      .fn<() => Promise<string>>()
      .mockRejectedValue(refused('InvalidParameterValueException', 'Unsupported runtime'));
    await expect(onceKnown(call, cannotBeAssumed, never)).rejects.toThrow('Unsupported runtime');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it("ends in the service's own error once the time is over", async () => {
    const call = vi.fn<() => Promise<string>>().mockImplementation(() => {
      vi.setSystemTime(Date.now() + 31_000);
      return Promise.reject(
        refused('InvalidParameterValueException', 'The role cannot be assumed by Lambda.'),
      );
    });
    await expect(onceKnown(call, cannotBeAssumed, never)).rejects.toThrow('cannot be assumed');
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe('waiting', () => {
  it('ends with the answer', async () => {
    const ask = vi
      .fn<() => Promise<string | undefined>>()
      .mockResolvedValueOnce(undefined)
      .mockResolvedValue('Active');
    await expect(waitFor(ask, { what: 'it', signal: never })).resolves.toBe('Active');
  });

  it('has a limit, and says what was waited for', async () => {
    const ask = (): Promise<undefined> => {
      vi.setSystemTime(Date.now() + 5 * 60_000);
      return Promise.resolve(undefined);
    };
    await expect(
      waitFor(ask, { what: 'the table orders to become active', signal: never }),
    ).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('the table orders to become active') as string,
    });
  });

  it('ends at an interrupt', async () => {
    const interrupt = new AbortController();
    const ask = (): Promise<undefined> => {
      interrupt.abort();
      return Promise.resolve(undefined);
    };
    await expect(waitFor(ask, { what: 'it', signal: interrupt.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
