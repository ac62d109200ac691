/**
 * Terraform for one environment: its own data folder, its own backend, and a private folder for what holds secrets.
 * Until a person has said yes, the var-file and the backend file of the target exist only there.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EnvironmentBackend } from '../environment/model.ts';
import type { PlanModel, StateModel } from '../terraform/model.ts';
import type { ApplyResult, Terraform } from '../terraform/runner.ts';
import type { PrivateFolder } from '../tools/private-folder.ts';

export interface WorkspaceFiles {
  readonly varFile: { readonly path: string; readonly exists: boolean; readonly text: string };
  readonly backend: EnvironmentBackend;
}

/** What came of an apply, whichever engine did it. */
export interface Applied extends Omit<ApplyResult, 'failed'> {
  /** The address is '' where a complaint is about no resource. */
  readonly failed: readonly { readonly address: string; readonly message: string }[];
}

export interface Workspace {
  /** Starts `init` if it has not been started. */
  init(): Promise<void>;
  /** Plans once; later calls get the same plan. */
  plan(): Promise<PlanModel>;
  /** Plans anew, with what has changed since. */
  replan(): Promise<PlanModel>;
  /** Applies the plan that `plan` returned last, and no other. */
  apply(): Promise<Applied>;
  /**
   * Plans the removal of everything in the state, anew each time. `apply` applies it.
   *
   * @param only of these addresses, and what depends on them
   */
  planDestroy(only?: readonly string[]): Promise<PlanModel>;
  /** The target's state as it stands now; `null` if there is none. */
  state(): Promise<StateModel | null>;
  /** What a run that was killed may have made unrecorded: it is known by its mark when it is made again. */
  begun(): Promise<ReadonlySet<string>>;
  forget(addresses: readonly string[]): Promise<void>;
  /** Takes something that is there into the state, under an address of the configuration. */
  adopt(address: string, importId: string): Promise<void>;
  /** Removes the private folder with the plan file. */
  close(): Promise<void>;
}

/** @param folder private to this run; removed by `close` */
export function createWorkspace(
  terraform: Terraform,
  files: WorkspaceFiles,
  folder: PrivateFolder,
): Workspace {
  const planFile = join(folder.path, 'plan.tfplan');
  const stateFile = files.backend.kind === 'none' ? (files.backend.stateFile ?? undefined) : undefined;
  let initialised: Promise<void> | undefined;
  let planned: Promise<PlanModel> | undefined;

  const draft = async (path: string, text: string, exists: boolean): Promise<string> => {
    if (exists) return path;
    const drafts = join(folder.path, 'drafts');
    await mkdir(drafts, { recursive: true });
    const file = join(drafts, basename(path));
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };

  // Terraform is given the backend's settings from a draft as long as the file is not written.
  const init = (): Promise<void> => (initialised ??= terraform.init({ backend: files.backend }));
  const varFile = (): Promise<string> => draft(files.varFile.path, files.varFile.text, files.varFile.exists);
  const stateOption = stateFile === undefined ? {} : { stateFile };

  return {
    init,
    plan() {
      planned ??= (async () => {
        await init();
        await terraform.plan({ varFile: await varFile(), outFile: planFile, ...stateOption });
        return terraform.showPlan(planFile);
      })();
      return planned;
    },
    replan() {
      planned = undefined;
      return this.plan();
    },
    async apply() {
      const { failed, ...rest } = await terraform.apply({ planFile, ...stateOption });
      return {
        ...rest,
        failed: failed.map(({ address, diagnostic }) => ({ address, message: diagnostic.message })),
      };
    },
    async planDestroy(targets = []) {
      await init();
      await terraform.plan({
        varFile: await varFile(),
        outFile: planFile,
        destroy: true,
        targets,
        ...stateOption,
      });
      return terraform.showPlan(planFile);
    },
    async state() {
      await init();
      return terraform.statePull(stateOption);
    },
    // Terraform's state tells.
    begun: () => Promise.resolve(new Set()),
    async forget(addresses) {
      if (addresses.length > 0) await terraform.stateRemove(addresses, stateOption);
    },
    async adopt(address, id) {
      await init();
      await terraform.importResource({ address, id, varFile: await varFile(), ...stateOption });
    },
    close: () => folder.remove(),
  };
}
