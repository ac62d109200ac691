import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holds, spellings as ways } from '../redact/spellings.ts';
import { zip } from '../sandbox/zip.ts';
import { type ArgumentsWatch, watchArguments } from './support/arguments.ts';
import { createGate, type Gate } from './support/gate.ts';
import { startCli, until } from './support/running.ts';
import { createWorld, type World } from './support/world.ts';

/** Nothing else on the machine holds it. */
const canary = `canary-${randomBytes(12).toString('hex')}`;
/** As it is, and in Base64 at each of the three places at which it may begin. */
const spellings = [0, 1, 2].map((offset) =>
  Buffer.from(' '.repeat(offset) + canary)
    .toString('base64')
    .slice(offset === 0 ? 0 : 4, -4),
);
spellings.push(canary, 'canary-token-of-dev');

let world: World;
let gate: Gate;
let temporary: string;
/** Where plan files and states lie: a folder in memory that only these runs know, or the temporary one. */
let memory: string;
let env: Record<string, string>;
let watch: ArgumentsWatch;

beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  gate = await createGate(world.sandbox.endpoint);
  temporary = join(world.project, '..', 'tmp');
  await mkdir(temporary);
  memory = await mkdtemp('/dev/shm/hygiene-').catch(() => temporary);
  env = {
    AWS_ENDPOINT_URL: gate.endpoint,
    TF_VAR_api_token: canary,
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: memory,
  };
  watch = watchArguments(() => spellings);
});
afterAll(async () => {
  await watch.stop();
  await gate.close();
  await world.close();
  await rm(memory, { recursive: true, force: true });
});

/** What runs of these tests have left there. */
async function privateFolders(): Promise<readonly string[]> {
  const names = await Promise.all([...new Set([memory, temporary])].map((folder) => readdir(folder)));
  return names.flat().filter((name) => name.startsWith('provision-env-'));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
}

/** Looks everywhere but into the states in the bucket: that they hold it is Terraform's own way. */
async function expectNowhere(copy: World, said: { stdout: string; stderr: string }): Promise<void> {
  const texts: [string, string][] = [
    ['standard output', said.stdout],
    ['standard error', said.stderr],
  ];
  for (const file of [...(await filesBelow(copy.project)), ...(await filesBelow(temporary))])
    texts.push([file, await readFile(file, 'latin1')]);
  const found = texts.filter(([, text]) => spellings.some((spelling) => text.includes(spelling)));
  expect(found.map(([where]) => where)).toEqual([]);
  // Plan files and states are in memory where they can be, and gone in any case.
  expect(await privateFolders()).toEqual([]);
  expect(watch.exposed).toEqual([]);
}

/** The files that the assertions above are about were really there. */
async function expectWritten(copy: World, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) expect(await copy.read(`.provision-env/${path}`)).not.toBeNull();
}

