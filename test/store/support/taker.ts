/**
 * A process of its own that takes a lock again and again, and leaves half of them behind as if it had died: `taker.ts
 * <folder> <log> <locks in all>`. What it holds it writes to a log that all takers share.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileStore } from '../../../src/store/file-store.ts';
import { isProvisionError } from '../../../src/transfer/errors.ts';

const [folder = '', log = '', all = '0'] = process.argv.slice(2);
const store = createFileStore(folder);
const environment = 'feature-auth';
const locks = join(folder, 'locks', environment);

/** Another process's, as far as anybody can tell: it started at another time. */
async function leaveBehind(token: number): Promise<void> {
  const path = join(locks, String(token), 'owner.json');
  const owner = JSON.parse(await readFile(path, 'utf8')) as { process: object };
  await writeFile(path, JSON.stringify({ ...owner, process: { ...owner.process, started: 'another' } }));
}

for (let token = 0; token < Number(all);) {
  try {
    const lock = await store.lock(environment, 'race');
    ({ token } = lock);
    await appendFile(log, `enter ${process.pid} ${token}\n`);
    if (token % 10 === 0) await new Promise((done) => setTimeout(done, 2));
    await appendFile(log, `leave ${process.pid} ${token}\n`);
    if (token % 2 === 0) await lock.release();
    else await leaveBehind(token);
  } catch (error) {
    if (!isProvisionError(error) || error.code !== 'transfer-locked') throw error;
    await new Promise((done) => setTimeout(done, Math.random() * 10));
    const entered = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1);
    token = Number(entered?.split(' ')[2] ?? 0);
  }
}
process.exit(0);
