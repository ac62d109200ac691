import type { Evidence } from './evidence.ts';
import type { Finding, Proof } from './finding.ts';
import type { MappingRow } from './mapping.ts';
import type { Place } from './place.ts';

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
  /**
   * `taken-over`: it was there before the apply that was to make it, and is another's still. Absent where nobody knows:
   * the account could not be asked for the name.
   */
  readonly origin?: 'made' | 'taken-over' | undefined;
  /** Set before an apply that is to make it, and until a state has it: it may or may not be there. */
  readonly planned?: {
    /** True if the account said before the apply that nobody has the name. */
    readonly nameWasFree: boolean;
  };
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
  /** Keys that the source has and this environment had no value for when they were last looked at. */
  readonly missing?: readonly string[] | undefined;
}

/** The bot behind the credentials of a channel, as its service names it. Not secret. */
export interface RecordedBot {
  /** What tells it from every other bot of the service. */
  readonly id: string;
  readonly name: string;
  readonly handle: string | null;
}

/** A chat channel of an environment. */
export interface RecordedChannel {
  /** Id of the channel kind, for example `line`. */
  readonly kind: string;
  /** `null` where the service does not know the credentials. */
  readonly bot: RecordedBot | null;
  /** Another environment that has the same bot; `null` if none has. */
  readonly sharedWith: string | null;
  /** Where its messages go in this environment; `null` where no URL was found. */
  readonly webhookUrl: string | null;
}

/** A one-time code that was sent to a person: a salted hash with an end, never the code. */
export interface Challenge {
  readonly version: 1;
  readonly salt: string;
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly expires: string;
  readonly attemptsLeft: number;
  /** When the code came back; it is good for one time only. */
  readonly returned: string | null;
}

export interface RecordedChallenge {
  /** Subject of the evidence that waits for it. */
  readonly subject: string;
  readonly challenge: Challenge;
}

/** A database that was put to sleep, and what it takes to wake it. */
export interface SleepingDatabase {
  readonly address: string;
  readonly type: string;
  /** What the service calls it. */
  readonly id: string;
  readonly arn: string | null;
  /** `pause`: goes down to zero capacity while nobody is connected. `stop`: is stopped. */
  readonly way: 'pause' | 'stop';
  /** Its capacity as it was, in Aurora capacity units; `null` where it has none that was changed. */
  readonly before: {
    readonly min: number;
    readonly max: number;
    readonly secondsUntilAutoPause: number | null;
  } | null;
}

export interface RecordedSleep {
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly databases: readonly SleepingDatabase[];
}

/** What an environment costs in a month, by the prices and assumptions of the plan that it was made from. */
export interface RecordedCost {
  readonly currency: 'USD';
  readonly monthlyTotal: number;
  readonly monthlyDelta: number;
  /** Addresses whose price, or a part of it, is not known. */
  readonly unknown: readonly string[];
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
  /** Where it lies; absent in records of older versions, and where it could not be told. */
  readonly place?: Place | undefined;
  /** Lineage of the state; absent before the first apply, and in records of older versions. */
  readonly lineage?: string | undefined;
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
  /** What became of each resource and secret of the source; absent before there was a plan. */
  readonly mapping?: readonly MappingRow[] | undefined;
  /** Absent in records of older versions. */
  readonly cost?: RecordedCost | undefined;
  /** Its chat channels; absent before they were looked at. */
  readonly channels?: readonly RecordedChannel[] | undefined;
  /** Codes that a person may still return. */
  readonly challenges?: readonly RecordedChallenge[] | undefined;
  /** Absent while it is awake. */
  readonly asleep?: RecordedSleep | undefined;
  /** Names to show, for example URLs of the environment. */
  readonly outputs: Readonly<Record<string, string>>;
}
