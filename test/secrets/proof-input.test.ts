import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDoppler } from '../../sandbox/doppler/start.ts';
import { credentialIsolated } from '../../src/proof/rules/credential-isolated.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import { createClients } from '../../src/aws/clients.ts';
import { classifySecrets } from '../../src/secrets/classify.ts';
import { openFingerprinter } from '../../src/secrets/fingerprint.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { openProvider } from '../../src/secrets/open.ts';
import { fingerprintsToRecord, secretsProofInput } from '../../src/secrets/proof-input.ts';
import { clock } from './providers.ts';

describe('the incident', () => {
  it('is seen by values alone: the source’s token under Terraform’s name, from the caller’s environment', async () => {
    const fingerprinter = await openFingerprinter(
      join(await mkdtemp(join(tmpdir(), 'pe-incident-')), '.provision-env'),
    );
    const target = new SecretValues({
      TF_VAR_line_channel_access_token: 'canary-dev-line-token',
      TF_VAR_openrouter_api_key: 'shared',
    });
    const state = new SecretValues({
      LINE_CHANNEL_ACCESS_TOKEN: 'canary-dev-line-token',
      'LINE_CHANNEL_ACCESS_TOKEN in aws_lambda_function.b': 'canary-second-token',
      OPENROUTER_API_KEY: 'shared',
    });
    const secrets = secretsProofInput({
      place: 'the environment of the command',
      target,
      sources: [state],
      others: [],
      missing: [],
      classified: classifySecrets(target.keys()),
      fingerprinter,
    });
    const input = {
      phase: 'before-apply',
      source: { name: 'dev', state: { resources: [] }, variables: {} },
      target: { name: 'staging', plan: null, state: null, variables: {} },
      secrets,
    } as unknown as ProofInput;
    const { findings } = credentialIsolated.check(input);
    expect(findings.map(({ subject, severity }) => [subject, severity])).toEqual([
      ['LINE_CHANNEL_ACCESS_TOKEN', 'error'],
    ]);
    expect(Object.keys(secrets.source)).toHaveLength(3);
    expect(Object.keys(fingerprintsToRecord(secrets))).toEqual(['LINE_CHANNEL_ACCESS_TOKEN']);
    expect(JSON.stringify([secrets, findings, fingerprintsToRecord(secrets)])).not.toContain('canary');
  });
});

describe('opening a provider', () => {
  const options = { root: '/nowhere', clock, names: ['A'], aws: () => Promise.resolve(createClients()) };

  it('gives the one that the settings name', async () => {
    for (const provider of ['env', 'dotenv'] as const)
      expect((await openProvider({ provider }, options)).id).toBe(provider);
    for (const provider of ['aws-ssm', 'aws-secrets-manager'] as const) {
      expect((await openProvider({ provider, pattern: 'p/{env}' }, options)).id).toBe(provider);
      await expect(openProvider({ provider }, options)).rejects.toMatchObject({ code: 'config-invalid' });
      const fixed = await openProvider({ provider, pattern: 'p' }, options);
      const request = { environment: 'x', standing: false, source: { environment: 'dev', config: 'dev' } };
      await expect((async () => fixed.nameFor(request))()).rejects.toMatchObject({ code: 'config-invalid' });
    }
  });

  it('reaches Doppler with what the CLI’s variables say', async () => {
    const doppler = await startDoppler({ seed: { reports: { dev: { secrets: { A: '1' } }, stg: {} } } });
    const provider = await openProvider(
      { provider: 'doppler', project: 'reports', configs: { qa: 'stg' } },
      { ...options, env: doppler.env },
    );
    expect(await provider.keys('dev')).toEqual(['A']);
    expect(await provider.find('qa')).toBe('stg');
    expect(await provider.find('staging')).toBe('stg');
    await doppler.stop();
  });
});
