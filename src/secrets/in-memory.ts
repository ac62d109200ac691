/**
 * Secret values on their way from a secret store to a child process. They live in memory only, in a holder that shows
 * none of them however it is printed: a value that reaches a log does so through a template string, `JSON.stringify`
 * or an inspected object, and here all three give the number of values and nothing else.
 */
import { inspect } from 'node:util';

/** What others see of a holder. */
const shown = (count: number): string => `«${count} secret${count === 1 ? '' : 's'}»`;

export class SecretValues {
  // A real private field: it is no property, so that no spread, clone or inspection finds it.
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: Iterable<readonly [string, string]> | Readonly<Record<string, string>> = []) {
    this.#values = new Map(Symbol.iterator in values ? values : Object.entries(values));
  }

  static readonly none: SecretValues = new SecretValues();

  get size(): number {
    return this.#values.size;
  }

  keys(): readonly string[] {
    return [...this.#values.keys()].sort();
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** True if there is a value that is not empty: an empty one stands for a secret that was taken out. */
  hasValue(key: string): boolean {
    return (this.#values.get(key) ?? '') !== '';
  }

  /** The value itself. Whoever calls this has it in plain sight: give it to a child or a service, and nowhere else. */
  reveal(key: string): string | undefined {
    return this.#values.get(key);
  }

  /** Keys with values, for the same purposes as `reveal`. */
  revealAll(): IterableIterator<[string, string]> {
    return new Map(this.#values).entries();
  }

  with(key: string, value: string): SecretValues {
    return new SecretValues([...this.#values, [key, value]]);
  }

  merge(others: SecretValues): SecretValues {
    return new SecretValues([...this.#values, ...others.#values]);
  }

  only(keep: (key: string) => boolean): SecretValues {
    return new SecretValues([...this.#values].filter(([key]) => keep(key)));
  }

  /** True if both have the key with the same value that is not empty. */
  sameValue(key: string, others: SecretValues, otherKey = key): boolean {
    const value = this.#values.get(key) ?? '';
    return value !== '' && value === others.#values.get(otherKey);
  }

  toString(): string {
    return shown(this.size);
  }

  toJSON(): string {
    return shown(this.size);
  }

  [Symbol.toPrimitive](): string {
    return shown(this.size);
  }

  [inspect.custom](): string {
    return `SecretValues ${shown(this.size)}`;
  }
}
