/** What the system told Terraform where it could not write or read a file: no fault of the configuration, and no bug. */
import type { ErrorCode } from '../transfer/error-codes.ts';
import { hintFor } from '../transfer/system-errors.ts';

/** The texts of Go's `syscall` package, which Terraform breaks into lines; it gives no codes. */
const texts: readonly (readonly [text: RegExp, errno: string])[] = [
  [/no\s+space\s+left\s+on\s+device/i, 'ENOSPC'],
  [/disk\s+quota\s+exceeded/i, 'EDQUOT'],
  [/read-only\s+file\s+system/i, 'EROFS'],
  [/too\s+many\s+open\s+files/i, 'EMFILE'],
  [/:\s+input\/output\s+error/i, 'EIO'],
  [/\b(?:open|mkdir|write|rename|unlink|remove|fork\/exec)\s+\S+:\s+permission\s+denied/i, 'EACCES'],
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
