/** What an environment costs: a table with the arithmetic, what is unknown, and the totals. */
import { dollars } from '../cost/money.ts';
import type { Cost } from '../cost/model.ts';
import type { EnvironmentCost } from '../steps/cost.ts';
import { type Block, code, counted, heading, paragraph } from './blocks.ts';
import { findingBlocks } from './proof.ts';

export interface CostBlockOptions {
  /** Why what is unknown is, by address. */
  readonly reasons?: ReadonlyMap<string, string>;
  readonly title?: string;
  /** There is no source to reckon a delta against. */
  readonly alone?: boolean;
}

/** ` This plan changes it by +$3.65.`; nothing where the target is yet to be made. */
export function changeText({ monthlyChange, unknown }: Pick<Cost, 'monthlyChange' | 'unknown'>): string {
  if (monthlyChange === undefined) return '';
  const known = unknown.length > 0 ? ', as far as prices are known' : '';
  return monthlyChange === 0
    ? ` This plan does not change that${known}.`
    : ` This plan changes it by ${monthlyChange > 0 ? '+' : ''}${dollars(monthlyChange)}${known}.`;
}

/** In one line: `+$43.80 a month, $43.80 in all, and 1 unknown price`. */
export function costLine({
  monthlyDelta,
  monthlyTotal,
  unknown,
}: Omit<Cost, 'currency' | 'resources'>): string {
  const more = unknown.length > 0 ? `, and ${counted(unknown.length, 'unknown price')}` : '';
  return `${monthlyDelta >= 0 ? '+' : ''}${dollars(monthlyDelta)} a month, ${dollars(monthlyTotal)} in all${more}`;
}

/** Dearest first; what is free is only counted, or a table of fifty rows would hide the three that cost. */
export function costBlocks(cost: Cost, options: CostBlockOptions = {}): Block[] {
  const { reasons, title = 'Cost in a month', alone = false } = options;
  const isFree = (basis: string): boolean => basis === 'free' || basis.startsWith('free: ');
  const shown = cost.resources
    .filter(({ basis }) => !isFree(basis))
    .toSorted((a, b) => b.monthly - a.monthly || a.address.localeCompare(b.address, 'en'));
  const free = cost.resources.length - shown.length;
  const atLeast = cost.unknown.length > 0 ? 'at least ' : '';
  const result: Block[] = [heading(3, title)];
  if (shown.length > 0) {
    result.push({
      kind: 'table',
      head: ['Resource', 'Monthly', 'Arithmetic'],
      rows: shown.map(({ address, monthly, basis }) => [
        code(address),
        { text: dollars(monthly), tone: monthly > 0 ? 'plain' : 'dim' },
        basis,
      ]),
    });
  }
  if (free > 0)
    result.push(paragraph(`${counted(free, 'resource')} more ${free === 1 ? 'is' : 'are'} free.`, 'dim'));
  if (cost.unknown.length > 0) {
    result.push(
      paragraph(
        `The price of ${counted(cost.unknown.length, 'resource')} is unknown, and not in the total:`,
        'warn',
      ),
      {
        kind: 'list',
        items: cost.unknown.map((address) => {
          const reason = reasons?.get(address);
          return reason === undefined ? code(address, 'warn') : `${address}: ${reason}`;
        }),
      },
    );
  }
  result.push(
    paragraph(
      `In all ${atLeast}${dollars(cost.monthlyTotal)} a month (730 hours)${alone ? '' : `; added to what the source costs: ${atLeast}${dollars(cost.monthlyDelta)}`}.${changeText(cost)}`,
    ),
  );
  return result;
}

/** What `cost` prints: what was priced and against what, the table, and what the maximum says of it. */
export function environmentCostBlocks(result: EnvironmentCost): Block[] {
  const { environment, source, basis, details, findings } = result;
  const from =
    basis === 'state' ? 'as its Terraform state has it' : `as it would be made from ${source ?? ''}`;
  return [
    heading(1, `${environment}: cost`),
    ...(details === null
      ? [paragraph('Nothing could be priced: there is no plan.', 'bad')]
      : costBlocks(details.cost, {
          title: `Cost in a month, ${from}`,
          reasons: details.reasons,
          alone: source === null,
        })),
    ...findingBlocks(findings),
  ];
}
