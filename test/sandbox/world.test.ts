import { describe, expect, it } from 'vitest';
import { startSandboxWorld } from '../../sandbox/world.ts';

const listening = (): number =>
  process.getActiveResourcesInfo().filter((each) => each === 'TCPServerWrap').length;

describe('startSandboxWorld', () => {
  it('points to all of its services, and ends all of them', async () => {
    const before = listening();
    const world = await startSandboxWorld();
    expect(listening()).toBe(before + 3);
    expect(world.env).toMatchObject({
      AWS_ENDPOINT_URL: world.aws.endpoint,
      DOPPLER_API_HOST: world.doppler.url,
      LINE_API_BASE: world.line.endpoint,
      TELEGRAM_API_BASE: world.telegram.endpoint,
    });
    await world.close();
    await world.close();
    await expect.poll(listening).toBe(before);
    await expect(fetch(world.aws.endpoint)).rejects.toThrow('fetch failed');
  });

  it('ends when its signal does, while it starts too', async () => {
    const before = listening();
    const running = new AbortController();
    const world = await startSandboxWorld({ signal: running.signal });
    running.abort();
    await world.close();
    await expect(fetch(world.aws.endpoint)).rejects.toThrow('fetch failed');

    const starting = new AbortController();
    const started = startSandboxWorld({ signal: starting.signal });
    setTimeout(() => starting.abort(), 200);
    await expect(started).rejects.toThrow('aborted');
    await expect.poll(listening).toBe(before);
  });

  it('leaves nothing listening where AWS does not start', async () => {
    const before = listening();
    await expect(startSandboxWorld({ python: '/no/such/python' })).rejects.toThrow('did not start');
    await expect.poll(listening).toBe(before);
  });
});
