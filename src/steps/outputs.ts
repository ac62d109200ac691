/** What each of the seven steps puts out: serialisable, without a secret's value. Rendered as terminal text, Markdown and JSON. */
import type { Cost } from '../cost/model.ts';
import type { LiveInventory, SourceDrift } from '../live/model.ts';
import type { Category } from '../terraform/types/facts.ts';
import type { Evidence, EvidenceStatus, Layer } from '../transfer/evidence.ts';
import type { Coverage, Finding, Proof } from '../transfer/finding.ts';
import type { Json } from '../transfer/json.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import type { StepId } from '../transfer/steps.ts';
import type { CallPlan } from '../verify/calls.ts';
import type { CallCount } from '../transfer/call-count.ts';

export interface InventoryItem {
  readonly address: string;
  readonly type: string;
  /** What people call the type, for example "Lambda function". */
  readonly title: string;
  readonly category: Category;
  /** Physical name or id. */
  readonly name: string;
  readonly arn: string | null;
  /** Read as a data source: not the environment's own, hence shared. */
  readonly shared: boolean;
}

/** An outside service that the functions' settings point to, for example a LINE channel. */
export interface ExternalService {
  readonly service: string;
  /** Environment-variable keys that show it. */
  readonly keys: readonly string[];
  readonly isolationRequired: boolean;
  readonly action: string;
}

export interface IdentifyOutput {
  readonly environment: string;
  readonly stateLocation: string;
  readonly stateSerial: number;
  readonly resources: readonly InventoryItem[];
  readonly counts: Readonly<Partial<Record<Category, number>>>;
  readonly external: readonly ExternalService[];
  /** With what could not be listed of the account, on `--live`. */
  readonly coverage: Coverage;
  /** Only on `--live`: what the account has beside the state. */
  readonly live?: LiveInventory;
}

export interface FunctionSnapshot {
  readonly address: string;
  readonly name: string;
  readonly packageType: string;
  readonly handler: string | null;
  readonly runtime: string | null;
  readonly image: string | null;
  readonly memoryMb: number | null;
  readonly timeoutSeconds: number | null;
  readonly architectures: readonly string[];
  readonly layers: readonly string[];
  readonly inVpc: boolean;
  /** Keys only; values may be secret. */
  readonly environmentKeys: readonly string[];
}

export interface PolicySnapshot {
  readonly address: string;
  readonly name: string;
  readonly statements: number;
  readonly actions: readonly string[];
}

export interface AnalyzeSourceOutput {
  readonly functions: readonly FunctionSnapshot[];
  readonly policies: readonly PolicySnapshot[];
  /** Names of variables that are declared sensitive: the secrets that Terraform is given. */
  readonly secretKeys: readonly string[];
  readonly terraformVersion: string;
  /** Only on `--live`: what in the account differs from the state. */
  readonly drift?: SourceDrift;
}

export interface DerivedName {
  readonly address: string;
  readonly source: string;
  readonly target: string;
  readonly maxLength: number | null;
}

export interface VarFileChange {
  readonly variable: string;
  readonly from: Json;
  readonly to: Json;
  readonly reason: string;
}

export interface AnalyzeTargetOutput {
  readonly name: string;
  readonly varFile: {
    readonly path: string;
    readonly exists: boolean;
    readonly changes: readonly VarFileChange[];
  };
  readonly backend: {
    readonly kind: string;
    readonly location: string;
    readonly file: string | null;
    readonly fileExists: boolean;
  };
  /** What the target's state holds already. */
  readonly existing: { readonly resources: number; readonly ours: boolean };
  readonly constraints: readonly {
    readonly constraint: string;
    readonly met: boolean;
    readonly detail: string;
  }[];
  readonly derivedNames: readonly DerivedName[];
  readonly external: readonly ExternalService[];
}

/** One declaration's value is made from another's. Addresses are without instance keys. */
export interface DeclaredReference {
  readonly from: string;
  readonly to: string;
}

export interface MapOutput {
  readonly rows: readonly MappingRow[];
  readonly counts: Readonly<Record<string, number>>;
  /** Per month, idle: what the target costs and what it adds. */
  readonly cost: Cost;
  /** Why the price of what `cost.unknown` names is unknown, by address. Not there in what older versions wrote. */
  readonly unpriced?: Readonly<Record<string, string>>;
  /** What the maximum says of it. */
  readonly findings?: readonly Finding[];
  /** What refers to what in the target's configuration. Not there in what older versions wrote. */
  readonly references?: readonly DeclaredReference[];
}

export interface UntangledAttribute {
  readonly address: string;
  readonly attribute: string;
  readonly source: string;
  /** `null` where it is known only after the apply. */
  readonly target: string | null;
  /** How it gets its value in the target. */
  readonly how: 'renamed' | 'from-reference' | 'given-by-cloud' | 'by-variable' | 'secret';
}

export interface UntangleOutput {
  /** How many attributes may be copied as they are, by resource type, with the names of the attributes. */
  readonly portable: readonly {
    readonly type: string;
    readonly attributes: readonly string[];
    readonly count: number;
  }[];
  readonly contextBound: readonly UntangledAttribute[];
  /** Attributes that differ and that nothing explains. */
  readonly unexplained: readonly { readonly address: string; readonly attribute: string }[];
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly replace: number;
}

export interface RewireOutput {
  readonly plan: PlanSummary;
  /** What step 7 will call. Not there in what older versions wrote. */
  readonly calls?: CallPlan;
  /** Of plan, proof and cost: a yes to this is a yes to exactly that. Not there in what older versions wrote. */
  readonly digest?: string;
  readonly proof: Proof;
  /** What was done, in order. Empty where only a plan was asked for. */
  readonly actions: readonly {
    readonly what: string;
    readonly detail: string;
    readonly durationMs: number;
  }[];
  readonly created: readonly string[];
  readonly failed: readonly { readonly address: string; readonly message: string }[];
  /** Outputs of the configuration that are not sensitive. */
  readonly outputs: Readonly<Record<string, string>>;
  /** How many Terraform processes were started in all. */
  readonly terraformProcesses: number;
}

export interface VerifyOutput {
  readonly proof: Proof;
  /** What was called and what was not; `null` where there was no state. Not there in what older versions wrote. */
  readonly calls?: CallPlan | null;
  readonly evidence: readonly Evidence[];
  readonly layers: readonly {
    readonly layer: Layer;
    readonly counts: Readonly<Record<EvidenceStatus, number>>;
  }[];
  /** Of all functions that were looked at, also by earlier layers. Not there in what older versions wrote. */
  readonly functions?: CallCount;
  readonly verdict: 'verified' | 'waiting' | 'failed';
}

export interface StepOutputs {
  identify: IdentifyOutput;
  'analyze-source': AnalyzeSourceOutput;
  'analyze-target': AnalyzeTargetOutput;
  map: MapOutput;
  untangle: UntangleOutput;
  rewire: RewireOutput;
  verify: VerifyOutput;
}

/** Outputs of the steps that have run so far. */
export type StepsDone = { readonly [Id in StepId]?: StepOutputs[Id] };
