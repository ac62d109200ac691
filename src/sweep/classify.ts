/**
 * Whose a thing in the account is. Pure: what is removed is decided here and nowhere else.
 *
 * `ours` has the environment's ownership tag or stands in its record, `derived` was made by a service for something
 * in the record, `suspected` looks alike or points at something of ours, `foreign` is another environment's. All else
 * is `unrelated`.
 */
import type { FoundItem } from '../aws/adapter.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { createNameMatcher } from './bears-name.ts';
import { parentsOf } from './derive.ts';
import { knownResources, regionOfArn } from './known.ts';

/** The tag with which this tool marks what it makes; its value is the environment. */
export const ownershipTag = 'provision-env:environment';

export type Verdict = 'ours' | 'derived' | 'suspected' | 'foreign' | 'unrelated';

export interface Judgement {
  readonly verdict: Verdict;
  /** For people; for `unrelated` it is empty. */
  readonly reason: string;
  /** What told it, where it is somebody's. */
  readonly by?: Sign;
}

/** `known` stands in a record or a state, `parent` is what it was made for or lies in, `reference` what it points at. */
export type Sign = 'known' | 'tag' | 'parent' | 'name' | 'reference';

export interface SweepScope {
  readonly environment: string;
  /** Everything that its record knows. */
  readonly resources: readonly RecordedResource[];
  /** What was there before and was taken over: never ours, whatever its tags say. */
  readonly takenOver?: readonly RecordedResource[];
  /** The source and every other environment of which anything is known: never ours. */
  readonly others: readonly {
    readonly name: string;
    readonly resources: readonly RecordedResource[];
  }[];
}

const unrelated: Judgement = { verdict: 'unrelated', reason: '' };

export function createClassifier(scope: SweepScope): (item: FoundItem) => Judgement {
  const { environment, resources, others, takenOver = [] } = scope;
  const before = knownResources(takenOver.map((each) => [each, each.address] as const));
  const known = knownResources<string>(
    // What two environments have is the other's: the later entry must not win.
    [
      ...others.flatMap(({ name, resources: theirs }) => theirs.map((each) => [each, name] as const)),
      ...withoutShared(scope).map((each) => [each, environment] as const),
    ],
  );
  const addresses = knownResources(resources.map((each) => [each, each.address] as const));
  const bearsName = createNameMatcher(
    environment,
    others.map(({ name }) => name),
  );

  const byParent = (item: FoundItem): Judgement | null => {
    const region = regionOfArn(item.arn);
    for (const level of parentsOf(item)) {
      const hits = level.flatMap((parent) => {
        const owner = known.ownerOfNamed(parent.types, parent.name, region);
        return owner === undefined ? [] : [{ parent, owner }];
      });
      const other = hits.find(({ owner }) => owner !== environment);
      if (other)
        return {
          verdict: 'foreign',
          by: 'parent',
          reason: `${other.parent.as} ${other.parent.name}, which is ${other.owner}'s`,
        };
      const [own] = hits;
      if (own) {
        const address = addresses.ownerOfNamed(own.parent.types, own.parent.name, region);
        return {
          verdict: 'derived',
          by: 'parent',
          reason: `${own.parent.as} ${own.parent.name}${address === undefined ? '' : ` (${address})`}`,
        };
      }
    }
    return null;
  };

  /** Images lie in a repository that is shared, and only their tags tell; in one of ours they go with it. */
  const imageOf = ({ id, uses = [], arn }: FoundItem): Judgement => {
    const region = regionOfArn(arn);
    if (uses.some((each) => known.ownerOfNamed(['aws_ecr_repository'], each, region) === environment))
      return unrelated;
    return bearsName(id.slice(id.lastIndexOf(':') + 1))
      ? { verdict: 'suspected', by: 'name', reason: 'its tag bears the name of the environment' }
      : unrelated;
  };

  const looksAlike = (item: FoundItem): Judgement => {
    const { id, name, arn, tags = {}, uses = [] } = item;
    if (item.type === 'aws_ecr_image') return imageOf(item);
    if ([name, id, arn === undefined ? '' : resourceOfArn(arn)].some(bearsName))
      return { verdict: 'suspected', by: 'name', reason: 'its name bears that of the environment' };
    const tag = Object.entries(tags).find(([, value]) => bearsName(value));
    if (tag)
      return {
        verdict: 'suspected',
        by: 'tag',
        reason: `its tag ${tag[0]} bears the name of the environment`,
      };
    const region = regionOfArn(arn);
    for (const used of uses) {
      const owner = known.ownerOfNamed([], used, region);
      if (owner === environment)
        return { verdict: 'suspected', by: 'reference', reason: `it points at ${used}` };
    }
    return unrelated;
  };

  return (item) => {
    if (before.ownerOf(item) !== undefined)
      return { verdict: 'foreign', by: 'known', reason: 'it was there before, and was taken over' };
    const owner = known.ownerOf(item);
    if (owner !== undefined && owner !== environment)
      return { verdict: 'foreign', by: 'known', reason: `it stands in the record or the state of ${owner}` };
    const mark = item.tags?.[ownershipTag];
    if (mark !== undefined && mark !== environment)
      return { verdict: 'foreign', by: 'tag', reason: `its ownership tag says ${mark}` };
    if (owner === environment) {
      const address = addresses.ownerOf(item);
      return {
        verdict: 'ours',
        by: 'known',
        reason: `in its record${address === undefined ? '' : `: ${address}`}`,
      };
    }
    if (mark === environment) return { verdict: 'ours', by: 'tag', reason: 'it has its ownership tag' };
    return byParent(item) ?? looksAlike(item);
  };
}

/** What another environment has too is shared, whatever our record says: the other one's word counts. */
function withoutShared({ resources, others }: SweepScope): readonly RecordedResource[] {
  const theirs = knownResources(
    others.flatMap(({ name, resources: each }) => each.map((resource) => [resource, name] as const)),
  );
  return resources.filter((resource) => theirs.ownerOf(resource) === undefined);
}

/** What comes after the account: the rest of an ARN says nothing of environments. */
const resourceOfArn = (arn: string): string => arn.split(':').slice(5).join(':');
