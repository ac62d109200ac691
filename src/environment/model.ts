import type { BackendDeclaration } from '../terraform/model.ts';
import type { Json } from '../transfer/json.ts';
import type { StateLocation } from '../transfer/record.ts';

/** Where the state of one environment lies, and how Terraform is told so. */
export interface EnvironmentBackend {
  readonly kind: 's3' | 'local' | 'none';
  /** The backend block of the root module; `null` for `none`. */
  readonly declaration: BackendDeclaration | null;
  /** File given as `-backend-config`, absolute; `null` if there is none. */
  readonly file: string | null;
  /** Its text: read from the file, or to be written to it. */
  readonly fileText: string | null;
  /** False if the file has still to be written. */
  readonly fileExists: boolean;
  /** Settings given as `-backend-config=key=value` beside the file. */
  readonly overrides: Readonly<Record<string, string>>;
  /** All settings together: block, file, overrides. */
  readonly settings: Readonly<Record<string, Json>>;
  /** For `local` and `none`: the state file, absolute. For `none` it is given as `-state`. */
  readonly stateFile: string | null;
  /** One comparable text. Two environments with the same location share a state. */
  readonly location: StateLocation;
}

/** The files of one environment. */
export interface EnvironmentFiles {
  readonly name: string;
  /** Absolute. */
  readonly varFile: string;
  /** False if it has still to be written. */
  readonly varFileExists: boolean;
  /** Which layout it was found by, for example `terraform.<env>.tfvars`. */
  readonly layout: string;
  readonly backend: EnvironmentBackend;
}

/** A folder with a Terraform root module and one var-file per environment. */
export interface Project {
  /** Absolute folder of the project, where `.provision-env/` lies. */
  readonly root: string;
  /** Absolute folder of the root module. */
  readonly moduleDir: string;
  /** False where there is no Terraform: then `moduleDir` is the root, and only the direct engine works. */
  readonly hasModule: boolean;
  /** Variable that names the environment. */
  readonly environmentVariable: string;
  /** Names of the environments that have a var-file. */
  readonly environments: readonly string[];
}
