/** What an environment costs: one that exists from its state, any other from a plan. Changes nothing. */
import type { CostDetails } from '../cost/model.ts';
import { findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles } from '../environment/model.ts';
import { checkExistingName, checkTransferNames } from '../environment/names.ts';
import { fromState, managedIn } from '../proof/target.ts';
import type { StateModel } from '../terraform/model.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { Finding } from '../transfer/finding.ts';
import { priceResources, type PriceChoice } from './costs.ts';
import { openTransfer, type OpenDependencies } from './open.ts';
import { planUntilMapped } from './provision.ts';
import { readStateOf } from './read-environment.ts';
import { stateLiesIn } from '../proof/place.ts';
import { regionOf } from './region.ts';

export interface CostRequest {
  readonly environment: string;
  /** `--from`; absent: what the record says, or the default. */
  readonly from?: string | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly keepLogRetention: boolean;
  readonly max?: number | undefined;
  readonly prices?: PriceChoice | undefined;
}

export interface EnvironmentCost {
  readonly environment: string;
  /** What the delta is reckoned against; `null` where there is nothing to compare with. */
  readonly source: string | null;
  readonly basis: 'state' | 'plan';
  /** `null` where there is nothing to price: something kept Terraform from planning. */
  readonly details: CostDetails | null;
  readonly findings: readonly Finding[];
}

/** @throws ProvisionError for what makes a state unreadable or a plan impossible */
export async function costOfEnvironment(
  request: CostRequest,
  dependencies: OpenDependencies,
): Promise<EnvironmentCost> {
  const { environment } = request;
  const { config, store } = dependencies;
  checkExistingName(environment);
  const state = await stateIfThere(environment, dependencies);
  if (state === null) return costOfPlan(request, dependencies);

  const record = await store.readRecord(environment);
  const named = request.from ?? record?.source;
  const source = named ?? (config.defaultSource === environment ? null : config.defaultSource);
  const sourceState =
    source === null
      ? null
      : named === undefined
        ? await stateIfThere(source, dependencies)
        : await readStateOf(await filesOf(source, dependencies), dependencies);
  const own = record?.place ?? stateLiesIn(state);
  dependencies.host.notify({ type: 'place', source, target: environment, place: own });
  const { details, findings } = await priceResources({
    subject: environment,
    target: managedIn(state).map((resource) => fromState(resource)),
    ...(sourceState === null
      ? {}
      : { source: managedIn(sourceState).map((resource) => fromState(resource)) }),
    region: record?.place?.region ?? regionOf(state, record),
    costs: config.costs,
    prices: request.prices,
    max: request.max,
    signal: dependencies.signal,
    notify: (event) => dependencies.host.notify(event),
  });
  return {
    environment,
    source: sourceState === null ? null : source,
    basis: 'state',
    details,
    findings,
  };
}

const filesOf = (name: string, { project, config }: OpenDependencies): Promise<EnvironmentFiles> =>
  findEnvironment(project, name, config);

/** `null` where the environment has no var-file yet, or nothing was applied. */
async function stateIfThere(name: string, dependencies: OpenDependencies): Promise<StateModel | null> {
  let files: EnvironmentFiles;
  try {
    files = await filesOf(name, dependencies);
  } catch (error) {
    if (isProvisionError(error) && error.code === 'environment-not-found') return null;
    throw error;
  }
  const state = await readStateOf(files, dependencies);
  return state !== null && managedIn(state).length > 0 ? state : null;
}

async function costOfPlan(
  { environment, from, set, keepLogRetention, max, prices }: CostRequest,
  dependencies: OpenDependencies,
): Promise<EnvironmentCost> {
  const source = from ?? dependencies.config.defaultSource;
  checkTransferNames(source, environment);
  const transfer = await openTransfer(
    {
      command: 'cost',
      target: environment,
      source,
      set,
      accept: [],
      keepLogRetention,
      planOnly: true,
      maxMonthly: max,
      prices,
    },
    dependencies,
  );
  try {
    const { context } = transfer;
    const { map } = await planUntilMapped(context);
    return {
      environment,
      source,
      basis: 'plan',
      // A name that does not fit keeps Terraform from planning.
      details: map ? { cost: map.cost, reasons: new Map(Object.entries(map.unpriced ?? {})) } : null,
      findings: context.findings,
    };
  } finally {
    await transfer.close();
  }
}
