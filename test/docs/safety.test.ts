/** docs/safety.md names tests: each of them has to be there. */
import { access, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it('every promise names tests that are there', async () => {
  const rows = (await readFile('docs/safety.md', 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Promise') && !/^\| -+/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  const missing: string[] = [];
  for (const row of rows) {
    const heldBy = row.split(' | ').at(-1) ?? '';
    const files = [...heldBy.matchAll(/`(test\/[^`]+)`([^`]*)/g)];
    if (files.length === 0) missing.push(row);
    for (const [, file = '', names = ''] of files) {
      const text = await access(file).then(
        () => readFile(file, 'utf8'),
        () => null,
      );
      if (text === null) missing.push(file);
      for (const [, name = ''] of names.matchAll(/"([^"]+)"/g))
        if (text?.includes(name) !== true) missing.push(`${file} "${name}"`);
    }
  }
  expect(missing).toEqual([]);
});
