/**
 * What Terraform knows, in the shape our rules read. Parsed from a raw state (`terraform state pull`, format
 * version 4), from `terraform show -json` of a plan, and from the configuration files themselves.
 * Sources: https://developer.hashicorp.com/terraform/internals/json-format and the state file format version 4.
 */
import type { Json, JsonObject } from '../transfer/json.ts';

/** Told of values that a model leaves out because they are secret, by the names of what holds them. */
export type OnSecret = (name: string, value: Json) => void;

export type ResourceMode = 'managed' | 'data';

/** One instance of a resource in a state. */
export interface StateResource {
  /** Absolute address with instance keys, for example `module.api["eu"].aws_lambda_function.handler[0]`. */
  readonly address: string;
  readonly mode: ResourceMode;
  readonly type: string;
  readonly name: string;
  /** Module path without instance keys, dot-joined (`api.inner`); '' for the root module. Key into `Declarations`. */
  readonly modulePath: string;
  readonly values: JsonObject;
  /** Top-level paths (dot-joined, list indices as numbers) that Terraform marks as sensitive. */
  readonly sensitivePaths: readonly string[];
  readonly tainted: boolean;
}

export interface StateModel {
  readonly lineage: string;
  readonly serial: number;
  readonly terraformVersion: string;
  readonly resources: readonly StateResource[];
  /** What failed replacements left behind: still in the cloud, no longer the resource's current object. */
  readonly deposed?: readonly StateResource[];
  /** Values of outputs; those of sensitive outputs are left out, their names stand in `sensitiveOutputs`. */
  readonly outputs: Readonly<Record<string, Json>>;
  readonly sensitiveOutputs: readonly string[];
}

export type PlannedAction = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'replace' | 'forget';

/** One `resource_changes` entry of a plan. */
export interface PlannedResource {
  readonly address: string;
  readonly mode: ResourceMode;
  readonly type: string;
  readonly name: string;
  readonly modulePath: string;
  readonly action: PlannedAction;
  readonly before: JsonObject | null;
  /** Known values after the apply; `null` where the resource goes away. Unknown attributes are absent. */
  readonly after: JsonObject | null;
  /** Shaped like `after`: `true` where a value is known only after the apply. */
  readonly afterUnknown: Json;
  /** Shaped like `after`: `true` where a value is sensitive. */
  readonly afterSensitive: Json;
  /** Set where the apply would take over something that exists: the id given to an `import` block. */
  readonly importId?: string;
  /** Where it stands in the state as it is: a `moved` block gives it the new address. */
  readonly previousAddress?: string;
}

export interface PlanModel {
  readonly terraformVersion: string;
  readonly changes: readonly PlannedResource[];
  /** Data sources that were read while planning, with their values. */
  readonly dataSources: readonly StateResource[];
  /** Values of the root module's variables; those declared sensitive are left out. */
  readonly variables: Readonly<Record<string, Json>>;
  readonly outputChanges: Readonly<Record<string, PlannedAction>>;
}

/** What stands in one expression of the configuration. */
export interface ExpressionFacts {
  /** What it refers to, as written: `aws_lambda_function.line_bot.arn`, `var.environment`, `local.prefix`, `data.x.y.id`. */
  readonly references: readonly string[];
  /** Literal text in it: whole strings and the literal parts of templates. */
  readonly literals: readonly string[];
  readonly line: number;
}

export interface ResourceDeclaration {
  /** `aws_x.name` or `data.aws_x.name`. */
  readonly address: string;
  readonly mode: ResourceMode;
  readonly type: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** By dotted path of attribute; blocks without index: `environment.variables`. */
  readonly attributes: Readonly<Record<string, ExpressionFacts>>;
  /** `count` or `for_each`, if there is one. */
  readonly repetition: ExpressionFacts | null;
  readonly preventDestroy: boolean;
  readonly provisioners: readonly { readonly type: string; readonly line: number }[];
}

export interface VariableDeclaration {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Present only if the default is a literal that could be read. */
  readonly default?: Json;
  readonly hasDefault: boolean;
  readonly sensitive: boolean;
  readonly description: string | null;
  /** As it is written; `null` where none is. */
  readonly type: string | null;
  readonly validations: readonly {
    readonly line: number;
    readonly errorMessage: string | null;
    /** As it is written. */
    readonly condition: string | null;
  }[];
}

export interface ModuleDeclarations {
  /** Folder of the module, absolute. */
  readonly dir: string;
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly locals: Readonly<Record<string, ExpressionFacts>>;
  readonly variables: Readonly<Record<string, VariableDeclaration>>;
  readonly outputs: Readonly<Record<string, ExpressionFacts>>;
  /** `moved` blocks: addresses as they are written, relative to the module. */
  readonly moves?: readonly { readonly from: string; readonly to: string }[];
  /** Calls of other modules by name, with the expressions given to their variables. */
  readonly calls: Readonly<
    Record<
      string,
      {
        readonly source: string | null;
        readonly line: number;
        readonly attributes: Readonly<Record<string, ExpressionFacts>>;
      }
    >
  >;
}

/** The backend block of the root module. */
export interface BackendDeclaration {
  /** `s3`, `local`, …; `cloud` for a `cloud` block. */
  readonly type: string;
  readonly file: string;
  readonly line: number;
  /** Literal settings of the block. */
  readonly settings: Readonly<Record<string, Json>>;
  /** The block as it is written, braces included, so that it can be given to Terraform again. */
  readonly text: string;
}

/** What the configuration files say and no plan shows: locals, `lifecycle`, validations, the backend. */
export interface Declarations {
  readonly backend: BackendDeclaration | null;
  readonly requiredVersion: string | null;
  /** `hashicorp/aws` → version constraint, or `null` if none is given. */
  readonly requiredProviders: Readonly<Record<string, string | null>>;
  /** By module path as in `StateResource.modulePath`; '' is the root module. */
  readonly modules: Readonly<Record<string, ModuleDeclarations>>;
  /** Calls whose source is not on disk yet (before `terraform init`): what is in them is not known. */
  readonly unresolvedCalls: readonly string[];
}
