/** What `doctor` says of the account: where a run for an environment that stands would act, and whether that is right. */
import type { Config } from '../config/schema.ts';
import { accountOf } from '../environment/accounts.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { readVarFile } from '../environment/var-file.ts';
import { createHclParser } from '../hcl/parser.ts';
import { stateLiesIn } from '../proof/place.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import type { StateModel } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { placeText } from '../transfer/place.ts';
import { findPlace } from './place.ts';
import { providerPlaceOf, usesAws } from './provider-of.ts';

/**
 * @param state of the environment; `null` where it is not known
 * @returns one line
 * @throws ProvisionError `place-mismatch`, or what kept the account from being asked
 */
export async function lookForAccount(
  project: Project,
  config: Pick<Config, 'accounts' | 'environments'>,
  { name, varFile }: EnvironmentFiles,
  state: StateModel | null,
): Promise<string> {
  const hcl = await createHclParser();
  const declared = await readDeclarations(project.moduleDir, { hcl });
  if (!usesAws({ project, declared })) return 'nothing of the project lies in AWS';
  const { text } = await readVarFile(varFile, { hcl });
  const provider = await providerPlaceOf({ path: varFile, text }, { project, declared, hcl });
  const { place, clients } = await findPlace(provider);
  clients.close();
  const { facts, failure, untold, accountBy } = place;
  if (facts.account === null) {
    if (failure !== null) throw failure;
    throw new ProvisionError(
      'place-mismatch',
      `Where ${name} is acted in cannot be told: ${untold.account ?? ''}.`,
    );
  }
  const configured = accountOf(name, config);
  const wanted = configured?.id ?? (state === null ? null : stateLiesIn(state).account);
  const by = configured === null ? `what the state of ${name} says` : `\`accounts.${configured.key}\``;
  if (wanted === null) return `${placeText(facts)}; nothing says where ${name} lies`;
  if (wanted === facts.account) return `${placeText(facts)}, as ${by}`;
  throw new ProvisionError(
    'place-mismatch',
    `A run would act in ${placeText(facts)}; ${by}: account ${wanted}.`,
    { hint: `Use credentials, a profile or a role of account ${wanted}; now ${accountBy}.` },
  );
}
