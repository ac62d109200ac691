/**
 * Which process holds a lock, told so that no other can be taken for it. A process id alone means little: it is used
 * again, and containers have ids of their own. Together with the boot of the kernel, the namespace of process ids and the
 * time at which the process started it names one process for ever. Where the system does not tell these (only Linux
 * does), nobody is said to be dead, and the lease decides.
 */
import { readFile, readlink } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { z } from 'zod';

export const processIdentitySchema = z.object({
  host: z.string(),
  pid: z.number().int().positive(),
  /** Id of the kernel's boot; containers of one machine share it. */
  boot: z.string().nullable(),
  /** Within which the process id means something. */
  namespace: z.string().nullable(),
  /** Ticks of the kernel since its boot. */
  started: z.string().nullable(),
});

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** Who runs this process, for locks and records. */
export function currentUser(): string {
  const fromCi = process.env['GITHUB_ACTOR'] ?? process.env['GITLAB_USER_LOGIN'];
  if (fromCi) return fromCi;
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? 'unknown';
  }
}

export async function identifyThisProcess(): Promise<ProcessIdentity> {
  const [boot, namespace, stat] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null),
    readlink('/proc/self/ns/pid').catch(() => null),
    statOf('self'),
  ]);
  return {
    host: hostname(),
    pid: process.pid,
    boot: boot?.trim() ?? null,
    namespace,
    started: stat?.started ?? null,
  };
}

/** True only if that process is gone for sure. `false` says nothing: it may be one that cannot be seen from here. */
export async function isGone(other: ProcessIdentity, here: ProcessIdentity): Promise<boolean> {
  const seen =
    other.host === here.host &&
    other.boot !== null &&
    other.boot === here.boot &&
    other.namespace !== null &&
    other.namespace === here.namespace;
  if (!seen) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  const stat = await statOf(String(other.pid));
  if (stat === null) return false;
  // Ended, but its parent has not asked how; or another one has got its id.
  return (
    stat.state === 'Z' || stat.state === 'X' || (other.started !== null && stat.started !== other.started)
  );
}

async function statOf(pid: string): Promise<{ readonly state: string; readonly started: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name of the program, in parentheses, may itself hold spaces and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? null : { state, started };
}
