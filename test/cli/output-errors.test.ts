import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { outliveOutputErrors } from '../../src/cli/output-errors.ts';

function outputs() {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const errors = outliveOutputErrors({ stdout, stderr } as never);
  const fail = (stream: PassThrough, code: string): void =>
    void stream.emit('error', Object.assign(new Error(`write ${code}`), { code }));
  return { stdout, stderr, errors, fail };
}

it('goes on where nobody reads any more', () => {
  const { stdout, stderr, errors, fail } = outputs();
  fail(stdout, 'EPIPE');
  fail(stdout, 'EPIPE');
  fail(stderr, 'EPIPE');
  expect(errors.lost()).toBeNull();
  expect(stderr.read()).toBeNull();
});

it('tells once that a result is lost', () => {
  const { stdout, stderr, errors, fail } = outputs();
  fail(stdout, 'ENOSPC');
  fail(stdout, 'ENOSPC');
  expect(errors.lost()).toMatchObject({ code: 'ENOSPC' });
  expect(String(stderr.read()).match(/cannot be written: write ENOSPC/g)).toHaveLength(1);
});
