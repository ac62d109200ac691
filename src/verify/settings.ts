import type { Json } from '../transfer/json.ts';

/** How one function is tried. */
export interface FunctionSettings {
  /** What it is invoked with. */
  readonly event?: Json | undefined;
  /** Not invoked at all; a text is the reason. */
  readonly skip?: boolean | string | undefined;
  /** Its answer may be text that is not JSON, for example the `OK` of a webhook. */
  readonly allowPlainText?: boolean | undefined;
}

/** How one URL is tried. */
export interface UrlSettings {
  /** Appended to the URL. */
  readonly path?: string | undefined;
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | undefined;
  /** Status codes that pass; absent: every one below 500. */
  readonly expectStatus?: readonly number[] | undefined;
  /** Its answer may be text that is not JSON. A function's own setting holds for its Function URL too. */
  readonly allowPlainText?: boolean | undefined;
  readonly skip?: boolean | string | undefined;
}

export interface VerifySettings {
  /** By function name or resource address; `*` stands for any text. Later entries win over earlier ones. */
  readonly functions: Readonly<Record<string, FunctionSettings>>;
  /** By resource address; `*` stands for any text. */
  readonly urls: Readonly<Record<string, UrlSettings>>;
  /** For each thing that is waited for. */
  readonly timeoutSeconds: number;
}

/** Known to do nothing in a handler that looks at what it is asked for. */
export const harmlessEvent: Json = { source: 'provision-env', check: 'health' };

/** Merges the settings whose pattern fits one of the names. */
export function settingsFor<T extends object>(
  patterns: Readonly<Record<string, T>>,
  names: readonly string[],
): Partial<T> {
  const fitting = Object.entries(patterns).filter(([pattern]) => names.some((name) => fits(pattern, name)));
  return Object.assign({}, ...fitting.map(([, settings]) => settings)) as Partial<T>;
}

function fits(pattern: string, name: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(name);
}
