/**
 * What the system answers when files cannot be written or read: a full disk, a read-only folder, a lack of permission.
 * That is no bug of ours. Told by the code, which is the same everywhere, and never by the text.
 */
import type { ErrorCode } from './error-codes.ts';

interface Kind {
  readonly code: ErrorCode;
  /** @param what the file, as far as it is known */
  readonly message: (what: string) => string;
  readonly hint: string;
}

const room = 'Free some space there. Temporary files go where TMPDIR says.';
const rights =
  'Look who owns it and who may write it: the user that runs provision-env has to be able to write the folder of the project, `.provision-env` in it, and the folder for temporary files (TMPDIR).';
const fault = 'Look at the disk or at the network file system, and at the log of the system.';

const kinds: Readonly<Record<string, Kind>> = {
  ENOSPC: { code: 'disk-full', message: (what) => `No space is left on the disk for ${what}.`, hint: room },
  EDQUOT: {
    code: 'disk-full',
    message: (what) => `The disk quota is used up: no space for ${what}.`,
    hint: room,
  },
  EFBIG: {
    code: 'disk-full',
    message: (what) => `The system allows no file as large as ${what}.`,
    hint: room,
  },
  EROFS: {
    code: 'not-writable',
    message: (what) => `The file system is read-only: ${what} cannot be written.`,
    hint: rights,
  },
  EACCES: { code: 'not-writable', message: (what) => `Permission denied for ${what}.`, hint: rights },
  EPERM: { code: 'not-writable', message: (what) => `Permission denied for ${what}.`, hint: rights },
  EMFILE: {
    code: 'too-many-files',
    message: (what) => `Too many files are open in this process: ${what} cannot be opened.`,
    hint: 'Raise the limit of open files (`ulimit -n 4096`).',
  },
  ENFILE: {
    code: 'too-many-files',
    message: (what) => `Too many files are open on this machine: ${what} cannot be opened.`,
    hint: 'Close other programs, or raise the limit of the system.',
  },
  EIO: {
    code: 'disk-fault',
    message: (what) => `The disk answers with a fault (EIO) for ${what}.`,
    hint: fault,
  },
  ESTALE: {
    code: 'disk-fault',
    message: (what) => `The network file system does not know ${what} any more (ESTALE).`,
    hint: fault,
  },
};

export const systemErrorCodes: ReadonlySet<ErrorCode> = new Set(Object.values(kinds).map(({ code }) => code));

/** Calls of the system that are not about files: their codes mean something else. */
const notFiles = /^(?:connect|getaddrinfo|bind|listen|accept|kill|spawn)/;

/** Code and advice for one of the system's codes. */
export function hintFor(errno: string): { readonly code: ErrorCode; readonly hint: string } | null {
  const kind = kinds[errno];
  return kind === undefined ? null : { code: kind.code, hint: kind.hint };
}

export interface SystemErrorText {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/**
 * @param path what is told instead of the path that the system names, which may be that of a draft
 * @returns `null` for what is none of these
 */
export function describeSystemError(thrown: unknown, path?: string): SystemErrorText | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('syscall' in thrown)) return null;
  const kind = kinds[String(thrown.code)];
  if (kind === undefined || notFiles.test(String(thrown.syscall))) return null;
  const named = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : 'a file';
  return { code: kind.code, message: kind.message(path ?? named), hint: kind.hint };
}
