import pLimit from 'p-limit';

/** Maps side by side, at most `atOnce` at a time. The order of the results is that of the items. */
export async function mapBounded<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const limit = pLimit(atOnce);
  return Promise.all(items.map((item) => limit(() => work(item))));
}
