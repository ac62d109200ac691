/** A month as AWS counts it in its own estimates: 365 days × 24 h ÷ 12. */
export const hoursPerMonth = 730;

/** Cents, with the noise of binary fractions cut off first: 1.005 is 1.01. */
export function inCents(dollars: number): number {
  return Math.round(Number((dollars * 100).toPrecision(12)));
}

export function rounded(dollars: number): number {
  return inCents(dollars) / 100;
}

/** A sum that is the sum of the rounded amounts, so that a table adds up. */
export function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + inCents(amount), 0) / 100;
}

/** An amount of money: `$43.80`. */
export function dollars(amount: number): string {
  const text = Math.abs(amount).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${amount < 0 ? '-' : ''}$${text}`;
}

/** A price, with all the digits it has: `$0.12`, `$0.0000166667`. */
export function rate(amount: number): string {
  const text = amount.toFixed(10).replace(/0+$/, '');
  const decimals = text.length - text.indexOf('.') - 1;
  return `$${decimals < 2 ? amount.toFixed(2) : text}`;
}

export function quantity(amount: number): string {
  return amount.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
