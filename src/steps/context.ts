/** What the steps of one transfer share: the two environments, what is known of them, and the tools. */
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import type { Rename } from '../environment/rename.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { OtherEnvironment } from '../ownership/model.ts';
import type { ProofInput, SourceFingerprint } from '../proof/rule.ts';
import type { Declarations, StateModel } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import type { PlaceInput } from '../proof/place.ts';
import type { Finding } from '../transfer/finding.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { InvokeSetting } from '../transfer/invoke.ts';
import type { Json } from '../transfer/json.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { HeldStore, JournalRow } from '../transfer/store.ts';
import type { ChannelsSession } from './channels.ts';
import type { VarFileChange } from './outputs.ts';
import type { PlannedSecrets } from './planned-secrets.ts';
import type { SecretsSession } from './secrets.ts';
import type { Workspace } from './workspace.ts';
import type { PriceChoice } from './costs.ts';
import type { FoundPlace } from './place.ts';

/** `direct` copies what no Terraform manages, and leaves to Terraform what it does manage. */
export type EngineName = EnvironmentRecord['engine'];

/** What a person asked for. */
export interface TransferRequest {
  readonly command: string;
  readonly target: string;
  readonly source: string;
  /** `--set key=value`. */
  readonly set: Readonly<Record<string, string>>;
  /** `--accept <rule>:<subject>`. */
  readonly accept: readonly string[];
  /** Leaves the log retention as it is in the source's var-file. */
  readonly keepLogRetention: boolean;
  /** `--ttl`: a duration or `never`. Absent: it keeps its end, or gets the default of the configuration. */
  readonly ttl?: string | undefined;
  /** Ends after the proof: nothing is written but the report. */
  readonly planOnly: boolean;
  /** Nothing is copied: a source whose state holds nothing any more is no error, one that cannot be read still is. */
  readonly sourceMayBeEmpty?: boolean;
  /** A person has said to go on where its state cannot be read: it is taken for empty. */
  readonly sourceMayBeUnreadable?: boolean;
  /** `--live`: the source is looked at in the account too, not only in its state. */
  readonly live?: boolean | undefined;
  /** `--max-monthly`: US dollars that the target may add in a month. */
  readonly maxMonthly?: number | undefined;
  /** `--prices`. */
  readonly prices?: PriceChoice | undefined;
  /** `--invoke`; what the configuration says if absent. */
  readonly invoke?: InvokeSetting | undefined;
  /** `--engine`; what the record or the configuration says if absent. */
  readonly engine?: EngineName | undefined;
}

/** The var-file of the target as it is, or as it will be written. */
export interface TargetVarFile {
  /** Where it lies or will lie; absolute. */
  readonly path: string;
  readonly exists: boolean;
  readonly text: string;
  readonly values: Readonly<Record<string, Json>>;
  readonly changes: readonly VarFileChange[];
}

export interface TransferContext {
  readonly request: TransferRequest;
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly store: HeldStore;
  readonly config: Config;
  readonly project: Project;
  /** What the configuration says; complete once its modules are on disk. */
  declarations(): Promise<Declarations>;
  readonly types: ResourceTypeTable;
  readonly engine: EngineName;
  readonly rename: Rename;
  readonly source: EnvironmentFiles;
  readonly sourceVariables: Readonly<Record<string, Json>>;
  readonly target: EnvironmentFiles;
  readonly varFile: TargetVarFile;
  /** What is recorded of the target; `null` if this tool has not made it. */
  readonly record: EnvironmentRecord | null;
  readonly others: ProofInput['others'];
  /** All other environments of the project with what their states hold, recorded or not; read once. */
  neighbours(): Promise<readonly OtherEnvironment[]>;
  /** The source's state, read once; never written. */
  sourceState(): Promise<StateModel>;
  /** Read anew, to see whether anybody touched the source. */
  sourceFingerprint(): Promise<SourceFingerprint>;
  /** As it was when the transfer began. */
  fingerprintBefore(): Promise<SourceFingerprint>;
  secrets(): Promise<SecretsSession>;
  channels(): Promise<ChannelsSession>;
  /** What the next Terraform process finds in its environment, beside what it inherits. */
  giveSecrets(env: Readonly<Record<string, string | undefined>>): void;
  /** The target's secrets as the plan was made with them. */
  plannedSecrets(): Promise<PlannedSecrets>;
  readonly workspace: Workspace;
  /** Where the target's provider acts; `null` where nothing of it lies in AWS. Asked once. */
  place(): Promise<FoundPlace | null>;
  /** The same beside where the target is wanted. */
  placeInput(): Promise<PlaceInput | null>;
  /** Clients that act there. */
  aws(): Promise<AwsClients>;
  journal(row: Omit<JournalRow, 'transfer' | 'version' | 'at'>): Promise<void>;
  readonly transferId: string;
  /** When the target ends, by what was asked for; `null` if it has no end. */
  readonly expires: string | null;
  /** Who runs the transfer. */
  readonly owner: string;
  /** What of the source could not be read in the account, so that nobody knows whether it has to be copied. */
  inventoryFindings(): Promise<readonly Finding[]>;
  /** Findings of the steps themselves, beside those of the proof. */
  readonly findings: Finding[];
  /** How many Terraform processes were started so far. */
  terraformProcesses(): number;
}
