import { describe, expect, it } from 'vitest';
import { credentialIsolated } from '../../src/proof/rules/credential-isolated.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import type { SecretFacts, SecretsProofInput } from '../../src/proof/secrets.ts';

const facts = (value: string | null, kind: SecretFacts['class'] = 'isolated', keyId = 'k1'): SecretFacts => ({
  fingerprint: value === null ? null : `hmac:${keyId}:${value}`,
  class: kind,
});

/** A state with one function that reads the keys. */
const reading = (...keys: string[]) => ({
  resources: [
    { values: { environment: [{ variables: Object.fromEntries(keys.map((key) => [key, 'x'])) }] } },
  ],
});

function judge(
  secrets: Partial<SecretsProofInput>,
  phase: ProofInput['phase'] = 'before-apply',
  states: { source?: object; target?: object | null } = {},
) {
  const given: SecretsProofInput = {
    place: 'the Doppler config daily-report/stg',
    target: {},
    source: {},
    others: [],
    missing: [],
    ...secrets,
  };
  // The rule reads these fields and nothing else.
  const input = {
    phase,
    source: { name: 'dev', state: states.source ?? reading() },
    target: { name: 'staging', state: states.target ?? null },
    secrets: given,
  } as unknown as ProofInput;
  return credentialIsolated.check(input);
}

describe('credential-isolated', () => {
  it('holds where every isolated secret is the target’s own', () => {
    const result = judge({
      source: { LINE_CHANNEL_SECRET: facts('a'), OPENAI_API_KEY: facts('s', 'shared') },
      target: { LINE_CHANNEL_SECRET: facts('b'), OPENAI_API_KEY: facts('s', 'shared') },
    });
    expect(result.findings).toEqual([]);
    expect(result.judged).toBe(1);
  });

  it('does not ask for the source’s where the source has none that could be copied', () => {
    const [finding] = judge({ missing: ['DATABASE_PASSWORD'] }).findings;
    expect(finding?.message).toContain('what is to be made needs one');
    expect(finding?.hint).toBe('Set DATABASE_PASSWORD in the Doppler config daily-report/stg.');
  });

  it('names the key and the environment whose credential it is', () => {
    const { findings } = judge({ source: { LINE_TOKEN: facts('a') }, target: { LINE_TOKEN: facts('a') } });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'credential-isolated',
      severity: 'error',
      subject: 'LINE_TOKEN',
    });
    expect(findings[0]?.message).toBe('LINE_TOKEN has the same value as in dev.');
    expect(findings[0]?.hint).toContain('the Doppler config daily-report/stg');
  });

  it('finds a credential under another name and in other recorded environments', () => {
    const { findings } = judge({
      source: { LINE_CHANNEL_ACCESS_TOKEN: facts('a') },
      others: [{ environment: 'feature-x', fingerprints: { TELEGRAM_BOT_TOKEN: 'hmac:k1:t' } }],
      target: { BOT_TOKEN: facts('a'), TELEGRAM_BOT_TOKEN: facts('t') },
    });
    expect(findings.map(({ message }) => message)).toEqual([
      'BOT_TOKEN has the same value as in dev (there as LINE_CHANNEL_ACCESS_TOKEN).',
      'TELEGRAM_BOT_TOKEN has the same value as in feature-x.',
    ]);
  });

  it('only warns of values too short to be a credential', () => {
    const weak: SecretFacts = { fingerprint: 'weak:k1:on', class: 'isolated' };
    expect(
      judge({ source: { TELEGRAM_MODE: weak }, target: { TELEGRAM_MODE: weak } }).findings,
    ).toMatchObject([{ severity: 'warning' }]);
  });

  it('names what the target lacks, with what to set where', () => {
    const { findings } = judge({
      source: { OPENAI_API_KEY: facts('s', 'shared'), LINE_TOKEN: facts('a') },
      missing: ['OPENAI_API_KEY', 'LINE_TOKEN'],
    });
    expect(findings.map(({ hint }) => hint)).toEqual([
      'Copy it from the source into the Doppler config daily-report/stg.',
      'Issue one for this environment and set LINE_TOKEN in the Doppler config daily-report/stg.',
    ]);
  });

  it('waits for the apply with what only the apply can bring', () => {
    const secrets = { source: { AURORA_HOST: facts('h', 'from-output') }, missing: ['AURORA_HOST'] };
    expect(judge(secrets)).toMatchObject({ findings: [], undecided: ['AURORA_HOST'] });
    expect(judge(secrets, 'after-apply').findings).toMatchObject([
      { severity: 'error', subject: 'AURORA_HOST' },
    ]);
  });

  it('lets an environment do without the resource that would give the value', () => {
    const secrets = { source: { AURORA_HOST: facts('h', 'from-output') }, missing: ['AURORA_HOST'] };
    const without = judge(secrets, 'after-apply', {
      source: reading('AURORA_HOST'),
      target: reading('OTHER'),
    });
    expect(without.findings).toMatchObject([{ severity: 'info', subject: 'AURORA_HOST' }]);
    const readStill = { source: reading('AURORA_HOST'), target: reading('AURORA_HOST') };
    expect(judge(secrets, 'after-apply', readStill).findings).toMatchObject([{ severity: 'error' }]);
    // Read in another way than from the environment: nobody knows that it is not needed.
    const never = { source: reading('OTHER'), target: reading('OTHER') };
    expect(judge(secrets, 'after-apply', never).findings).toMatchObject([{ severity: 'error' }]);
  });

  it('takes over what the chat services say of the bots', () => {
    const finding = {
      rule: 'credential-isolated',
      severity: 'error',
      subject: 'LINE_CHANNEL_ACCESS_TOKEN',
      message: 'the same bot',
      hint: '',
    } as const;
    const channels = { findings: [finding], judged: 2, undecided: ['TELEGRAM_BOT_TOKEN of dev'] };
    expect(judge({ channels })).toEqual({
      findings: [finding],
      judged: 2,
      undecided: ['TELEGRAM_BOT_TOKEN of dev'],
    });
  });

  it('does not take fingerprints under a lost key for different values', () => {
    const result = judge({
      others: [{ environment: 'old', fingerprints: { LINE_TOKEN: 'hmac:k0:x' } }],
      target: { LINE_TOKEN: facts('a') },
    });
    expect(result.undecided).toEqual(['LINE_TOKEN']);
  });

  it('judges nothing where no secrets are known', () => {
    const input = { phase: 'before-apply', source: { name: 'dev' } } as unknown as ProofInput;
    expect(credentialIsolated.check(input)).toEqual({ findings: [], judged: 0 });
  });
});
