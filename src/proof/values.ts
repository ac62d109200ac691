/** Walks the values of a resource, so that no rule has to know how a provider nests them. */
import { valueAt } from '../terraform/types/paths.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

/** `valueAt`, quicker for the many paths that are one attribute only. */
export function attribute(values: JsonObject, path: string): Json | undefined {
  if (path.includes('.')) return valueAt(values, path);
  return Object.hasOwn(values, path) ? values[path] : undefined;
}

/**
 * One text in a resource's values. It is only good within the call that it is given to: the next text reuses it,
 * since there are millions of them and few are ever shown.
 */
export interface TextLeaf {
  readonly text: string;
  /** As a person would write it: `environment.variables.TABLE`, `statement[1].resources[0]`. */
  path(): string;
  /** The attribute at the top: `environment`. */
  attribute(): string;
  /** Keys and indices down to the value of the provider; what is inside of JSON text is left out. */
  keys(): readonly (string | number)[];
  /** True if it is an element of a list, not a value of its own. */
  isListed(): boolean;
}

/** JSON in a text (a policy, a state machine) is walked too: only so can its escapes not hide a word. */
function parsedText(text: string): Json | undefined {
  const first = /^\s/.test(text) ? text.trimStart()[0] : text[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const plainKey = /^[A-Za-z_][\w-]*$/;

class Walk implements TextLeaf {
  text = '';
  private readonly steps: (string | number)[] = [];
  /** How many steps lead to the value of the provider, where JSON text is walked beyond it. */
  private real = -1;
  private readonly visit: (leaf: TextLeaf) => void;
  private readonly root: Json;

  constructor(root: Json, visit: (leaf: TextLeaf) => void) {
    this.root = root;
    this.visit = visit;
  }

  path(): string {
    let value: Json | undefined = this.root;
    let path = '';
    for (const [depth, key] of this.steps.entries()) {
      if (depth === this.real && typeof value === 'string') value = parsedText(value);
      // A block that stands there once is written without an index in HCL.
      const block = Array.isArray(value) && value.length === 1 && isJsonObject(value[0]);
      if (typeof key === 'number') path += block ? '' : `[${key}]`;
      else path += plainKey.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      value = (value as Record<string | number, Json> | undefined)?.[key];
    }
    return path.replace(/^\./, '');
  }

  attribute(): string {
    return String(this.steps[0] ?? '');
  }

  keys(): readonly (string | number)[] {
    return this.real < 0 ? [...this.steps] : this.steps.slice(0, this.real);
  }

  isListed(): boolean {
    return typeof this.steps.at(-1) === 'number';
  }

  walk(value: Json): void {
    if (typeof value === 'string') this.walkText(value);
    else if (Array.isArray(value)) {
      const list = value as readonly Json[];
      for (let index = 0; index < list.length; index += 1) this.step(index, list[index] ?? null);
    } else if (isJsonObject(value)) {
      for (const key of Object.keys(value)) this.step(key, value[key] ?? null);
    }
  }

  private step(key: string | number, value: Json): void {
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return;
    this.steps.push(key);
    this.walk(value);
    this.steps.pop();
  }

  private walkText(text: string): void {
    const inner = this.real < 0 ? parsedText(text) : undefined;
    if (inner === undefined) {
      this.text = text;
      this.visit(this);
      return;
    }
    this.real = this.steps.length;
    this.walk(inner);
    this.real = -1;
  }
}

/** Visits every text of the values, JSON within texts included. */
export function visitTexts(values: Json, visit: (leaf: TextLeaf) => void): void {
  new Walk(values, visit).walk(values);
}

/** What a shape of booleans (`after_unknown`, `after_sensitive`) says of one path: `true` above it counts. */
export function shapeSays(shape: Json | undefined, keys: readonly (string | number)[]): boolean {
  let current = shape;
  for (const key of keys) {
    if (current === true) return true;
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(key)];
    else if (isJsonObject(current)) current = Object.hasOwn(current, key) ? current[key] : undefined;
    else return false;
  }
  return current === true;
}

/** True if the shape says `true` anywhere. */
export function anywhere(shape: Json | undefined): boolean {
  if (shape === true) return true;
  if (Array.isArray(shape)) return (shape as readonly Json[]).some(anywhere);
  return isJsonObject(shape) && Object.values(shape).some(anywhere);
}

/** Whether something is unknown at or under a path of attributes without indices, as declarations name them. */
export function unknownUnder(shape: Json | undefined, path: string): boolean {
  let found: (Json | undefined)[] = [shape];
  for (const segment of path.split('.')) {
    found = found.flatMap((value): (Json | undefined)[] => {
      if (value === true) return [true];
      const candidates: readonly (Json | undefined)[] = Array.isArray(value)
        ? (value as readonly Json[])
        : [value];
      return candidates.flatMap((candidate) => {
        if (candidate === true) return [true];
        return isJsonObject(candidate) && Object.hasOwn(candidate, segment) ? [candidate[segment]] : [];
      });
    });
  }
  return found.some(anywhere);
}

/** The dotted path and every path above it: a state marks a whole block as sensitive by naming its top. */
export function underAny(paths: readonly string[], keys: readonly (string | number)[]): boolean {
  if (paths.length === 0) return false;
  const path = keys.join('.');
  return paths.some((marked) => path === marked || path.startsWith(`${marked}.`));
}

/** A text for a message: short, on one line. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 117)}…` : line);
}

/** `a, b, c and 4 more`. */
export function listed(items: readonly string[], most = 3): string {
  const first = items.slice(0, most).join(', ');
  return items.length > most ? `${first} and ${items.length - most} more` : first;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
