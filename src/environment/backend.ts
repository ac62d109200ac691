/**
 * Where the state of an environment lies. The target's is derived from the source's so that the two never share one:
 * a plan against the source's state would replace what the source runs on.
 */
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { setHclAttributes, setJsonMembers } from '../hcl/edit.ts';
import { parseJsonSource } from '../hcl/json-source.ts';
import type { HclParser } from '../hcl/parser.ts';
import { lineEndOf } from '../hcl/text.ts';
import { literalValue, quote } from '../hcl/values.ts';
import type { BackendDeclaration } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import { backendFileLayouts, fill, isFile, stateFileLayouts } from './layouts.ts';
import type { EnvironmentBackend } from './model.ts';
import type { Rename } from './rename.ts';
import { readTextFile } from './text-file.ts';

export interface BackendRequest {
  readonly moduleDir: string;
  /** `Declarations.backend`. */
  readonly declaration: BackendDeclaration | null;
  readonly config: Config;
  readonly hcl: HclParser;
}

type Kind = EnvironmentBackend['kind'];
type Settings = Readonly<Record<string, Json>>;

/** The setting that says which state it is, among all that the backend keeps. */
const identifying = { s3: 'key', local: 'path' } as const;

/** @throws ProvisionError `backend-unsupported` for kinds that we cannot keep apart yet */
export function backendKind(declaration: BackendDeclaration | null): Kind {
  if (declaration === null) return 'none';
  const { file, line, type } = declaration;
  if (type === 's3' || type === 'local') return type;
  const cloud = type === 'cloud' || type === 'remote';
  throw new ProvisionError('backend-unsupported', `The backend \`${type}\` is not supported yet.`, {
    where: { file, line },
    hint: cloud
      ? 'There every environment is a workspace of its own. Supported are `s3`, `local` and no backend block.'
      : 'Supported are `s3`, `local` and no backend block. To move the state: change the block and run `terraform init -migrate-state`.',
  });
}

interface FileSettings {
  readonly text: string;
  readonly settings: Settings;
}

async function readBackendFile(file: string, hcl: HclParser): Promise<FileSettings> {
  const text = await readTextFile(file, 'The backend file', 'backend-invalid');
  if (file.endsWith('.json')) {
    const { root } = parseJsonSource(text, file, 'backend-invalid');
    return { text, settings: isJsonObject(root.value) ? root.value : {} };
  }
  const parsed = hcl.parse(text, file, 'backend-invalid');
  const settings: [string, Json][] = [];
  for (const { line, name, value } of parsed.body.attributes) {
    const literal = literalValue(value, text);
    if (!literal) {
      throw new ProvisionError('backend-invalid', `The value of \`${name}\` is not a plain value.`, {
        where: { file, line },
        hint: 'A backend file cannot refer to anything. Texts stand in double quotes.',
      });
    }
    settings.push([name, literal.value]);
  }
  return { text, settings: Object.fromEntries(settings) };
}

/** The backend file of an environment and the layout it was found by. */
async function findBackendFile(
  request: BackendRequest,
  name: string,
  kind: Kind,
): Promise<{ readonly file: string; readonly layout: string } | null> {
  const { config, declaration, moduleDir } = request;
  if (kind === 'none') return null;
  const own = config.environments.overrides[name]?.backendFile;
  const configured = own ?? config.environments.backendFile;
  const layouts = configured === undefined ? backendFileLayouts : [configured];
  for (const layout of layouts) {
    const file = resolve(moduleDir, fill(layout, { env: name, type: declaration?.type ?? '' }));
    if (await isFile(file)) return { file, layout };
  }
  if (own === undefined) return null;
  throw new ProvisionError('backend-invalid', `The backend file of \`${name}\` does not exist.`, {
    where: { file: resolve(moduleDir, own) },
    hint: `Correct \`environments.overrides.${name}.backendFile\` in provision-env.config.*.`,
  });
}

