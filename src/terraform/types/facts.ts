/**
 * What is known about a resource type. Facts are data: a new type is one entry, no code.
 */
export const categories = [
  'compute',
  'iam',
  'storage',
  'database',
  'network',
  'api',
  'workflow',
  'logs',
  'schedule',
  'messaging',
  'registry',
  'external',
] as const;

export type Category = (typeof categories)[number];

/**
 * Where an identity must be unique: `global` (over all of AWS, as S3 buckets), `account` (as IAM roles, in all
 * regions), `region` (in one account and region), `parent` (within another resource that is part of the identity),
 * `server` (the cloud gives the identity, no two can collide), `local` (nothing in the cloud, for example
 * `null_resource`).
 */
export type UniquenessScope = 'global' | 'account' | 'region' | 'parent' | 'server' | 'local';

export interface NameLimit {
  /** Attribute that holds the name. */
  readonly attribute: string;
  readonly maxLength: number;
  readonly minLength?: number;
  /** The whole name must match; JavaScript regular expression source without anchors. */
  readonly pattern?: string;
  /** The pattern in words, for the finding. */
  readonly allowed?: string;
  /** Page of the service's documentation that says so. */
  readonly source: string;
}

/** A setting because of which destroying fails, or leaves something behind. */
export interface ReversalObstacle {
  readonly attribute: string;
  /** The obstacle is there if the attribute has this value; `absent` also covers `null` and not set. */
  readonly when: string | number | boolean | 'absent' | { readonly not: string | number | boolean };
  /** All of these must hold too. */
  readonly unless?: { readonly attribute: string; readonly is: string | number | boolean | 'set' };
  readonly effect: 'fails' | 'leaves';
  readonly what: string;
  readonly hint: string;
}

export interface ResourceTypeFacts {
  readonly type: string;
  /** What people call it: "Lambda function". */
  readonly title: string;
  readonly category: Category;
  /**
   * Attributes whose values together are the identity: all of them equal means the same thing. For scope `parent`
   * the parent's attributes are among them. Empty for `server` and `local`.
   */
  readonly identity: readonly string[];
  readonly scope: UniquenessScope;
  readonly limits: readonly NameLimit[];
  /** It makes something of its own that holds data and costs: mapped as `new-cluster` instead of `clone`. */
  readonly newCluster?: boolean;
  /** It holds data: taking it away or replacing it loses something. */
  readonly holdsData?: boolean;
  /** It runs code with environment variables: the contracts for functions apply. */
  readonly isFunction?: boolean;
  /** Attributes that hold an IAM policy document as JSON text. */
  readonly policies?: readonly string[];
  /**
   * Attribute naming another resource that this one changes in place, for example `bucket` of a bucket policy: where
   * that other resource is not the target's own, something shared would be changed.
   */
  readonly modifies?: string;
  /** Takes tags. False where the type has none, so that a missing ownership mark is no sign. */
  readonly taggable: boolean;
  readonly obstacles?: readonly ReversalObstacle[];
  /** Log group that the service makes by itself if nothing declares it; `{x}` stands for the attribute x. */
  readonly servicesLogGroup?: string;
}

export type ResourceTypeTable = ReadonlyMap<string, ResourceTypeFacts>;
