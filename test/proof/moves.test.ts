import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDeclarations } from '../../src/terraform/declarations.ts';
import { createMover, type Mover } from '../../src/proof/moves.ts';

let dir: string;
let moved: Mover;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'moves-'));
  await mkdir(join(dir, 'api'));
  await writeFile(
    join(dir, 'main.tf'),
    `
    module "api" { source = "./api" }
    moved {
      from = aws_x.a
      to   = aws_x.b
    }
    moved {
      from = aws_x.b
      to   = module.api.aws_x.c
    }
    moved {
      from = aws_x.one
      to   = aws_x.many["first"]
    }
    moved {
      from = module.old
      to   = module.api
    }
    moved {
      from = aws_x.left
      to   = aws_x.right
    }
    moved {
      from = aws_x.right
      to   = aws_x.left
    }
    moved {
      from = module.deep
      to   = module.deep.module.inner
    }
    `,
  );
  await writeFile(
    join(dir, 'more.tf.json'),
    JSON.stringify({ moved: [{ from: 'aws_x.json', to: 'aws_x.text' }] }),
  );
  await writeFile(join(dir, 'api', 'main.tf'), 'moved {\n  from = aws_y.inner\n  to   = aws_y.outer\n}\n');
  moved = createMover(await readDeclarations(dir));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('an address', () => {
  it.each([
    ['aws_x.a', 'module.api.aws_x.c'],
    ['aws_x.a[0]', 'module.api.aws_x.c[0]'],
    ['aws_x.a["k.e]y"]', 'module.api.aws_x.c["k.e]y"]'],
    ['aws_x.one', 'aws_x.many["first"]'],
    ['aws_x.one[0]', 'aws_x.one[0]'],
    ['aws_x.ab', 'aws_x.ab'],
    ['module.deep.aws_x.a', 'module.deep.module.inner.aws_x.a'],
    ['aws_x.json', 'aws_x.text'],
    ['module.old.aws_z.q', 'module.api.aws_z.q'],
    ['module.old["eu"].aws_y.inner[1]', 'module.api["eu"].aws_y.outer[1]'],
    ['module.other.aws_y.inner', 'module.other.aws_y.inner'],
    ['aws_y.inner', 'aws_y.inner'],
    // In a circle nothing is found, and the search ends.
    ['aws_x.left', 'aws_x.left'],
  ])('%s is %s now', (before, after) => expect(moved(before)).toBe(after));
});
