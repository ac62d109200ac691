/**
 * Fingerprints of secrets, so that records can say whether two environments hold the same value without holding it.
 *
 * HMAC-SHA256 under a random key of the project: whoever has a record only cannot try values against it. Within one
 * project equal values have equal fingerprints and different values different ones. The key's own id stands in each
 * fingerprint: after a lost key, old fingerprints are seen to be of another key instead of seeming to differ.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureOwnFolder } from '../store/file-store.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { SecretValues } from './in-memory.ts';

export type Fingerprint = string;

/** Shorter values (`true`, `1234`) are equal by chance or can be guessed: their equality proves nothing. */
const shortestStrong = 8;

const keyFileName = 'fingerprint.key';

export interface Fingerprinter {
  /** `null` for an empty value: there is nothing to compare. */
  of(value: string): Fingerprint | null;
  /** By key; keys without a value are left out. */
  all(values: SecretValues): Readonly<Record<string, Fingerprint>>;
}

function createFingerprinter(key: Buffer): Fingerprinter {
  const keyId = createHash('sha256')
    .update('provision-env fingerprint key')
    .update(key)
    .digest('hex')
    .slice(0, 8);
  const of = (value: string): Fingerprint | null => {
    if (value === '') return null;
    const kind = value.length < shortestStrong ? 'weak' : 'hmac';
    return `${kind}:${keyId}:${createHmac('sha256', key).update(value).digest('base64url')}`;
  };
  return {
    of,
    all(values) {
      const result: Record<string, Fingerprint> = {};
      for (const name of values.keys()) {
        const fingerprint = of(values.reveal(name) ?? '');
        if (fingerprint !== null) result[name] = fingerprint;
      }
      return result;
    },
  };
}

function keyOf(text: string, place: string): Buffer {
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex');
  throw new ProvisionError('state-unreadable', `The key for fingerprints is damaged: ${place}`, {
    hint: 'Restore it from a backup. If you remove it, a new one is made, and the environments made so far are compared again only after their next run.',
  });
}

async function readKey(path: string): Promise<Buffer | null> {
  try {
    return keyOf(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

const newKey = (): string => `${randomBytes(32).toString('hex')}\n`;

/** Writes a key if there is none. Written beside and linked: of two processes that come first, both end with one key. */
async function placeKey(folder: string, text: string): Promise<Buffer> {
  const path = join(folder, keyFileName);
  await ensureOwnFolder(folder);
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const key = await readKey(path);
  if (!key) throw new ProvisionError('unexpected', `The key for fingerprints could not be made: ${path}`);
  return key;
}

/** Where the key of a project lies that several machines work on. */
export interface SharedKey {
  /** As people find it. */
  readonly place: string;
  read(): Promise<string | null>;
  /** Writes it if there is none yet; another's, written meanwhile, stays. */
  offer(text: string): Promise<void>;
}

/**
 * Gives this machine the key that the others have, or the others the key of this one, if it is the first.
 * @param folder the project's `.provision-env`
 * @throws ProvisionError `state-unreadable` where both have one and they differ: it is never replaced
 */
export async function adoptKey(folder: string, shared: SharedKey): Promise<void> {
  const own = await readKey(join(folder, keyFileName));
  let text = await shared.read();
  if (text === null) {
    await shared.offer(own === null ? newKey() : `${own.toString('hex')}\n`);
    text = (await shared.read()) ?? '';
  }
  const key = keyOf(text, shared.place);
  const here = own ?? (await placeKey(folder, text));
  if (here.equals(key)) return;
  throw new ProvisionError(
    'state-unreadable',
    `The key for fingerprints of this machine is not that of ${shared.place}.`,
    {
      hint: `Remove ${join(folder, keyFileName)} to use the shared one; the environments made from here so far are compared again after their next run.`,
    },
  );
}

/**
 * The fingerprinter of a project. Its key is made on first use, readable for its owner only, and never replaced.
 * @param folder the project's `.provision-env`
 */
export async function openFingerprinter(folder: string): Promise<Fingerprinter> {
  const existing = await readKey(join(folder, keyFileName));
  return createFingerprinter(existing ?? (await placeKey(folder, newKey())));
}
