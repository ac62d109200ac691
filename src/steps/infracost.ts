/** Asks Infracost, where it is installed. It is run only when it was asked for: it sends what it prices to its service. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBreakdown } from '../cost/infracost/breakdown.ts';
import { planForInfracost } from '../cost/infracost/plan.ts';
import type { CostInput, QuotedCost } from '../cost/model.ts';
import { run } from '../process/run.ts';
import { privateFolder } from '../tools/private-folder.ts';
import { ProvisionError } from '../transfer/errors.ts';

const longestMs = 3 * 60_000;

/**
 * @returns what Infracost knows of the target's resources, by address
 * @throws ProvisionError `tool-missing`, `prices-unavailable`
 */
export async function infracostQuotes(
  { target, region }: Pick<CostInput, 'target' | 'region'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, QuotedCost>> {
  const folder = await privateFolder('infracost');
  try {
    const plan = join(folder.path, 'plan.json');
    await writeFile(plan, planForInfracost(target, region), { mode: 0o600 });
    const result = await run({
      command: 'infracost',
      args: ['breakdown', '--path', plan, '--format', 'json', '--no-color'],
      cwd: folder.path,
      env: { INFRACOST_SKIP_UPDATE_CHECK: 'true' },
      reads: /^INFRACOST_/,
      timeoutMs: longestMs,
      signal,
    });
    signal.throwIfAborted();
    if (result.notStarted !== undefined) {
      throw new ProvisionError('tool-missing', 'Infracost is not installed, or is not on the PATH.', {
        hint: 'Install it (https://www.infracost.io/docs), or use --prices bundled or --prices live.',
      });
    }
    const quotes = result.exitCode === 0 ? readBreakdown(result.stdout) : null;
    if (quotes !== null) return quotes;
    const said = result.timedOut
      ? `it took longer than ${longestMs / 60_000} minutes`
      : result.exitCode === 0
        ? 'it answered in a form that is not known, or not in US dollars'
        : lastLine(result.stderr) || `it said nothing and ended with ${result.exitCode ?? 'a signal'}`;
    throw new ProvisionError('prices-unavailable', `Infracost gave no prices: ${said}`, {
      hint: 'Try `infracost breakdown` by itself, or use --prices bundled or --prices live.',
    });
  } finally {
    await folder.remove();
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
