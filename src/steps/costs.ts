/** What resources cost, as the configuration wants it reckoned, and whether that may be spent. */
import type { Config } from '../config/schema.ts';
import { capFindings } from '../cost/cap.ts';
import { costDetails } from '../cost/cost.ts';
import type { CostDetails, CostInput } from '../cost/model.ts';
import { bundledPrices } from '../cost/prices/table.ts';
import { unknownUsage } from '../cost/usage.ts';
import { didYouMean } from '../environment/near-names.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Finding } from '../transfer/finding.ts';
import type { TransferEvent } from '../transfer/host.ts';

export const priceChoices = ['bundled', 'live', 'infracost'] as const;

export type PriceChoice = (typeof priceChoices)[number];

export interface PricingRequest extends Pick<CostInput, 'target' | 'source' | 'before' | 'region'> {
  /** Name of the environment, for findings. */
  readonly subject: string;
  readonly costs: Config['costs'];
  /** `--prices`; what the configuration says if absent. */
  readonly prices?: PriceChoice | undefined;
  /** `--max-monthly`; what the configuration says if absent. */
  readonly max?: number | undefined;
  readonly signal: AbortSignal;
  readonly notify: (event: TransferEvent) => void;
}

export interface Priced {
  readonly details: CostDetails;
  /** What the maximum says of it. An error blocks. */
  readonly findings: readonly Finding[];
}

/** @throws ProvisionError `config-invalid`, and with live prices what keeps us from asking for them */
export async function priceResources(request: PricingRequest): Promise<Priced> {
  const { costs, subject } = request;
  checkUsage(costs.usage);
  const input = {
    target: request.target,
    ...(request.source === undefined ? {} : { source: request.source }),
    ...(request.before === undefined ? {} : { before: request.before }),
    region: costs.region ?? request.region,
    regionIsGiven: costs.region !== undefined,
    usage: costs.usage,
  };
  const details = costDetails({ ...input, ...(await pricesFor(input, request)) });
  const max = request.max ?? costs.max;
  if (max === undefined) return { details, findings: [] };
  const from = request.max === undefined ? 'costs.max' : '--max-monthly';
  return { details, findings: capFindings(subject, details.cost, { max, from }) };
}

/** Each of the others is loaded only where it is asked for. */
async function pricesFor(
  input: Omit<CostInput, 'prices'>,
  request: PricingRequest,
): Promise<Pick<CostInput, 'prices' | 'quoted'>> {
  switch (request.prices ?? request.costs.prices) {
    case 'live': {
      const { livePrices } = await import('./live-prices.ts');
      return { prices: await livePrices(input, request) };
    }
    case 'infracost': {
      const { infracostQuotes } = await import('./infracost.ts');
      return { prices: bundledPrices, quoted: await infracostQuotes(input, request.signal) };
    }
    case 'bundled':
      return { prices: bundledPrices };
  }
}

function checkUsage(usage: Config['costs']['usage']): void {
  const unknown = unknownUsage(usage);
  if (unknown === null) return;
  const { written, known } = unknown;
  throw new ProvisionError('config-invalid', `\`costs.usage\` is about ${written}, which has no meter.`, {
    hint: `${didYouMean(written, known)} docs/prices.md lists what usage can be assumed for.`.trim(),
  });
}