const textOf = (settings: Settings, key: string): string | null => {
  const value = settings[key];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** What an environment's backend is made of, before it is put together. */
interface Parts {
  readonly kind: Kind;
  readonly file: string | null;
  readonly fileText: string | null;
  readonly fileExists: boolean;
  readonly fileSettings: Settings;
  readonly overrides: Readonly<Record<string, string>>;
  /** For `none` only: relative to the root module. */
  readonly stateFile: string | null;
}

function assemble(request: BackendRequest, name: string, parts: Parts): EnvironmentBackend {
  const { declaration, moduleDir } = request;
  const { file, fileExists, fileText, kind, overrides } = parts;
  const settings: Settings = { ...declaration?.settings, ...parts.fileSettings, ...overrides };
  const base = { kind, declaration, file, fileExists, fileText, overrides, settings };
  if (kind === 's3') {
    const bucket = textOf(settings, 'bucket');
    const key = textOf(settings, 'key');
    if (bucket === null || key === null) {
      throw new ProvisionError(
        'backend-invalid',
        `The backend \`s3\` of \`${name}\` has no \`${bucket === null ? 'bucket' : 'key'}\`.`,
        {
          where:
            file === null && declaration
              ? { file: declaration.file, line: declaration.line }
              : { file: file ?? moduleDir },
          hint: `Write it into a backend file such as \`envs/${name}/backend.hcl\`, or into provision-env.config.* under \`environments.overrides.${name}.backendConfig\`.`,
        },
      );
    }
    // Bucket and key alone: a region or endpoint that one side leaves to its defaults must not make one state look
    // like two.
    return { ...base, stateFile: null, location: `s3://${bucket}/${key.replace(/^\/+/, '')}` };
  }
  const path =
    kind === 'local'
      ? (textOf(settings, 'path') ?? 'terraform.tfstate')
      : (parts.stateFile ?? 'terraform.tfstate');
  const stateFile = resolve(moduleDir, path);
  return { ...base, stateFile, location: `file://${stateFile}` };
}

async function existingStateFile(moduleDir: string, name: string): Promise<string | null> {
  for (const layout of stateFileLayouts) {
    if (await isFile(join(moduleDir, fill(layout, { env: name })))) return layout;
  }
  return null;
}

/**
 * The backend of an environment that exists.
 * @throws ProvisionError `backend-unsupported`, or `backend-invalid` if a setting is missing or a file broken
 */
export async function readBackend(request: BackendRequest, name: string): Promise<EnvironmentBackend> {
  const kind = backendKind(request.declaration);
  const found = await findBackendFile(request, name, kind);
  const read = found && (await readBackendFile(found.file, request.hcl));
  const layout = kind === 'none' ? await existingStateFile(request.moduleDir, name) : null;
  return assemble(request, name, {
    kind,
    file: found?.file ?? null,
    fileText: read?.text ?? null,
    fileExists: found !== null,
    fileSettings: read?.settings ?? {},
    overrides: request.config.environments.overrides[name]?.backendConfig ?? {},
    stateFile: layout && fill(layout, { env: name }),
  });
}

/** The source's key or path under the target's name; beside it, in a folder of its own, where no name is in it. */
function derivedKey(source: string, rename: Rename): string {
  const renamed = rename.apply(source);
  if (renamed !== source) return renamed;
  const folder = posix.dirname(source);
  return posix.join(folder === '.' ? '' : folder, rename.target, posix.basename(source));
}

/** The source's backend file with another key, and a header that says where it comes from. */
function derivedFileText(
  source: { readonly file: string; readonly text: string },
  target: { readonly shown: string; readonly setting: string; readonly value: string },
  hcl: HclParser,
): string {
  const { file, text } = source;
  if (file.endsWith('.json')) {
    return setJsonMembers(
      parseJsonSource(text, file, 'backend-invalid'),
      new Map([[target.setting, target.value]]),
    );
  }
  const lineEnd = lineEndOf(text);
  const header = `# ${target.shown}${lineEnd}# Created from: ${basename(dirname(file))}/${basename(file)}${lineEnd}${lineEnd}`;
  const edited = setHclAttributes(
    hcl.parse(text, file, 'backend-invalid'),
    new Map([[target.setting, quote(target.value)]]),
  );
  return header + edited.replace(/^\uFEFF/, '').replace(ownHeader, '');
}

/** Our header on a file that is the source of another. */
const ownHeader = /^# [^\r\n]+\r?\n# Created from: [^\r\n]+\r?\n\r?\n/;

/**
 * The backend of a target. What is there already is used as it is, even where it leads to the source's state: it is
 * for the rule `state-own` to say so.
 */
export async function deriveBackend(
  request: BackendRequest,
  source: EnvironmentBackend,
  rename: Rename,
): Promise<EnvironmentBackend> {
  const { config, declaration, hcl, moduleDir } = request;
  const { kind } = source;
  const name = rename.target;
  const given = config.environments.overrides[name]?.backendConfig ?? {};

  if (kind === 'none') {
    const layout = (await existingStateFile(moduleDir, rename.source)) ?? 'terraform.tfstate';
    const own = layout.includes('{env}') ? layout : 'terraform.{env}.tfstate';
    const none = { kind, file: null, fileText: null, fileExists: false, fileSettings: {}, overrides: {} };
    return assemble(request, name, { ...none, stateFile: fill(own, { env: name }) });
  }

  const existing = await findBackendFile(request, name, kind);
  if (existing) {
    const { settings, text } = await readBackendFile(existing.file, hcl);
    return assemble(request, name, {
      kind,
      file: existing.file,
      fileText: text,
      fileExists: true,
      fileSettings: settings,
      overrides: given,
      stateFile: null,
    });
  }

  const setting = identifying[kind];
  const sourceKey = textOf(source.settings, setting) ?? 'terraform.tfstate';
  const key =
    given[setting] ??
    (kind === 'local' ? derivedPath(moduleDir, sourceKey, rename) : derivedKey(sourceKey, rename));
  const layout = (await findBackendFile(request, rename.source, kind))?.layout;
  const file = layout?.includes('{env}')
    ? resolve(moduleDir, fill(layout, { env: name, type: declaration?.type ?? '' }))
    : null;
  if (source.file === null || source.fileText === null || file === null) {
    // No file to derive one from, or one for all environments: it is given again, with the key beside it.
    return assemble(request, name, {
      kind,
      file: source.file,
      fileText: source.fileText,
      fileExists: source.fileExists,
      fileSettings: source.file === null ? {} : (await readBackendFile(source.file, hcl)).settings,
      overrides: { ...withoutSetting(source.overrides, setting), ...given, [setting]: key },
      stateFile: null,
    });
  }
  const shown = posix.join(basename(moduleDir), relative(moduleDir, file).replaceAll('\\', '/'));
  const read = await readBackendFile(source.file, hcl);
  return assemble(request, name, {
    kind,
    file,
    fileText: derivedFileText({ file: source.file, text: read.text }, { shown, setting, value: key }, hcl),
    fileExists: false,
    fileSettings: { ...read.settings, [setting]: key },
    overrides: { ...withoutSetting(source.overrides, setting), ...given },
    stateFile: null,
  });
}

function withoutSetting(
  settings: Readonly<Record<string, string>>,
  name: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name));
}

/** Of an absolute path only the end is renamed: `/home/dev/…` does not belong to the environment dev. */
function derivedPath(moduleDir: string, path: string, rename: Rename): string {
  if (!isAbsolute(path)) return derivedKey(path.replaceAll('\\', '/'), rename);
  const inside = relative(moduleDir, path);
  const base = inside.startsWith('..') || isAbsolute(inside) ? dirname(dirname(path)) : moduleDir;
  return resolve(base, derivedKey(relative(base, path).replaceAll('\\', '/'), rename));
}
