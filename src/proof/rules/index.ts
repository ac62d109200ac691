/** Every rule, in the order in which reports show them: what would destroy first, what merely stays behind last. */
import type { Rule } from '../rule.ts';
import { accountExpected } from './account-expected.ts';
import { contractEnvironmentKeys } from './contract-environment-keys.ts';
import { contractHandler } from './contract-handler.ts';
import { contractPolicy } from './contract-policy.ts';
import { contractResources } from './contract-resources.ts';
import { credentialIsolated } from './credential-isolated.ts';
import { identityFree } from './identity-free.ts';
import { localExec } from './local-exec.ts';
import { nameFits } from './name-fits.ts';
import { noReferenceToSource } from './no-reference-to-source.ts';
import { planCreatesOnly } from './plan-creates-only.ts';
import { reversible } from './reversible.ts';
import { sharedReadOnly } from './shared-read-only.ts';
import { sourceUntouched } from './source-untouched.ts';
import { stateOwn } from './state-own.ts';

export const rules: readonly Rule[] = [
  accountExpected,
  stateOwn,
  planCreatesOnly,
  sourceUntouched,
  identityFree,
  noReferenceToSource,
  credentialIsolated,
  sharedReadOnly,
  contractEnvironmentKeys,
  contractHandler,
  contractPolicy,
  contractResources,
  nameFits,
  localExec,
  reversible,
];
