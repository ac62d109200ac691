/** The library: what a configuration file and other programs import. */
export { defineConfig } from './config/define.ts';
export type { Config, UserConfig } from './config/schema.ts';
export { ProvisionError, isProvisionError } from './transfer/errors.ts';
export { type ErrorCode, type ErrorSource, type ExitCode, exitCodes } from './transfer/error-codes.ts';
export type { Finding, Proof, RuleVerdict, Severity } from './transfer/finding.ts';
export type { Evidence, EvidenceStatus, Layer } from './transfer/evidence.ts';
export type { Host, Question, TransferEvent } from './transfer/host.ts';
export type { MappingAction, MappingRow } from './transfer/mapping.ts';
export type { EnvironmentRecord, EnvironmentStatus, RecordedResource } from './transfer/record.ts';
export type { JournalRow, Lock, Store } from './transfer/store.ts';
export { stepIds, type StepId, type StepResult } from './transfer/steps.ts';
export { openTransfer } from './steps/open.ts';
export { openProject } from './steps/open-project.ts';
export { provision, type TransferResult } from './steps/provision.ts';
export { createRedactor, type Redactor } from './redact/redactor.ts';
export { prove } from './proof/prove.ts';
export { rules } from './proof/rules/index.ts';
export type { ProofInput, Rule, RuleResult } from './proof/rule.ts';
