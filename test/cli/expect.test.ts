/**
 * What is done after a yes is what it was given to, also where things move on between the look, the yes and the deed,
 * and where a run is killed between them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as AwsClients from '../../src/aws/clients.ts';
import type * as S3Backend from '../../src/terraform/s3-backend.ts';
import type { RunRequest, RunResult } from '../../src/process/run.ts';
import { createThing } from '../support/stand-in-terraform/account.ts';
import { dayOne, runCommand } from '../worlds/command.ts';
import { makeWorld } from '../worlds/make.ts';
import { readFileOf, region, type Snapshot, type World, worldFrom, writeFileOf } from '../worlds/world.ts';

/** What happens while a program is started. */
const around = vi.hoisted(() => ({ start: (_args: readonly string[]): void => undefined }));

vi.mock('../../src/process/run.ts', async () => {
  const outside = await import('../support/outside.ts');
  return {
    run: (request: RunRequest): Promise<RunResult> => {
      around.start(request.args);
      return outside.run(request);
    },
  };
});
vi.mock('../../src/aws/clients.ts', async (original) => ({
  ...(await original<typeof AwsClients>()),
  createClients: (await import('../support/outside.ts')).createClients,
}));
vi.mock('../../src/terraform/s3-backend.ts', async (original) => ({
  ...(await original<typeof S3Backend>()),
  createBackendClients: (await import('../support/outside.ts')).createBackendClients,
}));

const shape = { backend: 's3-file', module: 'all', company: 0, killed: false } as const;
const name = 'feature';
const threeDays = 3 * 24 * 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'pe-expect-'));
let snapshot: Snapshot;
let world: World;

