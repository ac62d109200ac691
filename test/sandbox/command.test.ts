import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { readInbox } from '../../sandbox/inbox/read.ts';
import { packageRoot } from '../../sandbox/package-root.ts';
import { type Document, documentSchema } from '../../src/cli/document.ts';
import { run } from '../../src/process/run.ts';

const bin = join(packageRoot(), 'dist', 'bin.mjs');
const kills: (() => void)[] = [];
afterEach(() => {
  for (const kill of kills.splice(0)) kill();
});

interface Started {
  /** What it has printed once it runs. */
  readonly stdout: string;
  /** Ends it, and answers what it ended with and all that it has printed. */
  readonly stop: (
    signal: NodeJS.Signals,
  ) => Promise<{ readonly exitCode?: number | undefined; readonly stdout: string }>;
}

async function start(args: readonly string[]): Promise<Started> {
  const child = execa(process.execPath, [bin, 'sandbox', ...args], {
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  });
  kills.push(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  // It says on standard error that it runs, after it has printed everything else.
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output.stderr += chunk;
      if (output.stderr.includes('Ctrl+C')) resolve();
    });
    void child.then(() => reject(new Error(`it ended: ${output.stderr}`)));
  });
  return {
    stdout: output.stdout,
    async stop(signal) {
      child.kill(signal);
      return child;
    },
  };
}

const closed = async (urls: readonly string[]): Promise<void> => {
  for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
};

function partOf({ sandbox }: Document): NonNullable<Document['sandbox']> {
  if (sandbox) return sandbox;
  throw new Error('The document says nothing of a sandbox');
}

describe('provision-env sandbox', () => {
  it('prints lines that a shell can read, with which every service is reached', async () => {
    const { stdout, stop } = await start([]);
    const script = `${stdout}\nprintf '%s\\n' "$AWS_ENDPOINT_URL" "$DOPPLER_API_HOST" "$LINE_API_BASE" "$TF_VAR_line_api_base" "$TELEGRAM_API_BASE" "$TF_VAR_telegram_api_base" "$DOPPLER_TOKEN"`;
    const shell = await run({ command: 'sh', args: ['-eu', '-c', script], timeoutMs: 10_000 });
    expect([shell.exitCode, shell.stderr]).toEqual([0, '']);
    const [aws = '', doppler = '', line = '', lineVariable, telegram = '', telegramVariable, token = ''] =
      shell.stdout.split('\n');
    expect([lineVariable, telegramVariable]).toEqual([line, telegram]);

    expect((await fetch(`${aws}/moto-api/data.json`)).status).toBe(200);
    const secrets = await fetch(`${doppler}/v3/configs/config/secrets?project=daily-report&config=dev`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await secrets.json()).toMatchObject({ secrets: { TELEGRAM_BOT_TOKEN: expect.anything() } });
    const spare = /LINE_CHANNEL_ACCESS_TOKEN=(\S+)/.exec(stdout)?.[1] ?? '';
    const info = await fetch(`${line}/v2/bot/info`, { headers: { authorization: `Bearer ${spare}` } });
    expect(await info.json()).toMatchObject({ displayName: 'Daily Report (spare)' });
    expect(stdout).toContain('no secrets');

    expect(await stop('SIGINT')).toMatchObject({ exitCode: 0 });
    await closed([aws, doppler, line, telegram]);
  });

  it('prints exactly one document with --json, and ends on SIGTERM', async () => {
    const { stdout, stop } = await start(['--json']);
    const document = documentSchema.parse(JSON.parse(stdout));
    expect([document.command, document.status]).toEqual(['sandbox', 'done']);
    const { env, endpoints, inboxes, spare } = partOf(document);
    expect(env).toMatchObject({
      AWS_ENDPOINT_URL: endpoints.aws,
      DOPPLER_API_HOST: endpoints.doppler,
      TF_VAR_line_api_base: endpoints.line,
      TF_VAR_telegram_api_base: endpoints.telegram,
    });
    expect(Object.keys(spare).sort()).toEqual([
      'LINE_CHANNEL_ACCESS_TOKEN',
      'LINE_CHANNEL_SECRET',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_WEBHOOK_SECRET',
    ]);
    expect(inboxes.map(({ service, environment }) => `${service} ${environment}`)).toEqual([
      'line dev',
      'telegram dev',
      'line prod',
      'telegram prod',
      'line spare',
      'telegram spare',
    ]);
    for (const { url } of inboxes) expect((await fetch(url)).status).toBe(200);
    const [inbox] = inboxes;
    expect(await readInbox(endpoints.line, inbox?.user ?? '')).toEqual([]);

    expect(await stop('SIGTERM')).toMatchObject({ exitCode: 0, stdout });
    await closed(Object.values(endpoints));
  });

  it('leaves nothing running where one part does not start', async () => {
    const { stdout, stop } = await start(['--json']);
    const { endpoints } = partOf(documentSchema.parse(JSON.parse(stdout)));
    const port = new URL(endpoints.aws).port;
    const second = await run({
      command: process.execPath,
      args: [bin, 'sandbox', '--port', port, '--json'],
      timeoutMs: 60_000,
    });
    expect([second.exitCode, second.timedOut]).toEqual([2, false]);
    expect(documentSchema.parse(JSON.parse(second.stdout))).toMatchObject({
      status: 'error',
      error: { message: expect.stringMatching(/did not start/) },
    });
    expect(await stop('SIGINT')).toMatchObject({ exitCode: 0 });
  });
});
