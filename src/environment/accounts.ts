/** Which account the configuration wants an environment in. Pure. */
import { wildcard } from '../transfer/patterns.ts';

export interface ConfiguredAccount {
  readonly id: string;
  readonly role?: string | undefined;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}

export interface AccountTable {
  readonly accounts: Readonly<Record<string, ConfiguredAccount>>;
  readonly environments: { readonly accounts: Readonly<Record<string, string>> };
}

/** The name itself comes first, then the longest pattern that fits it; `null` where nothing is said. */
export function accountOf(
  environment: string,
  { accounts, environments }: AccountTable,
): (ConfiguredAccount & { readonly key: string }) | null {
  const patterns = Object.keys(environments.accounts)
    .filter(
      (pattern) => pattern === environment || (pattern.includes('*') && wildcard(pattern).test(environment)),
    )
    .toSorted((a, b) => Number(b === environment) - Number(a === environment) || b.length - a.length);
  const key = patterns[0] === undefined ? undefined : environments.accounts[patterns[0]];
  const account = key === undefined ? undefined : accounts[key];
  return key === undefined || account === undefined ? null : { ...account, key };
}