describe('a secret is nowhere but in the state', () => {
  it('after a run that went well', async () => {
    const run = await world.cli(['feature-good', 'from=dev', '--yes', '--verbose'], { env });
    expect({ exitCode: run.exitCode, stderr: run.exitCode === 0 ? '' : run.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    // The canary was given to Terraform, and every process was shown with its arguments.
    expect(await world.object('mini/feature-good/terraform.tfstate')).toContain(canary);
    expect(run.stderr).toContain('apply -input=false');
    await expectWritten(
      world,
      'records/feature-good.json',
      'journal/feature-good.jsonl',
      'reports/feature-good/report.json',
      'reports/feature-good/report.md',
    );
    await expectNowhere(world, run);
    for (const args of [
      ['status', 'feature-good', '--json'],
      ['report', 'feature-good'],
      ['report', 'feature-good', '--format', 'html'],
      ['report', 'feature-good', '--output', 'report.html'],
    ])
      await expectNowhere(world, await world.cli(args, { env }));
  });

  it('after a function that gives its own secret away', async () => {
    const copy = await world.copy();
    const code = `export const handler = async () => {
      console.log('calling with ' + process.env.API_TOKEN);
      throw new Error('refused: Bearer ' + process.env.API_TOKEN);
    };`;
    await writeFile(join(copy.project, 'function.zip'), zip({ 'index.mjs': code }));
    const run = await copy.cli(['feature-talk', 'from=dev', '--yes', '--json', '--verbose'], { env });
    expect({ exitCode: run.exitCode, stderr: run.exitCode === 4 ? '' : run.stderr }).toEqual({
      exitCode: 4,
      stderr: '',
    });
    expect(run.stdout).toContain('refused');
    await expectWritten(copy, 'records/feature-talk.json', 'reports/feature-talk/report.md');
    await expectNowhere(copy, run);
  });

  it('after a run that was blocked', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/main.tf', (text) =>
      text
        .replace('"${local.prefix}-notes"', '"mini-dev-notes"')
        .replace(
          'handler       = "index.handler"',
          'handler       = var.environment == "dev" ? "index.handler" : "x.y"',
        ),
    );
    const run = await copy.cli(['feature-block', 'from=dev', '--yes', '--verbose'], { env });
    expect(run.exitCode).toBe(3);
    await expectWritten(copy, 'reports/feature-block/report.json', 'reports/feature-block/report.md');
    await expectNowhere(copy, run);
  });

  it('after a service that repeats it in its refusal', async () => {
    const copy = await world.copy();
    gate.answer(
      ({ operation, body }) => operation.endsWith('/functions') && body.includes('mini-feature-fail-hello'),
      400,
      JSON.stringify({
        __type: 'ValidationException',
        Type: 'User',
        message: `Value '{API_TOKEN=${canary}}' at 'environment.variables' failed to satisfy constraint`,
      }),
    );
    const run = await copy.cli(['feature-fail', 'from=dev', '--yes', '--json', '--verbose'], { env });
    expect(run.exitCode).toBe(5);
    expect(run.stdout).toContain('failed to satisfy constraint');
    await expectWritten(copy, 'records/feature-fail.json', 'reports/feature-fail/report.md');
    await expectNowhere(copy, run);
  });

  it('after a run that was killed while it applied, and the one that goes on', async () => {
    const copy = await world.copy();
    const creation = gate.hold(
      ({ operation, body }) => operation === 'CreateTable' && body.includes('mini-feature-kill-notes'),
    );
    const running = startCli(copy, ['feature-kill', 'from=dev', '--yes', '--verbose'], env);
    await running.reaches(creation.arrived);
    running.signal('SIGKILL');
    const killed = await running.ended;
    expect(killed.exitCode).toBeUndefined();
    expect(await privateFolders()).not.toEqual([]);
    creation.release();
    // Terraform goes on by itself, to its end.
    await until('terraform has given the lock of the state back', async () => {
      const objects = await copy.objects();
      return (
        objects.includes('mini/feature-kill/terraform.tfstate') &&
        !objects.some((key) => key.endsWith('.tflock'))
      );
    });
    // Whatever comes next takes away what was left, though it wants none of it.
    await copy.cli(['list'], { env });
    expect(await privateFolders()).toEqual([]);
    const resumed = await copy.cli(['resume', 'feature-kill', '--yes', '--verbose'], { env });
    expect({ exitCode: resumed.exitCode, stderr: resumed.exitCode === 0 ? '' : resumed.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    await expectNowhere(copy, {
      stdout: killed.stdout + resumed.stdout,
      stderr: killed.stderr + resumed.stderr,
    });
  });

  it('in any spelling, whatever the function, its logs and the outputs make of it', async () => {
    const copy = await world.copy();
    const secret = `canary-${randomBytes(9).toString('hex')}/+&"<ö>=%41`;
    const spelled = Object.fromEntries(Object.entries(ways).map(([name, spell]) => [name, spell(secret)]));
    // What it says stands in its code and not in its variables: nothing but the value itself is known.
    const code = `const ways = ${JSON.stringify(spelled)};
    export const handler = async () => {
      for (const [name, text] of Object.entries(ways)) console.log('ERROR ' + name + ' ' + text);
      throw new Error(Object.values(ways).join(' | '));
    };`;
    await writeFile(join(copy.project, 'function.zip'), zip({ 'index.mjs': code }));
    const outputs = Object.entries({
      in_url: '"https://x.example.com/?q=${urlencode(nonsensitive(var.api_token))}"',
      in_base64: 'base64encode("x${nonsensitive(var.api_token)}")',
      in_json: 'jsonencode({ a = nonsensitive(var.api_token) })',
      in_capitals: 'upper(nonsensitive(var.api_token))',
      as_it_is: 'nonsensitive(var.api_token)',
    }).map(([name, value]) => `output "${name}" {\n  value = ${value}\n}\n`);
    await copy.edit('terraform/main.tf', (text) => `${text}\n${outputs.join('\n')}`);
    const given = { ...env, TF_VAR_api_token: secret };
    const run = await copy.cli(['feature-ways', 'from=dev', '--yes', '--json', '--verbose'], { env: given });
    expect([run.exitCode, run.exitCode === 4 ? '' : run.stderr]).toEqual([4, '']);
    expect(run.stderr).toContain(
      'The outputs as_it_is, in_base64, in_capitals, in_json, in_url hold secrets',
    );
    const runs = [run];
    for (const args of [
      ['status', 'feature-ways', '--json'],
      ['report', 'feature-ways', '--markdown'],
      ['report', 'feature-ways', '--output', 'report.html'],
      ['comment', 'feature-ways', '--print'],
    ])
      runs.push(await copy.cli(args, { env }));
    await expectWritten(
      copy,
      'records/feature-ways.json',
      'journal/feature-ways.jsonl',
      'reports/feature-ways/report.md',
    );
    const texts: [string, string][] = runs.map(({ stdout, stderr }, index) => [
      `run ${index}`,
      stdout + stderr,
    ]);
    for (const file of await filesBelow(copy.project))
      if (!file.endsWith('function.zip')) texts.push([file, await readFile(file, 'utf8')]);
    for (const file of await filesBelow(temporary)) texts.push([file, await readFile(file, 'utf8')]);
    expect(texts.flatMap(([where, text]) => holds(text, secret).map((name) => `${where}: ${name}`))).toEqual(
      [],
    );
    expect((JSON.parse(run.stdout) as { record: { outputs: object } }).record.outputs).toEqual({
      url: expect.any(String) as string,
      table: 'mini-feature-ways-notes',
    });
  });

  it('because --set does not take it', async () => {
    const copy = await world.copy();
    const { exitCode, document, stderr } = await copy.json(
      ['plan', 'feature-set', 'from=dev', '--set', 'api_token=told-in-an-argument'],
      { env },
    );
    expect([exitCode, document.error?.code]).toEqual([2, 'usage']);
    expect(document.error?.hint).toContain('TF_VAR_api_token');
    expect(JSON.stringify(document) + stderr).not.toContain('told-in-an-argument');
    // Nor where a variable that is none gets the value of one.
    const plain = await copy.json(['plan', 'feature-set', 'from=dev', '--set', `greeting=${canary}`], {
      env,
    });
    expect([plain.exitCode, plain.document.error?.code]).toEqual([2, 'usage']);
    expect(plain.document.error?.message).toBe(
      'The value of --set greeting holds a secret: «secret TF_VAR_api_token»',
    );
    expect(JSON.stringify(plain.document) + plain.stderr).not.toContain(canary);
  });
});
