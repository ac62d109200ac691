import type { StateModel } from '../terraform/model.ts';

/**
 * The AWS region that most of a state's resources lie in, read from their ARNs; `null` where no ARN names one. The
 * provider's own region is an expression in the configuration and need not be the caller's default.
 */
export function regionOf(state: StateModel): string | null {
  const counts = new Map<string, number>();
  for (const { mode, values } of state.resources) {
    const arn = mode === 'managed' ? values['arn'] : undefined;
    const region = typeof arn === 'string' && arn.startsWith('arn:') ? arn.split(':')[3] : undefined;
    if (region) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  const [most] = [...counts.entries()].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}
