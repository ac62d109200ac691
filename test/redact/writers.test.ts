/** Whatever leaves a run goes through its redactor: each file that writes or sends says here why it may. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const writes =
  /\b(?:writeFile|writeWhole|appendFile|createWriteStream|copyFile|cp|openSync)\(|\bopen\([^)]*'[aw]|\b(?:stdout|stderr|stream)\.write\(|\bprocess\.std(?:out|err)\b|\bconsole\.|\bfetch\(|\bputObject\(|\bobjects\.put\(/;

/** Gated: what they write has gone through the redactor before it comes to them. */
const gated: Readonly<Record<string, string>> = {
  'bin.ts': 'prints the version, and hands the streams to main, which gates them',
  'cli/main.ts': 'writes to the gated streams',
  'cli/run-transfer.ts': 'writes the redacted document and the redacted blocks as the report',
  'cli/report-file.ts': 'renders the redacted document',
  'cli/live-line.ts': 'writes to the gated standard error',
  'cli/output-errors.ts': 'one fixed sentence and what the system says of a stream',
  'store/file-store.ts': 'is only reached through gatedStore',
  'store/file-writer.ts': 'is only reached through gatedStore',
  'store/object-lock.ts': 'who holds a lock',
  'store/object-writer.ts': 'is only reached through gatedStore',
  'store/objects.ts': 'tries conditions with objects of its own',
  'store/write-whole.ts': 'writes what it is given; who calls it stands here, too',
};

/** Hold or send secrets on purpose, or never hold any. */
const meant: Readonly<Record<string, string>> = {
  'aws/clone/code.ts': 'fetches the code of a function',
  'ci/write-file.ts': 'writes generated workflows: templates without values of any environment',
  'cli/commands/ci-event.ts':
    'hands the decision of an event to the next step of the CI job: names and numbers',
  'demo/main.ts': 'tells of the sandbox, whose secrets are made up',
  'github/client.ts': 'posts what it is given: the redacted comment',
  'gitlab/client.ts': 'posts what it is given: the redacted comment',
  'notice/webhook.ts': 'sends name, owner and end of an environment',
  'process/run.ts': 'lets an apply write into a private folder',
  'secrets/doppler/http.ts': 'the secret store itself',
  'secrets/providers/dotenv.ts': 'the secret store itself',
  'secrets/fingerprint.ts': 'the key for fingerprints: random, readable for its owner only',
  'steps/infracost.ts': 'a plan without values, in a private folder',
  'steps/rewire.ts':
    "the target's var-file and backend file: the source's text under another name, as the project keeps it",
  'steps/store.ts': 'shares the key for fingerprints through the bucket of the records',
  'steps/workspace.ts': 'the var-file in a private folder',
  'store/file-lock.ts': 'who holds a lock',
  'aws/s3-objects.ts': 'puts what the object store gives it',
  'terraform/read-state.ts': 'settings of a backend in a private folder',
  'terraform/runner.ts': 'settings of a backend in a private folder',
  'tools/install-terraform.ts': 'a program that was downloaded',
  'tools/provider-sources.ts': 'where providers are looked for',
  'verify/ground-truth.ts': 'sends a signed webhook to the target',
};

async function sources(): Promise<readonly string[]> {
  const entries = await readdir('src', { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice('src/'.length))
    .sort();
}

it('every file that writes or sends is known, with its reason', async () => {
  const found: string[] = [];
  for (const file of await sources()) {
    const text = await readFile(join('src', file), 'utf8');
    // Commands print through the streams of `CliIo`, which are gated.
    const code = text
      .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .replaceAll(/\bio\.std(?:out|err)\.write\(/g, '');
    if (writes.test(code)) found.push(file);
  }
  const known = { ...gated, ...meant };
  expect(found).toEqual(Object.keys(known).sort());
});

it('nothing but the gate reaches the streams of the process', async () => {
  for (const file of await sources()) {
    if (['bin.ts', 'cli/main.ts', 'demo/main.ts'].includes(file)) continue;
    const text = await readFile(join('src', file), 'utf8');
    expect({ file, reaches: /\bprocess\.std(?:out|err)\b/.test(text) }).toEqual({ file, reaches: false });
  }
});

it('a store and a host of a session are gated', async () => {
  const opened = await Promise.all(
    (await sources()).map(async (file) => [file, await readFile(join('src', file), 'utf8')] as const),
  );
  const hosts = opened.filter(([, text]) => /\bcreateTerminalHost\(/.test(text)).map(([file]) => file);
  expect(hosts).toEqual(['cli/host.ts', 'cli/session.ts']);
  const [, session = ''] = opened.find(([file]) => file === 'cli/session.ts') ?? [];
  expect(session).toContain('gatedHost(terminal, redactor)');
  expect(session).toContain('store: gatedStore(store, redactor)');
  // `comment` reads records and writes none.
  const stores = opened.filter(([, text]) => /\bopenStore\(/.test(text)).map(([file]) => file);
  expect(stores).toEqual(['cli/commands/comment.ts', 'cli/session.ts', 'steps/store.ts']);
});
