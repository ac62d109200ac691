import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMoto } from '../../sandbox/find-moto.ts';
import { packageRoot } from '../../sandbox/package-root.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { run } from '../../src/process/run.ts';

let folder: string;
let python: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sandbox-start-'));
  const found = await findMoto();
  if (!found) throw new Error('The tests of the sandbox need a Python with moto');
  python = found.python;
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('startSandbox', () => {
  it('starts on a port of its own and leaves nothing behind', async () => {
    const logFile = path.join(folder, 'server.log');
    const sandbox = await startSandbox({ python, logFile });
    expect(sandbox.env).toMatchObject({ AWS_ENDPOINT_URL: sandbox.endpoint, AWS_REGION: 'ap-southeast-1' });
    expect((await fetch(`${sandbox.endpoint}/moto-api/data.json`)).status).toBe(200);
    await sandbox.stop();
    await sandbox.stop();
    await expect(fetch(sandbox.endpoint)).rejects.toThrow('fetch failed');
    expect(await readFile(logFile, 'utf8')).toContain('GET /moto-api/data.json');
  });

  it('says why it did not start', async () => {
    const sandbox = await startSandbox({ python });
    const port = Number(new URL(sandbox.endpoint).port);
    await expect(startSandbox({ python, port })).rejects.toThrow(
      /did not start.*\n.*(in use|cannot start)/is,
    );
    await sandbox.stop();
    await expect(startSandbox({ python: path.join(folder, 'no-python') })).rejects.toThrow(/did not start/);
  });

  it('stops when the caller gives up', async () => {
    const controller = new AbortController();
    const sandbox = await startSandbox({ python, signal: controller.signal });
    controller.abort();
    await sandbox.stop();
    await expect(fetch(sandbox.endpoint)).rejects.toThrow('fetch failed');
    await expect(startSandbox({ python, signal: controller.signal })).rejects.toThrow('aborted');
  });
});

describe('the server', () => {
  it('ends when its parent does', async () => {
    const server = path.join(packageRoot(), 'sandbox', 'moto', 'server.py');
    // Its standard input is closed from the start, as if the parent had died at once.
    const result = await run({ command: python, args: ['-B', server], timeoutMs: 60_000 });
    expect({ exitCode: result.exitCode, timedOut: result.timedOut }).toEqual({
      exitCode: 0,
      timedOut: false,
    });
    expect(JSON.parse(result.stdout)).toMatchObject({ ready: true });
  });

  it.each([
    ['another version', 'moto.__version__ = "6.0.0"', 'moto 6.0.0 is installed, the sandbox needs 5.2.x'],
    [
      'another signature',
      'import moto.awslambda.models as m; m.LambdaFunction.invoke = lambda self, body: None',
      "LambdaFunction.invoke takes ['self', 'body'], expected",
    ],
    [
      'a missing part',
      'import moto.apigatewayv2.models as m; del m.Stage.to_json',
      'moto has no moto.apigatewayv2.models.Stage.to_json any more',
    ],
  ])('refuses a moto with %s', async (_what, change, message) => {
    const moto = path.join(packageRoot(), 'sandbox', 'moto');
    const code = `import sys; sys.path.insert(0, ${JSON.stringify(moto)}); import moto; ${change}
import server; sys.argv = ["server.py"]; sys.exit(server.main())`;
    const { exitCode, stderr } = await run({ command: python, args: ['-B', '-c', code], timeoutMs: 60_000 });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(exitCode).toBe(3);
  });
});

describe('findMoto', () => {
  it('does not take another interpreter than the one that was named', async () => {
    await expect(findMoto({ env: { PROVISION_ENV_PYTHON: '/bin/false' } })).rejects.toThrow(
      /PROVISION_ENV_PYTHON is \/bin\/false.*pip install/,
    );
    expect(await findMoto({ env: { PROVISION_ENV_PYTHON: python } })).toMatchObject({ python });
  });

  it('prefers its own environment, then the one of moto_server', async () => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await writeFile(path.join(bin, 'moto_server'), `#!${python}\nimport moto\n`);
    const behind = await findMoto({ env: { PATH: bin, XDG_CACHE_HOME: folder } });
    expect(behind?.python).toBe(python);

    const own = path.join(folder, 'provision-env', 'moto', 'bin');
    await mkdir(own, { recursive: true });
    const fake = path.join(own, 'python');
    await writeFile(fake, '#!/bin/sh\nprintf "5.2.99\\n/own/python\\n"\n');
    await chmod(fake, 0o755);
    const found = await findMoto({ env: { PATH: bin, XDG_CACHE_HOME: folder } });
    expect(found).toEqual({ python: '/own/python', version: '5.2.99' });
  });
});

describe('packageRoot', () => {
  it('finds the package from wherever the code was bundled to, and says so when there is none', () => {
    const root = packageRoot();
    expect(packageRoot(path.join(root, 'dist', 'chunks', 'bin.mjs'))).toBe(root);
    expect(() => packageRoot('/nowhere/at/all.mjs')).toThrow('No package.json of provision-env');
    expect(root).toBe(process.cwd());
  });
});
