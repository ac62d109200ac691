/** Runs the command line in this process, with streams of the test's own. */
import { PassThrough } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import { type Document, documentSchema } from '../../src/cli/document.ts';
import type { CliIo } from '../../src/cli/io.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function collector(columns: number): { stream: NodeJS.WriteStream; text(): string } {
  const chunks: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: false, columns });
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk.toString('utf8')));
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => chunks.join('') };
}

export async function runCli(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  columns = 160,
  more: Partial<CliIo> = {},
): Promise<Ran> {
  const [stdout, stderr] = [collector(columns), collector(columns)];
  const stdin = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.ReadStream;
  const exitCode = await main(args, {
    cwd,
    env: { ...env, NO_COLOR: '1' },
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    ...more,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** The same with `--json`: standard output must be exactly one document that fits the published schema. */
export async function runJson(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran & { readonly document: Document }> {
  const ran = await runCli(cwd, [...args, '--json'], env);
  return { ...ran, document: documentSchema.parse(JSON.parse(ran.stdout)) };
}
