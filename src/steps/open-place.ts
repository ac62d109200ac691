/** Finds the place of a transfer once, and keeps the clients that act in it. */
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import { accountOf } from '../environment/accounts.ts';
import type { EnvironmentFiles } from '../environment/model.ts';
import { readVarFile } from '../environment/var-file.ts';
import { type PlaceInput, recordLiesIn } from '../proof/place.ts';
import { emptyState } from '../terraform/empty-state.ts';
import type { StateModel } from '../terraform/model.ts';
import { byEnvironment } from '../terraform/provider-place.ts';
import { once } from '../transfer/once.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { TargetVarFile, TransferRequest } from './context.ts';
import { findPlace, type FindPlaceOptions, type FoundPlace } from './place.ts';
import { type ProviderOf, providerPlaceOf, usesAws } from './provider-of.ts';
import { placeInput } from './target-place.ts';

interface PlaceDependencies extends ProviderOf {
  readonly request: Pick<TransferRequest, 'target'>;
  readonly config: Config;
  readonly source: EnvironmentFiles;
  readonly varFile: TargetVarFile;
  readonly record: EnvironmentRecord | null;
  readonly sourceRecord: EnvironmentRecord | null;
  readonly signal: AbortSignal;
  readonly createClients?: FindPlaceOptions['open'] | undefined;
}

export interface OpenPlace {
  /** False where nothing of the project lies in AWS. */
  readonly inAws: boolean;
  find(): Promise<{ readonly place: FoundPlace; readonly clients: AwsClients }>;
  /** @param sourceState read only where nothing else says where the target is wanted */
  input(sourceState: () => Promise<StateModel>): Promise<PlaceInput | null>;
  /** @param otherwise the region, where the place has none */
  clients(otherwise: () => Promise<string | null>): Promise<AwsClients>;
  close(): Promise<void>;
}

export function openPlace(dependencies: PlaceDependencies): OpenPlace {
  const { request, config, source, varFile, record, sourceRecord, signal, createClients, project } =
    dependencies;
  const inAws = usesAws(dependencies);
  const provider = once(() => providerPlaceOf(varFile, dependencies));
  let asked = false;
  let other: AwsClients | undefined;
  const find = once(async () => {
    asked = true;
    return findPlace(await provider(), { signal, ...(createClients ? { open: createClients } : {}) });
  });
  return {
    inAws,
    find,
    async input(sourceState) {
      if (!inAws) return null;
      const sourceText = project.hasModule
        ? (await readVarFile(source.varFile, { hcl: dependencies.hcl })).text
        : '';
      const [{ place: found }, targetProvider, sourceProvider] = await Promise.all([
        find(),
        provider(),
        project.hasModule
          ? providerPlaceOf({ path: source.varFile, text: sourceText }, dependencies)
          : byEnvironment,
      ]);
      const isSaid =
        accountOf(request.target, config) !== null ||
        (record !== null && recordLiesIn(record).account !== null);
      return placeInput({
        config,
        target: request.target,
        sourceState: isSaid ? emptyState : await sourceState(),
        sourceProvider,
        targetProvider,
        found,
        record,
        sourceRecord,
      });
    },
    async clients(otherwise) {
      const { place, clients } = await find();
      if (place.outOfReach !== null) {
        throw new ProvisionError(
          'place-mismatch',
          `Nothing can be looked at in the account of ${request.target}: ${place.outOfReach}.`,
          {
            hint: 'Let the provider take its credentials from the environment, a profile, or assume_role with values.',
          },
        );
      }
      const region = place.facts.region === null ? await otherwise() : null;
      return region === null ? clients : (other ??= clients.with({ region }));
    },
    async close() {
      other?.close();
      if (asked) (await find().catch(() => undefined))?.clients.close();
    },
  };
}
