import type { Evidence } from './evidence.ts';
import type { Finding, Proof } from './finding.ts';

/** A resource that a transfer made, as far as needed to look for it later. No values: they may be secret. */
export interface RecordedResource {
  readonly address: string;
  readonly type: string;
  /** Identity as the type table gives it, for example the function's name; `null` where only the cloud names it. */
  readonly identity: string | null;
  readonly id: string | null;
  readonly arn: string | null;
  /** The few further attributes without which it cannot be found again; never secret ones. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface RecordedSecrets {
  readonly provider: 'doppler' | 'env' | 'dotenv' | 'aws-secrets-manager' | 'aws-ssm';
  readonly config: string;
  /** False if the config was there before us: then it is never deleted. */
  readonly made: boolean;
  /** True once what it inherits of isolated secrets was taken out. */
  readonly sealed: boolean;
  /** Keys that no longer inherit a value. */
  readonly own?: readonly string[] | undefined;
  /** HMAC fingerprints of the secrets that belong to this environment alone, by key. Never values. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

export type EnvironmentStatus =
  | 'planned'
  | 'applying'
  | 'halfway'
  | 'applied'
  | 'waiting'
  | 'verified'
  | 'failed'
  | 'destroying'
  | 'destroyed';

/** Where the state of an environment lies, as one comparable text, for example `s3://bucket/key?region=…`. */
export type StateLocation = string;

/** What is known of one environment that provision-env made. Kept until the environment is gone. */
export interface EnvironmentRecord {
  readonly version: 1;
  readonly name: string;
  readonly source: string;
  /** Who ran the transfer. */
  readonly owner: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly updated: string;
  /** When its time to live is over; `null` if it has no end. */
  readonly expires: string | null;
  /** The end that notice was given of; another end is told again. */
  readonly noticed?: string | undefined;
  readonly engine: 'terraform' | 'direct';
  readonly status: EnvironmentStatus;
  /** Id of the last transfer; its rows are in the journal. */
  readonly transfer: string;
  /** Paths are relative to the project. */
  readonly moduleDir: string;
  readonly varFile: string;
  /** False if the var-file was there before us: then `destroy` leaves it. */
  readonly varFileOurs: boolean;
  readonly backendFile: string | null;
  readonly backendFileOurs: boolean;
  readonly state: StateLocation;
  /** `--set` values, to be able to repeat the run. Never of sensitive variables. */
  readonly set: Readonly<Record<string, string>>;
  /** True if a person declined the shorter log retention. */
  readonly keepLogRetention: boolean;
  readonly accepted: readonly Finding[];
  readonly resources: readonly RecordedResource[];
  readonly proof: Proof | null;
  readonly evidence: readonly Evidence[];
  /** Where its secrets lie and how they are told from others'; `null` if it reads none. */
  readonly secrets: RecordedSecrets | null;
  /** Names to show, for example URLs of the environment. */
  readonly outputs: Readonly<Record<string, string>>;
}
