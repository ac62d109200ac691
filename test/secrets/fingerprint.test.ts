import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprintParts } from '../../src/proof/secrets.ts';
import { adoptKey, openFingerprinter, type SharedKey } from '../../src/secrets/fingerprint.ts';
import { generatePassword } from '../../src/secrets/generate.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { canonicalKey, matchesKey, sameKey, terraformVariableName } from '../../src/secrets/names.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'pe-fingerprint-')), '.provision-env');
});

describe('fingerprints', () => {
  it('are equal exactly where the values are', async () => {
    const first = await openFingerprinter(folder);
    const second = await openFingerprinter(folder);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        expect(first.of(a) === second.of(b)).toBe(a === b);
      }),
    );
  });

  it('differ from project to project', async () => {
    const other = await openFingerprinter(join(folder, '..', 'other'));
    expect((await openFingerprinter(folder)).of('the same value')).not.toBe(other.of('the same value'));
  });

  it('do not hold the value, and leave out what is empty', async () => {
    const fingerprints = (await openFingerprinter(folder)).all(
      new SecretValues({ A: 'canary-value', B: '' }),
    );
    expect(Object.keys(fingerprints)).toEqual(['A']);
    expect(JSON.stringify(fingerprints)).not.toContain('canary');
  });

  it('say which values are too short to prove anything', async () => {
    const prints = await openFingerprinter(folder);
    expect(fingerprintParts(prints.of('true') ?? '').strong).toBe(false);
    expect(fingerprintParts(prints.of('long enough') ?? '').strong).toBe(true);
    expect(fingerprintParts(prints.of('true') ?? '').keyId).toBe(
      fingerprintParts(prints.of('long enough') ?? '').keyId,
    );
  });

  it('rest on a key that only its owner can read, and that is made once', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => openFingerprinter(folder)));
    expect(new Set(made.map((prints) => prints.of('some value'))).size).toBe(1);
    const path = join(folder, 'fingerprint.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['.gitignore', 'fingerprint.key']);
    const before = await readFile(path, 'utf8');
    await openFingerprinter(folder);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('are refused where the key is damaged', async () => {
    await openFingerprinter(folder);
    await writeFile(join(folder, 'fingerprint.key'), 'abc');
    await expect(openFingerprinter(folder)).rejects.toMatchObject({ code: 'state-unreadable' });
  });
});

describe('a key that several machines share', () => {
  const shared = (): SharedKey & { text: string | null } => ({
    text: null,
    place: 's3://bucket/fingerprint.key',
    read() {
      return Promise.resolve(this.text);
    },
    offer(text) {
      this.text ??= text;
      return Promise.resolve();
    },
  });

  it('is that of the first, and never replaced', async () => {
    const place = shared();
    const mine = (await openFingerprinter(folder)).of('a long enough secret');
    await adoptKey(folder, place);
    const other = join(folder, 'other');
    await adoptKey(other, place);
    expect((await openFingerprinter(other)).of('a long enough secret')).toBe(mine);
    const stranger = join(folder, 'stranger');
    await openFingerprinter(stranger);
    await expect(adoptKey(stranger, place)).rejects.toMatchObject({ code: 'state-unreadable' });
  });
});

describe('generated passwords', () => {
  it('are valid for every engine of RDS and never the same', () => {
    const made = Array.from({ length: 500 }, generatePassword);
    for (const password of made) expect(password).toMatch(/^[A-Za-z][A-Za-z0-9_-]{29}$/);
    expect(new Set(made).size).toBe(made.length);
  });
});

describe('names', () => {
  it('are the same in every spelling', () => {
    expect(canonicalKey('TF_VAR_line_channel_secret')).toBe('LINE_CHANNEL_SECRET');
    expect(sameKey('tf_var_LINE_CHANNEL_SECRET', 'line-channel-secret')).toBe(true);
    expect(terraformVariableName('LINE_CHANNEL_SECRET')).toBe('TF_VAR_line_channel_secret');
    expect(terraformVariableName('TF_VAR_line_channel_secret')).toBe('TF_VAR_line_channel_secret');
  });

  it('match patterns in every spelling', () => {
    expect(matchesKey('LINE_*', 'TF_VAR_line_channel_secret')).toBe(true);
    expect(matchesKey('*_webhook_*', 'SLACK_WEBHOOK_URL')).toBe(true);
    expect(matchesKey('LINE_*', 'ONLINE_MODE')).toBe(false);
    expect(matchesKey('A+B', 'AAB')).toBe(false);
  });
});
