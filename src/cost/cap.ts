/** What may be spent, as a finding: an error that names the figures, or a warning that the figure is a lower bound. */
import type { Finding } from '../transfer/finding.ts';
import { overCap } from './cost.ts';
import type { Cost } from './model.ts';
import { dollars } from './money.ts';

const rule = 'cost-max';

export interface Cap {
  /** US dollars that may be added in a month. */
  readonly max: number;
  /** Where that is said: `--max-monthly`, `costs.max`. */
  readonly from: string;
}

/** The dearest first: these are what a person can do something about. */
function dearest({ resources }: Cost): string {
  return resources
    .filter(({ monthly }) => monthly > 0)
    .toSorted((a, b) => b.monthly - a.monthly || a.address.localeCompare(b.address, 'en'))
    .slice(0, 3)
    .map(({ address, monthly }) => `${address} (${dollars(monthly)})`)
    .join(', ');
}

/**
 * What is unknown has no price, so that nobody can say that it fits: it is told as a warning, and blocks nothing. A
 * block would make the maximum useless for every project with one unknown type.
 * @param name of the environment that is priced
 */
export function capFindings(name: string, cost: Cost, { max, from }: Cap): readonly Finding[] {
  const { over, by, uncertain } = overCap(cost, max);
  const findings: Finding[] = [];
  if (over) {
    findings.push({
      rule,
      severity: 'error',
      subject: name,
      message: `${name} adds ${uncertain ? 'at least ' : ''}${dollars(cost.monthlyDelta)} a month; at most ${dollars(max)} may be added (${from}): ${dollars(by)} too much.`,
      hint: `Make ${name} smaller, or allow more with --max-monthly or \`costs.max\` in provision-env.config.*. The dearest: ${dearest(cost)}.`,
    });
  }
  if (uncertain) {
    findings.push({
      rule,
      severity: 'warning',
      subject: name,
      message: `The price of ${cost.unknown.join(', ')} is not known: ${dollars(cost.monthlyDelta)} is a lower bound, and whether ${dollars(max)} (${from}) is enough cannot be said.`,
      hint: 'Look the price up. With --prices live more may be known.',
    });
  }
  return findings;
}
