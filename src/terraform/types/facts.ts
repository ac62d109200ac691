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
  /** Attribute that holds the name. The first limit of a type is that of its own name. */
  readonly attribute: string;
  readonly maxLength: number;
  readonly minLength?: number;
  /** The whole name must match; JavaScript regular expression source (flag `u`) without anchors. */
  readonly pattern?: string;
  /** The pattern in words, for the finding. */
  readonly allowed?: string;
  /**
   * The longest `<attribute>_prefix`. Not given: what leaves room for the 26 characters that the provider appends.
   */
  readonly maxPrefixLength?: number;
  /** Page of the service's documentation that says so. */
  readonly source: string;
}

/**
 * What an attribute must be like. Two words are not values: `absent` (not there, `null` or empty) and `set`. `not`
 * also holds where there is no value at all.
 */
export type Expectation =
  | string
  | number
  | boolean
  | { readonly not: string | number | boolean }
  | { readonly oneOf: readonly (string | number | boolean)[] };

/** A condition on one attribute; `attribute` is a path as in `paths.ts`, true if one of the values fits. */
export interface Condition {
  readonly attribute: string;
  readonly when: Expectation;
}

/** A setting because of which destroying fails, or leaves something behind. */
export interface ReversalObstacle extends Condition {
  /** The obstacle is not there if this holds; `is` may be `set`. */
  readonly unless?: { readonly attribute: string; readonly is: string | number | boolean };
  /** `fails`: destroying stops here. `leaves`: something stays, or the destroy may fail (see `onlyIf`). */
  readonly effect: 'fails' | 'leaves';
  /** What happens, as a clause whose subject is the resource's: "destroy fails while there are objects in it". */
  readonly what: string;
  readonly hint: string;
  /**
   * What must be the case besides the setting, and no plan can tell: "there are objects in it". An obstacle with it
   * is a possibility, not a certainty.
   */
  readonly onlyIf?: string;
  /** Hinders Terraform alone: the direct engine takes it off what it made, or never asks for it. */
  readonly terraformOnly?: true;
}

/** How a value is brought into one form before it is compared with another. */
export type Normalisation =
  /** The service does not tell upper from lower case. */
  | 'lower-case'
  /** Takes a name or an ARN: `arn:aws:lambda:…:function:bot` is `bot`. */
  | 'name-of-arn'
  /** The provider keeps it without the scheme: `https://host` is `host`. */
  | 'no-scheme'
  /** DNS: lower case, and `example.org.` is `example.org`. */
  | 'dns-name'
  /** `/a/b` and `a/b` are the same. */
  | 'no-leading-slash';

export interface ResourceTypeFacts {
  readonly type: string;
  /** What people call it: "Lambda function". */
  readonly title: string;
  readonly category: Category;
  /**
   * Attributes (paths as in `paths.ts`) whose values together are the identity: all of them equal means the same
   * thing. Its own name stands first, those of its parents follow. Empty if the cloud gives the identity (`server`),
   * if there is nothing to tell apart (`local`), or if there is only one in its scope (`region`, `account`).
   */
  readonly identity: readonly string[];
  readonly scope: UniquenessScope;
  /** Attributes of the identity for which the provider makes up a value where none is given (`name_prefix`). */
  readonly generated?: readonly string[];
  /** What an attribute of the identity that is not set stands for: `default` for the event bus of a rule. */
  readonly identityDefaults?: Readonly<Record<string, string>>;
  /**
   * Those of `identityDefaults` that the provider fills in: in a plan they are unknown where they are not set, so
   * unknown means the default too.
   */
  readonly filledIn?: readonly string[];
  readonly normalise?: Readonly<Record<string, Normalisation>>;
  /** Attribute to show as its name, where that is not the first of the identity. */
  readonly nameAttribute?: string;
  readonly limits: readonly NameLimit[];
  /** It makes something of its own that holds data and costs: mapped as `new-cluster` instead of `clone`. */
  readonly newCluster?: boolean;
  /** It holds data: taking it away or replacing it loses something. */
  readonly holdsData?: boolean;
  /** It runs code with environment variables: the contracts for functions apply. */
  readonly isFunction?: boolean;
  /** Attributes (paths) that hold an IAM policy document as JSON text. */
  readonly policies?: readonly string[];
  /**
   * Attribute naming another resource that this one changes in place, for example `bucket` of a bucket policy: where
   * that other resource is not the target's own, something shared would be changed. What only adds a thing with an
   * identity of its own (a record to a zone, a rule to a listener, an object to a bucket) does not modify.
   */
  readonly modifies?: string;
  /** Takes tags. False where the type has none, so that a missing ownership mark is no sign. */
  readonly taggable: boolean;
  readonly obstacles?: readonly ReversalObstacle[];
  /**
   * Log group that the service makes by itself if nothing declares it. `{x}` stands for the attribute x, `{x[]}` for
   * each of its elements: then there are as many groups. Expanded by `servicesLogGroups` in `log-groups.ts`.
   */
  readonly servicesLogGroup?: string;
  /** The service makes its log group only if this holds. */
  readonly servicesLogGroupIf?: Condition;
  /** Where this attribute is set, its value is the log group instead. */
  readonly servicesLogGroupAttribute?: string;
}

export type ResourceTypeTable = ReadonlyMap<string, ResourceTypeFacts>;
