import { execa } from 'execa';
import { expect, it } from 'vitest';

it('an error that nobody caught is told without the secrets in it', async () => {
  const boom = 'setTimeout(() => { throw new Error("boom " + process.env.API_TOKEN + " end"); }, 4000)';
  const child = execa(
    process.execPath,
    // `mcp` waits for its caller.
    [
      '--import',
      import.meta.resolve('tsx'),
      '--import',
      `data:text/javascript,${encodeURIComponent(boom)}`,
      'src/bin.ts',
      'mcp',
    ],
    { reject: false, timeout: 30_000, stdin: 'pipe', env: { API_TOKEN: 'canary-4711-of-a-crash' } },
  );
  const { exitCode, stderr, stdout } = await child;
  expect(stderr).toContain('boom «secret API_TOKEN» end');
  expect(stdout + stderr).not.toContain('canary');
  expect(exitCode).toBe(1);
}, 40_000);
