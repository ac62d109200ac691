/** Where an environment lies: what two things of one name are told apart by. */

export interface Place {
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A place as far as it is known. */
export type PlaceFacts = { readonly [Part in keyof Place]: Place[Part] | null };

export const nowhere: PlaceFacts = { partition: null, account: null, region: null };

/** The place, if all of it is known. */
export function wholePlace({ partition, account, region }: PlaceFacts): Place | null {
  return partition === null || account === null || region === null ? null : { partition, account, region };
}

const accountId = /^\d{12}$/;

export const isAccountId = (text: unknown): text is string =>
  typeof text === 'string' && accountId.test(text);

/** What an ARN says of the place; `null` for what is no ARN. */
export function placeOfArn(arn: unknown): PlaceFacts | null {
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) return null;
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  // `aws` stands for the account of what AWS itself manages.
  return {
    partition: partition === '' ? null : partition,
    account: accountId.test(account) ? account : null,
    region: region === '' ? null : region,
  };
}

/** As the first line of an output says it: `account 123456789012 · ap-southeast-1`. */
export function placeText({ partition, account, region }: PlaceFacts): string {
  const where = partition === null || partition === 'aws' ? '' : ` (${partition})`;
  return `account ${account ?? 'unknown'}${where} · ${region ?? 'region unknown'}`;
}

/** The parts of `expected` that are known and that `actual` says something else of, or nothing. */
export function placeDifference(
  expected: PlaceFacts,
  actual: PlaceFacts,
): { readonly differs: readonly (keyof Place)[]; readonly untold: readonly (keyof Place)[] } {
  const parts = (['partition', 'account', 'region'] as const).filter((part) => expected[part] !== null);
  return {
    differs: parts.filter((part) => actual[part] !== null && actual[part] !== expected[part]),
    untold: parts.filter((part) => actual[part] === null),
  };
}
