/** What the system told Terraform where it could not write or read a file: no fault of the configuration, and no bug. */
import type { ErrorCode } from '../transfer/error-codes.ts';
import { hintFor } from '../transfer/system-errors.ts';

/** The texts of Go's `syscall` package; Terraform gives no codes. */
const texts: readonly (readonly [text: RegExp, errno: string])[] = [
  [/no space left on device/i, 'ENOSPC'],
  [/disk quota exceeded/i, 'EDQUOT'],
  [/read-only file system/i, 'EROFS'],
  [/too many open files/i, 'EMFILE'],
  [/: input\/output error/i, 'EIO'],
  [/\b(?:open|mkdir|write|rename|unlink|remove|fork\/exec) \S+: permission denied/i, 'EACCES'],
];

export interface DiskTrouble {
  readonly code: ErrorCode;
  readonly hint: string;
}

/** @returns `null` if the text speaks of nothing of the kind */
export function diskTrouble(text: string): DiskTrouble | null {
  const errno = texts.find(([pattern]) => pattern.test(text))?.[1];
  return errno === undefined ? null : hintFor(errno);
}
