import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  apiBaseOf,
  channelKind,
  channelKinds,
  channelsIn,
  connectChannel,
} from '../../src/channels/registry.ts';
import { toolsFor } from './tools.ts';

const line = channelKind('line');

describe('the channel kinds', () => {
  it.each(channelKinds.map((kind) => [kind.id, kind] as const))('%s keeps the contract', (id, kind) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(existsSync(new URL(`../../src/channels/kinds/${id}.ts`, import.meta.url))).toBe(true);
    expect(kind.guide.link).toMatch(/^https:\/\//);
    expect(kind.guide.steps.join(' ')).toContain('{env}');
    expect(kind.secrets.map(({ key }) => key)).toEqual(expect.arrayContaining([...kind.shownBy]));
    for (const field of kind.secrets) {
      expect(field.problem('x y')).not.toBeNull();
      expect(field.problem('x y')).not.toContain('x y');
      expect(field.generate === undefined ? null : field.problem(field.generate())).toBeNull();
    }
    for (const text of [kind.title, kind.service, kind.provable, kind.testerIs, kind.apiBaseVariable])
      expect(text).not.toBe('');
  });

  it('have ids and secrets of their own', () => {
    const ids = channelKinds.map(({ id }) => id);
    const keys = channelKinds.flatMap(({ secrets }) => secrets.map(({ key }) => key));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
    expect(() => channelKind('fax')).toThrow('There is no channel kind "fax"');
  });

  it('are found by the settings of functions', () => {
    expect(channelsIn(['ENVIRONMENT', 'LINE_CHANNEL_SECRET', 'LINE_API_BASE']).map(({ id }) => id)).toEqual([
      'line',
    ]);
    expect(channelsIn(['TELEGRAM_API_BASE', 'LINE_API_BASE'])).toEqual([]);
  });
});

describe('apiBaseOf', () => {
  it('takes the configuration, then the environment, then the service', () => {
    expect(apiBaseOf(line, undefined, {})).toBe('https://api.line.me');
    expect(apiBaseOf(line, undefined, { LINE_API_BASE: 'http://127.0.0.1:4000' })).toBe(
      'http://127.0.0.1:4000',
    );
    expect(apiBaseOf(line, 'https://proxy.example', { LINE_API_BASE: 'http://127.0.0.1:1' })).toBe(
      'https://proxy.example',
    );
    expect(apiBaseOf(line, undefined, { LINE_API_BASE: '' })).toBe('https://api.line.me');
  });

  it.each(['http://example.com', 'http://127.0.0.1.example.com', 'api.line.me', 'file:///etc/passwd'])(
    'sends no credentials to %s',
    (base) => {
      expect(() => apiBaseOf(line, base, {})).toThrow('cannot be the API base');
    },
  );
});

describe('connectChannel', () => {
  const tools = toolsFor('http://127.0.0.1:9');

  it('names the secret that is missing, and the one that cannot be right, but no value', () => {
    expect(() => connectChannel(line, {}, tools)).toThrow(
      'LINE_CHANNEL_ACCESS_TOKEN of the LINE channel is not set',
    );
    const secrets = { LINE_CHANNEL_ACCESS_TOKEN: 'a'.repeat(170), LINE_CHANNEL_SECRET: 'nonsense-value' };
    const message = (() => {
      try {
        connectChannel(line, secrets, tools);
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    expect(message).toContain('LINE_CHANNEL_SECRET cannot be right');
    expect(message).not.toContain('nonsense-value');
  });

  it('asks for no secret that is optional', () => {
    const token = `123456789:${'a'.repeat(35)}`;
    expect(connectChannel(channelKind('telegram'), { TELEGRAM_BOT_TOKEN: token }, tools).kind).toBe(
      'telegram',
    );
  });
});
