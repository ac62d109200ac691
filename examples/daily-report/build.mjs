// Makes build/<function>.zip from functions/<function>/: node build.mjs
//
// Terraform compares the hashes of the zips, so the same sources have to give the same bytes on every machine:
// sorted names, one fixed time, and no compression (zlib's output differs between its versions).
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

const EPOCH = 0x0021_0000; // 1980-01-01 00:00, where the zip calendar starts
const UTF8_NAMES = 0x0800;
const MADE_BY_UNIX = 0x0314;
const REGULAR_FILE_0644 = (0o100644 << 16) >>> 0;

/**
 * @param {{ name: string, data: Buffer }[]} files
 * @returns {Buffer} a zip archive of the files, stored
 */
export function zip(files) {
  const locals = [];
  const central = [];
  let offset = 0;

  for (const { name, data } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26); // the part that both headers have
    common.writeUInt16LE(20, 0); // version needed: 2.0
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(0, 4); // method: stored
    common.writeUInt32LE(EPOCH, 6);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);

    const entry = Buffer.alloc(14); // comment length, disk and internal attributes stay 0
    entry.writeUInt32LE(REGULAR_FILE_0644, 6);
    entry.writeUInt32LE(offset, 10);
    central.push(signature(0x02014b50), uint16(MADE_BY_UNIX), common, entry, nameBytes);

    const local = Buffer.concat([signature(0x04034b50), common, nameBytes, data]);
    locals.push(local);
    offset += local.length;
  }

  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, signature(0x06054b50), end]);
}

function signature(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** Builds every function under root; returns the paths of the zips. */
export async function build(root, outDir = join(root, 'build')) {
  const functions = await readdir(join(root, 'functions'));
  await mkdir(outDir, { recursive: true });
  return Promise.all(
    functions.sort().map(async (name) => {
      const folder = join(root, 'functions', name);
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = await Promise.all(
        entries
          .filter((entry) => entry.isFile())
          .map(async (entry) => {
            const path = join(entry.parentPath, entry.name);
            return { name: path.slice(folder.length + 1).replaceAll('\\', '/'), data: await readFile(path) };
          }),
      );
      const out = join(outDir, `${name}.zip`);
      await writeFile(out, zip(files));
      return out;
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const out of await build(fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '')))
    console.log(out);
}
