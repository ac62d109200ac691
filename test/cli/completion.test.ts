import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { complete } from '../../src/cli/complete.ts';
import { makeProject, runCli } from '../support/cli.ts';
import { aRecord } from '../support/record.ts';

describe('what the shell offers', () => {
  it.each([
    [['de'], ['destroy', 'dev']],
    [['destroy', 'fea'], ['feature-auth']],
    [['destroy', 'feature-auth', ''], []],
    [
      ['extend', ''],
      ['dev', 'feature-auth'],
    ],
    [['extend', 'feature-auth', ''], []],
    [
      ['feature-x', 'from='],
      ['from=dev', 'from=feature-auth'],
    ],
    [['feature-x', '--from', 'd'], ['dev']],
    [['feature-x', '--t'], ['--ttl']],
    [
      ['verify', 'feature-auth', '--layer', ''],
      ['1', '2', '3', '4'],
    ],
    [['gc', '--d'], ['--dry-run']],
    [['hel'], ['help']],
    [['help', 'des'], ['destroy']],
    [['ci', 'gith'], ['github']],
    [['nonsense', 'more', '--nothing'], []],
  ])('for %j is %j', async (words, expected) => {
    const project = await makeProject([aRecord()]);
    expect(await complete(words, project, commands)).toEqual(expected);
  });

  it('is the commands alone where there is no project', async () => {
    const nowhere = await mkdtemp(join(tmpdir(), 'pe-nowhere-'));
    await writeFile(join(nowhere, '.git'), '');
    expect(await complete(['ver'], nowhere, commands)).toEqual(['verify']);
    expect(await complete(['destroy', ''], nowhere, commands)).toEqual([]);
  });
});

describe('the script for bash', () => {
  it('offers what the tool says for the words typed so far', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pe-bash-'));
    // Answers with what it was asked.
    const tool = `#!/bin/sh\nprintf '%s' "$PROVISION_ENV_WORDS" | tr '\\n' '+'\necho\necho "$1 $2"\n`;
    await writeFile(join(folder, 'provision-env'), tool);
    await chmod(join(folder, 'provision-env'), 0o755);
    const { stdout: script } = await runCli(folder, ['completion', 'bash']);
    const type =
      'COMP_WORDS=(provision-env destroy "a b" fe more); COMP_CWORD=3; _provision_env; printf "<%s>" "${COMPREPLY[@]}"';
    const { stdout } = await execa('bash', ['--noprofile', '--norc', '-c', `${script}\n${type}`], {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    expect(stdout).toBe('<destroy+a b+fe><completion words>');
  });

  it.each([
    ['from = st', '<staging>'],
    ['from =', '<staging>'],
    ['from=st', '<staging>'],
  ])('completes the source in %s, which bash may take for three words', async (words, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'pe-bash-'));
    const tool = `#!/bin/sh\ncase "$PROVISION_ENV_WORDS" in *'\n'from=|*'\n'from=st) echo from=staging ;; esac\n`;
    await writeFile(join(folder, 'provision-env'), tool);
    await chmod(join(folder, 'provision-env'), 0o755);
    const { stdout: script } = await runCli(folder, ['completion', 'bash']);
    const type = `COMP_WORDBREAKS=' ='; COMP_WORDS=(provision-env x ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _provision_env; printf "<%s>" "\${COMPREPLY[@]}"`;
    const { stdout } = await execa('bash', ['--noprofile', '--norc', '-c', `${script}\n${type}`], {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    expect(stdout).toBe(expected);
  });
});

const fish = await execa('fish', ['--version'], { reject: false });

// Runs where fish is installed; elsewhere its title says what is missing.
describe.skipIf(fish.exitCode !== 0)('the script for fish (skipped without fish on the PATH)', () => {
  it('hands on the words typed so far, an empty last one too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pe-fish-'));
    const tool = `#!/bin/sh\nprintf '%s' "$PROVISION_ENV_WORDS" | tr '\\n' '+'\necho\n`;
    await writeFile(join(folder, 'provision-env'), tool);
    await chmod(join(folder, 'provision-env'), 0o755);
    const { stdout: script } = await runCli(folder, ['completion', 'fish']);
    const typed = async (line: string): Promise<string> => {
      const ask = `${script}\ncomplete -C '${line}'`;
      const { stdout } = await execa('fish', ['--no-config', '-c', ask], {
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      });
      return stdout;
    };
    expect(await typed('provision-env destroy fe')).toBe('destroy+fe');
    expect(await typed('provision-env plan x --prices ')).toBe('plan+x+--prices+');
  });
});
