/** "Did you mean": names close to one that was not found. */

/** Number of single-character changes between two words; a swap of neighbours counts once. */
function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? 0;
}

/** Up to three known names that are close to the wanted one, the closest first. */
export function nearNames(wanted: string, known: Iterable<string>): readonly string[] {
  // Long input is no slip of the finger, and comparing it would be slow.
  if (wanted.length > 100) return [];
  const lower = wanted.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return [...new Set(known)]
    .map((name) => {
      const contained =
        lower.length > 2 && (name.toLowerCase().includes(lower) || lower.includes(name.toLowerCase()));
      const steps = distance(lower, name.toLowerCase());
      return { name, steps: contained ? Math.min(steps, limit) : steps };
    })
    .filter(({ steps }) => steps <= limit)
    .toSorted((a, b) => a.steps - b.steps || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The known name of which the word is most likely a slip of the finger: one or two characters differ. */
export function slipOf(word: string, known: readonly string[]): string | null {
  if (word.length < 4 || word.length > 100 || known.includes(word)) return null;
  const limit = word.length < 6 ? 1 : 2;
  return nearNames(word, known).find((name) => distance(word.toLowerCase(), name) <= limit) ?? null;
}

/** A sentence that offers the near names, or lists what there is; empty if there is nothing. */
export function didYouMean(wanted: string, known: readonly string[]): string {
  const near = nearNames(wanted, known);
  if (near.length > 0) return `Did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`;
  return '';
}
