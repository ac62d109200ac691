import type { Json } from '../transfer/json.ts';
import { wildcard } from '../transfer/patterns.ts';

/** How one function is tried. */
export interface FunctionSettings {
  /** What it is invoked with. */
  readonly event?: Json | undefined;
  /** Not invoked at all; the text says why. */
  readonly skip?: string | undefined;
  /** Its answer may be text that is not JSON, for example the `OK` of a webhook. */
  readonly allowPlainText?: boolean | undefined;
}

/** One more URL that must answer, beside those of Function URLs and API stages. */
export interface UrlSettings {
  /** Output of the root module that holds it. */
  readonly output?: string | undefined;
  /** The URL itself; `{env}` stands for the environment. */
  readonly url?: string | undefined;
  /** Appended to the URL. */
  readonly path?: string | undefined;
  readonly expectStatus: number;
}

export interface VerifySettings {
  /** By function name or resource address; `*` stands for any text. Later entries win over earlier ones. */
  readonly functions: Readonly<Record<string, FunctionSettings>>;
  readonly urls: readonly UrlSettings[];
  /** For each thing that is waited for. */
  readonly timeoutSeconds: number;
}

/** Known to do nothing in a handler that looks at what it is asked for. */
export const harmlessEvent: Json = { source: 'provision-env', check: 'health' };

/** Merges the settings whose pattern fits one of a function's names. */
export function settingsFor(
  patterns: Readonly<Record<string, FunctionSettings>>,
  names: readonly string[],
): FunctionSettings {
  const merged: FunctionSettings = {};
  for (const [pattern, settings] of Object.entries(patterns))
    if (names.some((name) => wildcard(pattern).test(name))) Object.assign(merged, settings);
  return merged;
}
