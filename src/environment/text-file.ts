/** Reading the user's files: what they hold comes back byte for byte when it is written again. */
import { readFile } from 'node:fs/promises';
import type { ErrorCode } from '../transfer/error-codes.ts';
import { ProvisionError } from '../transfer/errors.ts';

const reasons: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOENT: ['does not exist', 'Check the path, and the folder that you are in.'],
  EACCES: ['cannot be read: permission denied', 'Check who may read it.'],
  EPERM: ['cannot be read: permission denied', 'Check who may read it.'],
  EISDIR: ['is a folder', 'Name a file.'],
  ENOTDIR: ['does not exist: a part of its path is no folder', 'Check the path.'],
};

/**
 * @param what how the file is called in messages: `The var-file`
 * @throws ProvisionError with `code` if the file cannot be read or is not UTF-8
 */
export async function readTextFile(file: string, what: string, code: ErrorCode): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const errno = (cause as NodeJS.ErrnoException).code ?? '';
    const [problem, hint] = reasons[errno] ?? [
      `cannot be read (${errno || 'unknown reason'})`,
      'Check the file.',
    ];
    throw new ProvisionError(code, `${what} ${problem}.`, { where: { file }, hint, cause });
  }
  try {
    // Fatal, because a text with replacement characters would be written back as something else.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProvisionError(code, `${what} is not UTF-8 text.`, {
      where: { file },
      hint: 'Save it as UTF-8: Terraform reads nothing else.',
      cause,
    });
  }
}
