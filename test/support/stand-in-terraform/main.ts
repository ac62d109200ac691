/**
 * The stand-in as a program: the account is the file that PROVISION_ENV_STAND_IN_ACCOUNT names, read at the start and
 * written at the end, whatever becomes of the run in between.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { type Account, emptyAccount } from './account.ts';
import { runTerraform } from './run.ts';

const file = process.env['PROVISION_ENV_STAND_IN_ACCOUNT'];
if (file === undefined) throw new Error('PROVISION_ENV_STAND_IN_ACCOUNT names no file');
const account: Account = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Account)
  : emptyAccount();
const { exitCode, stderr, stdout } = await runTerraform(
  process.argv.slice(2),
  process.env,
  process.cwd(),
  account,
);
writeFileSync(file, JSON.stringify(account));
process.stdout.write(stdout);
process.stderr.write(stderr);
if (exitCode === null) process.kill(process.pid, 'SIGKILL');
else process.exitCode = exitCode;
