import { inspect } from 'node:util';
import { createColors } from 'picocolors';
import type { ProvisionError } from '../transfer/errors.ts';
import { type CliIo, wantsColor } from './io.ts';

/** An error as a person reads it: what, where, what to do. The stack is shown on request only. */
export function renderError(error: ProvisionError, io: CliIo): string {
  const colors = createColors(wantsColor(io.stderr, io.env));
  const lines = [`${colors.red('Error')} ${colors.dim(`[${error.code}]`)} ${error.message}`];
  if (error.where) {
    const { file, line, column } = error.where;
    lines.push(
      `  at ${file}${line === undefined ? '' : `:${line}`}${column === undefined ? '' : `:${column}`}`,
    );
  }
  if (error.hint) lines.push(`  ${colors.cyan('→')} ${error.hint}`);
  if (io.env['PROVISION_ENV_DEBUG'])
    lines.push(String(error.stack), error.cause ? `caused by ${inspect(error.cause)}` : '');
  return `${lines.join('\n')}\n`;
}