// The first command loads all of the command line.
beforeAll(async () => {
  snapshot = await makeWorld(shape, folder);
}, 120_000);
beforeEach(() => {
  world = worldFrom(snapshot, shape, folder);
});
afterEach(() => {
  around.start = () => undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Shown {
  readonly digest?: string;
  readonly error?: { readonly code: string } | null;
}

async function run(args: readonly string[], start = dayOne): Promise<{ exitCode: number } & Shown> {
  const { exitCode, document } = await runCommand(world, args, start);
  return { exitCode, ...(document as Shown) };
}
async function digestOf(args: readonly string[], start = dayOne): Promise<string> {
  const { digest } = await run(args, start);
  expect(digest).toMatch(/^[\w-]{32}$/);
  return digest ?? '';
}
const things = (): string[] => world.account.things.map((thing) => `${thing.type} ${thing.name}`).sort();
const editModule = (from: string, to: string): void => {
  const text = readFileOf(world, 'terraform/main.tf') ?? '';
  expect(text).toContain(from);
  writeFileOf(world, 'terraform/main.tf', text.replace(from, to));
};
const changed = { exitCode: 6, error: { code: 'plan-changed' } };

describe('provision --expect', () => {
  const config = 'provision-env.config.json';
  const settings = (more: object): void => {
    const now = JSON.parse(readFileOf(world, config) ?? '') as object;
    writeFileOf(world, config, JSON.stringify({ ...now, ...more }));
  };

  it('does what was shown', async () => {
    const digest = await digestOf(['plan', 'other', 'from=dev']);
    expect(await run(['provision', 'other', 'from=dev', '--expect', digest])).toMatchObject({ exitCode: 0 });
    expect(things()).toContain('aws_dynamodb_table app-other-notes');
  });

  it.each<readonly [string, () => void]>([
    ['the configuration', () => editModule('/app/${var.environment}/jobs', '/app/${var.environment}/work')],
    [
      "the source's var-file",
      () =>
        writeFileOf(
          world,
          'terraform/terraform.dev.tfvars',
          `environment = "dev"\nregion = "${region}"\nretention = 30\n`,
        ),
    ],
    [
      'what its verification calls',
      () => settings({ verify: { urls: [{ url: 'https://{env}.example/' }] } }),
    ],
    [
      'what becomes of a secret',
      () => writeFileOf(world, '.env.dev', 'GREETING=hello\nAPI_TOKEN=abcdefgh1\n'),
    ],
  ])('asks anew where %s has changed since, and changes nothing', async (_what, change) => {
    const digest = await digestOf(['plan', 'other', 'from=dev']);
    change();
    const before = things();
    expect(await run(['provision', 'other', 'from=dev', '--expect', digest])).toMatchObject(changed);
    expect(things()).toEqual(before);
    expect(readFileOf(world, '.provision-env/records/other.json')).toBeNull();
  });

  it('asks anew where the second plan of the same run, made with its secrets, is another', async () => {
    const { secrets } = JSON.parse(readFileOf(world, config) ?? '') as { secrets: object };
    settings({ secrets: { ...secrets, rules: [{ key: 'GREETING', class: 'generated' }] } });
    const digest = await digestOf(['plan', 'other', 'from=dev']);
    const before = things();
    let plans = 0;
    around.start = (args) => {
      plans += args[0] === 'plan' ? 1 : 0;
      if (args[0] === 'plan' && plans === 2)
        editModule('/app/${var.environment}/jobs', '/app/${var.environment}/work');
    };
    const ended = await run(['provision', 'other', 'from=dev', '--expect', digest]);
    expect(plans).toBe(2);
    expect(ended).toMatchObject(changed);
    expect(things()).toEqual(before);
    // It shows the digest of what it would do now.
    around.start = () => undefined;
    expect(await run(['resume', 'other', '--expect', ended.digest ?? ''])).toMatchObject({ exitCode: 0 });
    expect(things()).toContain('aws_cloudwatch_log_group /app/other/work');
  });
});

describe('resume after a kill', () => {
  const begin = ['provision', 'other', 'from=dev', '--yes', '--invoke', 'none', '--max-monthly', '900'];
  /** At the edge a kill is a run that does not come back from where it was. */
  const killedAt = async (isAt: (args: readonly string[]) => boolean): Promise<void> => {
    around.start = (args) => {
      if (isAt(args)) throw new Error('killed');
    };
    expect((await run(begin)).exitCode).not.toBe(0);
    around.start = () => undefined;
  };
  const asked = async (...args: string[]): Promise<unknown> => {
    const ended = await run(['resume', 'other', '--yes', ...args]);
    expect(ended).toMatchObject({ exitCode: 0 });
    return (ended as { request?: { invoke?: string } }).request?.invoke;
  };

  it.each<readonly [string, (args: readonly string[]) => boolean]>([
    ['before there is a record', ([command]) => command === 'plan'],
    ['in the apply', ([command]) => command === 'apply'],
  ])('%s calls no more than the run was to call, unless that is said anew', async (_when, isAt) => {
    await killedAt(isAt);
    expect(await asked()).toBe('none');
    world = worldFrom(snapshot, shape, folder);
    await killedAt(isAt);
    expect(await asked('--invoke', 'safe')).toBe('safe');
  });
});

describe('destroy --expect', () => {
  it('destroys what was shown, and nothing else', async () => {
    const digest = await digestOf(['destroy', name, '--dry-run']);
    const before = things();
    // Somebody applied by hand meanwhile.
    const { objects } = world.account;
    const key = Object.keys(objects).find((each) => each.includes(`/${name}/`)) ?? '';
    const kept = objects[key] ?? '';
    objects[key] = kept.replaceAll(`/app/${name}/jobs`, `/app/${name}/work`);
    const refused = await run(['destroy', name, '--expect', digest]);
    expect([refused.exitCode, refused.error?.code]).not.toEqual([0, undefined]);
    expect(things()).toEqual(before);
    objects[key] = kept;
    expect(await run(['destroy', name, '--expect', digest])).toMatchObject({ exitCode: 0 });
    expect(things().filter((each) => each.includes(name))).toEqual([]);
  });
});

describe('gc --expect', () => {
  const later = dayOne + threeDays;

  it('destroys the environments that were shown', async () => {
    const digest = await digestOf(['gc', '--dry-run'], later);
    expect(await run(['gc', '--expect', digest], later)).toMatchObject({ exitCode: 0 });
    expect(things().filter((each) => each.includes(name))).toEqual([]);
  });

  it('asks anew where one more has expired, or an end was put off', async () => {
    const none = await digestOf(['gc', '--dry-run']);
    const digest = await digestOf(['gc', '--dry-run'], later);
    const before = things();
    expect(await run(['gc', '--expect', none], later)).toMatchObject(changed);
    expect(await run(['extend', name, '5d'], dayOne + 3_600_000)).toMatchObject({ exitCode: 0 });
    expect(await run(['gc', '--expect', digest], later)).toMatchObject(changed);
    expect(things()).toEqual(before);
  });
});

describe('sweep --delete --expect', () => {
  const leave = (type: string, values: { name: string }): void => {
    expect(createThing(world.account, type, region, { ...values, tags: {} })).not.toHaveProperty('error');
  };
  const group = `/app/${name}/jobs`;

  it('removes what was shown, and asks anew where there is more by now', async () => {
    expect(await run(['destroy', name, '--yes'])).toMatchObject({ exitCode: 0 });
    leave('aws_cloudwatch_log_group', { name: group });
    const digest = await digestOf(['sweep', name]);
    leave('aws_ssm_parameter', { name: `/app/${name}/table` });
    const before = things();
    expect(await run(['sweep', name, '--delete', '--expect', digest])).toMatchObject(changed);
    expect(things()).toEqual(before);
    const again = await digestOf(['sweep', name]);
    expect(again).not.toBe(digest);
    expect(await run(['sweep', name, '--delete', '--expect', again])).toMatchObject({ exitCode: 0 });
    expect(things().filter((each) => each.includes(`/${name}/`))).toEqual([]);
  });
});
