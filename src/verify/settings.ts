import type { InvokeSetting } from '../transfer/invoke.ts';
import type { Json } from '../transfer/json.ts';
import { wildcard } from '../transfer/patterns.ts';

/** A request to a URL or route in front of a function. */
export interface RequestSettings {
  readonly method: string;
  readonly path: string;
  readonly body?: Json | undefined;
}

/** How one function is tried. */
export interface FunctionSettings {
  /** What it is invoked with. */
  readonly event?: Json | undefined;
  /** How it is asked through its URL or API; `false`: not at all. */
  readonly request?: RequestSettings | false | undefined;
  /** `true`: invoked whatever starts it in its everyday life. `false`: not called at all. */
  readonly invoke?: boolean | undefined;
  /** Not called at all; the text says why. */
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
  readonly invoke: InvokeSetting;
  /** By function name or resource address; `*` stands for any text. The most specific entry wins. */
  readonly functions: Readonly<Record<string, FunctionSettings>>;
  readonly urls: readonly UrlSettings[];
  /** For each thing that is waited for. */
  readonly timeoutSeconds: number;
}

/** Known to do nothing in a handler that looks at what it is asked for, and in no other. */
export const harmlessEvent: Json = { source: 'provision-env', check: 'health' };

export interface FittingSettings extends FunctionSettings {
  /** The entry that says whether and how it is called; `null` where none does. */
  readonly says: string | null;
}

/** What the entries that fit say of one function: the most specific one that says anything of calling it decides. */
export function settingsFor(
  patterns: Readonly<Record<string, FunctionSettings>>,
  names: readonly string[],
): FittingSettings {
  const fitting = Object.entries(patterns)
    .filter(([pattern]) => names.some((name) => wildcard(pattern).test(name)))
    // Of two that are as specific as each other, the later one.
    .toReversed()
    .toSorted(([a], [b]) => specificity(b) - specificity(a));
  const decides = fitting.findIndex(([, { event, request, invoke, skip }]) =>
    [event, request, invoke, skip].some((said) => said !== undefined),
  );
  const allowPlainText = fitting.find(([, each]) => each.allowPlainText !== undefined)?.[1].allowPlainText;
  const [pattern, said] = fitting[decides] ?? [null, {}];
  // `invoke: true` alone says that it is called; with what, a wider entry may say.
  const event =
    said.event ??
    (said.invoke === true
      ? fitting.slice(decides).find(([, each]) => each.event !== undefined)?.[1].event
      : undefined);
  return { ...said, event, allowPlainText, says: pattern };
}

/** A name before every pattern, a pattern before one that says less. */
function specificity(pattern: string): number {
  const letters = pattern.replaceAll('*', '').length;
  return pattern.includes('*') ? letters : 1_000_000 + letters;
}

/** Says which entry of the configuration is meant. */
export const entryName = (pattern: string | null): string =>
  `verify.functions ${JSON.stringify(pattern ?? '*')}`;
