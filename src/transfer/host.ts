import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { PlaceFacts } from './place.ts';
import type { StepId, StepResult } from './steps.ts';

/** What the library tells. It never prints: terminal, JSON, journal and report render these same events. */
export type TransferEvent =
  | { readonly type: 'step-started'; readonly step: StepId }
  | { readonly type: 'step-ended'; readonly result: StepResult }
  /** Where the run acts: the first line of whatever is shown of it. */
  | {
      readonly type: 'place';
      readonly source: string | null;
      readonly target: string;
      readonly place: PlaceFacts;
    }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'evidence'; readonly evidence: Evidence }
  /** What would be done, shown before it is asked about. */
  | { readonly type: 'proposal'; readonly step: StepId | 'destroy' | 'sweep'; readonly output: unknown }
  /** Something that takes a while has begun; `expectMs` is how long it usually takes. */
  | { readonly type: 'waiting'; readonly what: string; readonly expectMs?: number }
  | {
      readonly type: 'resource';
      readonly address: string;
      readonly action: 'create' | 'update' | 'delete' | 'replace' | 'read' | 'forget';
      readonly phase: 'started' | 'progress' | 'done' | 'failed';
      readonly elapsedSeconds: number;
    }
  /** A process has begun; `process` tells how it ended. */
  | { readonly type: 'process-started'; readonly what: string }
  | {
      readonly type: 'process';
      readonly command: string;
      readonly args: readonly string[];
      readonly durationMs: number;
    }
  /** An environment is within the notice time before its end. */
  | {
      readonly type: 'ends-soon';
      readonly environment: string;
      /** ISO 8601, UTC. */
      readonly expires: string;
      /** In words. */
      readonly left: string;
    }
  | {
      readonly type: 'note';
      readonly level: 'info' | 'warning';
      readonly text: string;
      readonly hint?: string;
    };

/** What the library asks. Without a terminal a host answers from flags or throws `needs-person`. */
export type Question =
  | { readonly kind: 'confirm'; readonly id: string; readonly text: string }
  /** For what destroys: the person types the name of the environment. */
  | { readonly kind: 'type-name'; readonly id: string; readonly text: string; readonly name: string }
  /**
   * For what an ordinary yes does not cover: stores of data that a change destroys. The person types the name of the
   * environment; a yes that was given beforehand to everything is no answer to it.
   */
  | {
      readonly kind: 'lose-data';
      readonly id: string;
      readonly text: string;
      readonly name: string;
      /** One line for each. */
      readonly loses: readonly string[];
    }
  /**
   * As `lose-data`, for what is in the state of an environment and in no record: nobody said beforehand that it is its.
   */
  | {
      readonly kind: 'unrecorded';
      readonly id: string;
      readonly text: string;
      readonly name: string;
      /** One line for each. */
      readonly things: readonly string[];
    }
  | { readonly kind: 'secret'; readonly id: string; readonly text: string }
  /** For what may also come later; an empty answer says so. Nobody answers it for a person. */
  | { readonly kind: 'code'; readonly id: string; readonly text: string };

/** Kinds of questions that are answered with yes or no, or by typing a name. */
export type YesOrNo = 'confirm' | 'type-name' | 'lose-data' | 'unrecorded';

export interface Host {
  notify(event: TransferEvent): void;
  /** `true`/`false` for `confirm`, `type-name`, `lose-data` and `unrecorded`; the text for `secret` and `code`. */
  ask(question: Question & { kind: YesOrNo }): Promise<boolean>;
  ask(question: Question & { kind: 'secret' | 'code' }): Promise<string>;
}

export interface Clock {
  now(): Date;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
