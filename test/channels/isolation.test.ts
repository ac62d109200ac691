import { describe, expect, it } from 'vitest';
import { type ChannelHolder, compareIdentities } from '../../src/channels/isolation.ts';

function holder(environment: string, id: string | null, kind = 'line'): ChannelHolder {
  return {
    environment,
    kind,
    title: 'LINE channel',
    key: 'LINE_CHANNEL_ACCESS_TOKEN',
    identity: id === null ? null : { id, name: `Daily ${id}`, handle: null },
    ...(id === null ? { unreadable: 'LINE does not accept the token' } : {}),
  };
}

describe('compareIdentities', () => {
  it('is content with a bot that nobody else has', () => {
    expect(compareIdentities([holder('staging', 'U2')], [holder('dev', 'U1'), holder('prod', 'U3')])).toEqual(
      {
        findings: [],
        judged: 1,
        undecided: [],
      },
    );
  });

  it('names the environment whose bot it is', () => {
    const { findings } = compareIdentities([holder('staging', 'U1')], [holder('dev', 'U1')]);
    expect(findings).toMatchObject([
      { rule: 'credential-isolated', severity: 'error', subject: 'LINE_CHANNEL_ACCESS_TOKEN' },
    ]);
    expect(findings[0]?.message).toContain('staging would use the LINE channel of dev');
    expect(findings[0]?.hint).toContain('for staging');
  });

  it('compares neither other kinds nor the environment with itself', () => {
    const others = [holder('dev', 'U1', 'telegram'), holder('staging', 'U1')];
    expect(compareIdentities([holder('staging', 'U1')], others).findings).toEqual([]);
  });

  it('never takes the unreadable for different', () => {
    expect(compareIdentities([holder('staging', 'U2')], [holder('dev', null)]).undecided).toEqual([
      'LINE_CHANNEL_ACCESS_TOKEN of dev: LINE does not accept the token',
    ]);
    expect(compareIdentities([holder('staging', null)], [holder('dev', 'U1')]).undecided).toHaveLength(1);
  });
});
