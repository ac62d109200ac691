/** Walks the values of a resource, so that no rule has to know how a provider nests them. */
import { isJsonObject, type Json } from '../transfer/json.ts';

/** One text in a resource's values. Its path is made only when asked for: most texts are never shown. */
export interface TextLeaf {
  readonly text: string;
  /** As a person would write it: `environment.variables.TABLE`, `statement[1].resources[0]`. */
  path(): string;
  /** The attribute at the top: `environment`. */
  readonly attribute: string;
  /** Keys and indices down to the value of the provider; what is inside of JSON text is left out. */
  keys(): readonly (string | number)[];
  /** True if it is an element of a list, not a value of its own. */
  readonly listed: boolean;
}

type Step = { readonly key: string | number; readonly shown: string };

/** JSON in a text (a policy, a state machine) is walked too: only so can its escapes not hide a word. */
function parsedText(text: string): Json | undefined {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const plainKey = /^[A-Za-z_][\w-]*$/;

export function visitTexts(values: Json, visit: (leaf: TextLeaf) => void): void {
  const steps: Step[] = [];
  /** Depth at which JSON text began; what lies deeper is no path of the provider. */
  let real = Number.POSITIVE_INFINITY;

  const emit = (text: string): void => {
    const depth = Math.min(real, steps.length);
    visit({
      text,
      attribute: String(steps[0]?.key ?? ''),
      listed: typeof steps.at(-1)?.key === 'number',
      path: () =>
        steps
          .map(({ shown }) => shown)
          .join('')
          .replace(/^\./, ''),
      keys: () => steps.slice(0, depth).map(({ key }) => key),
    });
  };
  const walk = (value: Json): void => {
    if (typeof value === 'string') {
      const inner = real === Number.POSITIVE_INFINITY ? parsedText(value) : undefined;
      if (inner === undefined) return emit(value);
      real = steps.length;
      walk(inner);
      real = Number.POSITIVE_INFINITY;
      return undefined;
    }
    if (Array.isArray(value)) {
      const list = value as readonly Json[];
      for (const [index, element] of list.entries()) {
        // A block that stands there once is written without an index in HCL.
        const block = list.length === 1 && isJsonObject(element);
        steps.push({ key: index, shown: block ? '' : `[${index}]` });
        walk(element);
        steps.pop();
      }
    } else if (isJsonObject(value)) {
      for (const key of Object.keys(value)) {
        steps.push({ key, shown: plainKey.test(key) ? `.${key}` : `[${JSON.stringify(key)}]` });
        walk(value[key] ?? null);
        steps.pop();
      }
    }
    return undefined;
  };
  walk(values);
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
