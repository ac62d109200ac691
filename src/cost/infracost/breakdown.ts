/** Reads what `infracost breakdown --format json` prints (https://www.infracost.io/docs/features/cli_commands). */
import { z } from 'zod';
import { dollars, quantity, rate, rounded } from '../money.ts';
import type { QuotedCost } from '../model.ts';

const amount = z.string().nullish();

const component = z.looseObject({
  name: z.string(),
  unit: z.string(),
  monthlyQuantity: amount,
  price: amount,
  monthlyCost: amount,
});

type Component = z.infer<typeof component>;

interface Priced {
  readonly name: string;
  readonly monthlyCost?: string | null | undefined;
  readonly costComponents?: readonly Component[] | null | undefined;
  readonly subresources?: readonly Priced[] | null | undefined;
}

const priced: z.ZodType<Priced> = z.lazy(() =>
  z.looseObject({
    name: z.string(),
    monthlyCost: amount,
    costComponents: z.array(component).nullish(),
    subresources: z.array(priced).nullish(),
  }),
);

const output = z.looseObject({
  currency: z.literal('USD'),
  projects: z.array(z.looseObject({ breakdown: z.looseObject({ resources: z.array(priced) }).nullish() })),
});

const componentsOf = ({ costComponents, subresources }: Priced): readonly Component[] => [
  ...(costComponents ?? []),
  ...(subresources ?? []).flatMap(componentsOf),
];

/**
 * What Infracost knows for sure. A resource that it has no price for, or that is paid by use, is left out: its figure
 * would be 0 or none, and nothing here is 0 because a price is not known.
 * @returns by address; `null` if the text is of another shape or another currency
 */
export function readBreakdown(text: string): ReadonlyMap<string, QuotedCost> | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = output.safeParse(raw);
  if (!parsed.success) return null;
  const quotes = new Map<string, QuotedCost>();
  for (const resource of parsed.data.projects.flatMap(({ breakdown }) => breakdown?.resources ?? [])) {
    const used = componentsOf(resource).filter(({ monthlyQuantity }) => Number(monthlyQuantity ?? 0) > 0);
    const monthly = rounded(Number(resource.monthlyCost ?? Number.NaN));
    if (!(monthly > 0) || used.some(({ price }) => !(Number(price ?? 0) > 0))) continue;
    const parts = used.map(
      ({ name, unit, monthlyQuantity, price }) =>
        `${name}: ${quantity(Number(monthlyQuantity))} ${unit} × ${rate(Number(price))}`,
    );
    quotes.set(resource.name, { monthly, basis: `Infracost: ${parts.join(' + ')} = ${dollars(monthly)}` });
  }
  return quotes;
}
