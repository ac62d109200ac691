import type { StateModel } from '../terraform/model.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';

/**
 * The AWS region that most of a state's resources lie in, read from their ARNs; `null` where no ARN names one. The
 * provider's own region is an expression in the configuration and need not be the caller's default.
 *
 * @param record what is known of the target: all there is to go by where the state is empty
 */
export function regionOf(
  state: Pick<StateModel, 'resources'>,
  record: EnvironmentRecord | null = null,
): string | null {
  const arns = state.resources.flatMap(({ mode, values }) => (mode === 'managed' ? [values['arn']] : []));
  const counts = new Map<string, number>();
  for (const arn of [...arns, ...(record?.resources ?? []).map((resource) => resource.arn)]) {
    const region = typeof arn === 'string' && arn.startsWith('arn:') ? arn.split(':')[3] : undefined;
    if (region) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  const [most] = [...counts.entries()].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}
