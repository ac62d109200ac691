/** One state may be reached by many names: links, hard links, `./` in a key. Here they become comparable. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import type { StateLocation } from '../transfer/record.ts';

/** The path that a path really leads to; of what is not there, its folder's. */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await realPath(folder), basename(path));
  }
}

/** @returns texts; two locations that have one in common lead to one state */
export async function statePlaces(location: StateLocation): Promise<readonly string[]> {
  const s3 = /^s3:\/\/([^/]+)\/(.*)$/s.exec(location);
  // Some services that speak S3 resolve `.` and `//` in a key, and some do not.
  if (s3) return [`s3://${s3[1] ?? ''}${posix.normalize(`/${s3[2] ?? ''}`)}`];
  if (!location.startsWith('file://')) return [location];
  const path = await realPath(location.slice('file://'.length));
  const places = [`file://${path}`];
  try {
    const { dev, ino, nlink } = await stat(path);
    // Two names of one file. A number is given anew once a file is gone, so it counts only where there are two.
    if (nlink > 1) places.push(`inode:${dev}:${ino}`);
  } catch {
    // There is no file yet.
  }
  return places;
}
