/** The state of the source: what Terraform manages of it, and what the direct engine sees of it in the account. */
import type { StateModel } from '../terraform/model.ts';
import { emptyState } from '../terraform/empty-state.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { once } from '../transfer/once.ts';
import type { TransferRequest } from './context.ts';
import type { DirectEngine } from './direct.ts';
import { mergeStates } from './mixed-workspace.ts';

export interface SourceState {
  /** As it was when the transfer began; read once. Empty where it cannot be read, and a person has said to go on. */
  first(): Promise<StateModel>;
  /** The same, where nobody may take an unreadable one for empty. */
  strictly(): Promise<StateModel>;
  /** As it is now, to see whether anybody touched the source. */
  again(): Promise<StateModel>;
}

export interface SourceReaders {
  /** What Terraform manages, as it was when the transfer began; `null` where there is no Terraform. */
  readonly managed: () => Promise<StateModel | null>;
  /** Reads it anew. */
  readonly readManaged: () => Promise<StateModel | null>;
  readonly direct: DirectEngine | null;
}

/** Both throw ProvisionError `state-empty` for a source that holds nothing, unless the request says it may. */
export function openSourceState(
  request: TransferRequest,
  { managed, readManaged, direct }: SourceReaders,
): SourceState {
  const joined = async (
    state: Promise<StateModel | null>,
    live: Promise<StateModel> | undefined,
  ): Promise<StateModel> => {
    const [fromTerraform, fromAccount] = await Promise.all([state, live ?? null]);
    return notEmpty(request, mergeStates(fromTerraform, fromAccount));
  };
  const strictly = once(() => joined(managed(), direct?.source()));
  return {
    strictly,
    first: request.sourceMayBeUnreadable
      ? once(() => strictly().catch((): StateModel => emptyState))
      : strictly,
    again: () => joined(readManaged(), direct?.sourceAgain()),
  };
}

function notEmpty({ source: name, sourceMayBeEmpty }: TransferRequest, state: StateModel | null): StateModel {
  const managed = state?.resources.filter(({ mode }) => mode === 'managed').length ?? 0;
  if (state !== null && managed > 0) return state;
  if (sourceMayBeEmpty) return state ?? emptyState;
  throw new ProvisionError(
    'state-empty',
    `The state of ${name} holds no resources: there is nothing to clone.`,
    {
      hint: `Apply ${name} first, or name another source with from=<environment>. If its state lies elsewhere, say so in provision-env.config.* under environments.overrides.${name}.`,
    },
  );
}
