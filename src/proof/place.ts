/** In which account and region things lie, and where they are wanted. Pure. */
import type { StateModel } from '../terraform/model.ts';
import { isAccountId, nowhere, type PlaceFacts, placeOfArn } from '../transfer/place.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';

/** Where the target is wanted, and where it would be made. */
export interface PlaceInput {
  readonly wanted: PlaceFacts;
  /** What wants it there. */
  readonly by:
    | { readonly kind: 'record' }
    | {
        readonly kind: 'accounts';
        readonly key: string;
        readonly role?: string | undefined;
        readonly profile?: string | undefined;
      }
    | {
        readonly kind: 'source';
        /** All that things of the source lie in. */
        readonly regions: readonly string[];
      };
  /** True where the var-files of the two say that they lie in different regions. */
  readonly otherRegionMeant: boolean;
  readonly actual: PlaceFacts;
  /** Why a part of it is not known. */
  readonly untold: Partial<Readonly<Record<keyof PlaceFacts, string>>>;
  /** What says it, as clauses. */
  readonly accountBy: string;
  readonly regionBy: string;
  readonly regionAmbient: boolean;
  /** Why our own clients cannot act there; `null` if they can. */
  readonly outOfReach: string | null;
}

/** The most frequent text; `null` where there is none, or two are equally frequent. */
function majority(texts: Iterable<string | null>): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first, second] = [...counts].toSorted(([, one], [, other]) => other - one);
  return first === undefined || first[1] === second?.[1] ? null : first[0];
}

function most(places: readonly PlaceFacts[]): PlaceFacts {
  return {
    partition: majority(places.map(({ partition }) => partition)),
    account: majority(places.map(({ account }) => account)),
    region: majority(places.map(({ region }) => region)),
  };
}

/** One voice a resource: its ARN, or the attribute in which some services have the account. */
function placeOfValues(values: Readonly<Record<string, unknown>>): PlaceFacts {
  const place = placeOfArn(values['arn']) ?? placeOfArn(values['id']) ?? nowhere;
  const owner = [values['owner_id'], values['account_id'], values['registry_id']].find(isAccountId) ?? null;
  return { ...place, account: place.account ?? owner };
}

/**
 * What a state says. Data sources may be of anybody's account, but for the one that tells the provider's own: it is
 * asked where no managed resource says anything.
 */
export function stateLiesIn(state: StateModel): PlaceFacts {
  const managed = state.resources.filter(({ mode }) => mode === 'managed');
  const told = most(managed.map(({ values }) => placeOfValues(values)));
  const own = (type: string, attribute: string): string | null => {
    const found = state.resources.filter((each) => each.mode === 'data' && each.type === type);
    const texts = new Set(found.map(({ values }) => values[attribute]));
    const [only] = texts;
    return texts.size === 1 && typeof only === 'string' && only !== '' ? only : null;
  };
  const account = managed.some(({ values }) => placeOfValues(values).account !== null)
    ? told.account
    : own('aws_caller_identity', 'account_id');
  return {
    partition: told.partition ?? own('aws_partition', 'partition'),
    account: isAccountId(account) ? account : null,
    region: told.region ?? own('aws_region', 'name'),
  };
}

/** Every region that a managed resource of the state lies in. */
export function regionsOfState(state: StateModel): readonly string[] {
  const regions = state.resources.map(({ mode, values }) =>
    mode === 'managed' ? (placeOfValues(values).region ?? null) : null,
  );
  return [...new Set(regions.filter((region) => region !== null))];
}

/** Where an environment lies by its record; older ones do not say it, but for the ARNs of what they made. */
export function recordLiesIn({
  place,
  resources,
}: Pick<EnvironmentRecord, 'place' | 'resources'>): PlaceFacts {
  return place ?? most(resources.flatMap(({ arn }) => placeOfArn(arn) ?? []));
}
