/** What functions, containers and jobs run, and with which settings. */
import type { Pair } from '../proof/counterparts.ts';
import { containersOf, imageWithoutVersion, runsCode } from '../proof/functions.ts';
import { isUnset, valueAt } from '../terraform/types/paths.ts';
import type { Json, JsonObject } from '../transfer/json.ts';
import type { Comparison, Difference, DiffInput, DiffNote } from './model.ts';
import type { Sameness } from './sameness.ts';

interface Setting {
  readonly path: string;
  readonly title: string;
  /** Its order says nothing. */
  readonly isSet?: boolean;
}

const settings: readonly Setting[] = [
  { path: 'package_type', title: 'package type' },
  { path: 'handler', title: 'handler' },
  { path: 'runtime', title: 'runtime' },
  { path: 'image_uri', title: 'image' },
  { path: 'image_config.0.command', title: 'image command' },
  { path: 'image_config.0.entry_point', title: 'image entry point' },
  { path: 'image_config.0.working_directory', title: 'image working directory' },
  { path: 'memory_size', title: 'memory' },
  { path: 'timeout', title: 'timeout' },
  { path: 'architectures', title: 'architecture', isSet: true },
  { path: 'layers', title: 'layers' },
  { path: 'vpc_config.0.subnet_ids', title: 'VPC subnets', isSet: true },
  { path: 'vpc_config.0.security_group_ids', title: 'VPC security groups', isSet: true },
  { path: 'ephemeral_storage.0.size', title: 'ephemeral storage' },
  { path: 'reserved_concurrent_executions', title: 'reserved concurrency' },
  { path: 'role', title: 'role' },
  { path: 'tracing_config.0.mode', title: 'tracing' },
  { path: 'dead_letter_config.0.target_arn', title: 'dead-letter target' },
  { path: 'file_system_config.0.arn', title: 'file system' },
  { path: 'snap_start.0.apply_on', title: 'SnapStart' },
  // Of task definitions.
  { path: 'cpu', title: 'CPU' },
  { path: 'memory', title: 'memory' },
  { path: 'network_mode', title: 'network mode' },
  { path: 'requires_compatibilities', title: 'compatibilities', isSet: true },
  { path: 'task_role_arn', title: 'task role' },
  { path: 'execution_role_arn', title: 'execution role' },
];

const ofContainers: readonly Setting[] = [
  { path: 'image', title: 'image' },
  { path: 'command', title: 'command' },
  { path: 'entryPoint', title: 'entry point' },
  { path: 'workingDirectory', title: 'working directory' },
  { path: 'cpu', title: 'CPU' },
  { path: 'memory', title: 'memory' },
  { path: 'memoryReservation', title: 'memory reservation' },
];

const textOf = (value: Json | undefined): string =>
  value === undefined || isUnset(value) ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** One text for a value; where the order says nothing, in an order of its own after the translation. */
function form(
  value: Json | undefined,
  { path, isSet = false }: Setting,
  translate: (text: string) => string,
): string {
  if (value === undefined || isUnset(value)) return '';
  if (isSet && Array.isArray(value)) return JSON.stringify(value.map(textOf).map(translate).sort());
  const text = textOf(value);
  return translate(path.startsWith('image_uri') || path === 'image' ? imageWithoutVersion(text) : text);
}

interface Compare {
  readonly subject: string;
  /** `container web`, or nothing for the function itself. */
  readonly within: string | null;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly hidden: (path: string) => boolean;
}

export function compareFunctions(input: DiffInput, sameness: Sameness): Comparison {
  const { proof, index } = input;
  const { translator } = sameness;
  const [a, b] = [proof.source.name, proof.target.name];
  const differences: Difference[] = [];
  const notes: DiffNote[] = [];
  let compared = 0;

  const shown = (value: Json | undefined): string | null => {
    const text = textOf(value);
    return text === '' ? null : input.shown(text);
  };
  const add = (
    compare: Pick<Compare, 'subject' | 'within'>,
    title: string,
    before: string | null,
    after: string | null,
    isHidden: boolean,
    explanation: string | null,
    leaning: string | null,
  ): void => {
    const what = compare.within === null ? title : `${title} of ${compare.within}`;
    const say = (value: string | null): string => (isHidden ? 'something else' : (value ?? 'nothing'));
    differences.push({
      kind: 'function',
      change: leaning === null ? 'different' : 'not-own',
      subject: compare.subject,
      what,
      a: isHidden ? null : before,
      b: isHidden ? null : after,
      message:
        leaning === null
          ? `${compare.subject}: ${what} is ${say(after)} in ${b}, ${say(before)} in ${a}`
          : `${compare.subject}: ${what} of ${b} is ${leaning}`,
      explanation,
    });
  };
  const explain = (pair: Pair, path: string): string | null => {
    const declaration = index.expressions.declaration(pair.target);
    if (!declaration) return null;
    const inputs = index.expressions.attribute(
      pair.target.modulePath,
      declaration,
      path.replaceAll('.0.', '.'),
    );
    const variable = index.explanation(inputs);
    return variable === undefined ? null : `var.${variable} differs`;
  };
  const compareSettings = (list: readonly Setting[], compare: Compare, pair: Pair): void => {
    for (const setting of list) {
      const [before, after] = [valueAt(compare.before, setting.path), valueAt(compare.after, setting.path)];
      const equal = form(before, setting, translator.ofSource) === form(after, setting, translator.ofTarget);
      const leaning = equal ? sameness.leansOn(textOf(after)) : null;
      if (equal && leaning === null) continue;
      const path = compare.within === null ? setting.path : 'container_definitions';
      const explanation = explain(pair, path);
      const isHidden = compare.hidden(setting.path);
      add(compare, setting.title, shown(before), shown(after), isHidden, explanation, leaning);
    }
  };

  for (const pair of index.pairing.pairs) {
    if (!runsCode(pair.source, proof.types)) continue;
    compared += 1;
    const { source, target } = pair;
    const subject = target.address;
    const isSensitive = (path: string): boolean => {
      const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      return (
        target.isSensitive(keys) ||
        source.sensitivePaths.some((marked) => path === marked || path.startsWith(`${marked}.`))
      );
    };
    const whole = { subject, within: null, before: source.values, after: target.values, hidden: isSensitive };
    compareSettings(settings, whole, pair);
    const others = new Map(containersOf(target.values).map((one) => [one.name, one.definition]));
    for (const { name, definition } of containersOf(source.values)) {
      const after = others.get(name);
      others.delete(name);
      const within = `the container ${name}`;
      if (!after) add({ subject, within: null }, within, name, null, false, null, null);
      else {
        const hidden = (): boolean =>
          isSensitive('container_definitions') || isSensitive('container_properties');
        compareSettings(ofContainers, { subject, within, before: definition, after, hidden }, pair);
      }
    }
    for (const name of others.keys())
      add({ subject, within: null }, `the container ${name}`, null, name, false, null, null);
    const note = codeNote(source.values, target.values);
    if (note !== null) notes.push({ subject, message: note });
  }
  return { differences, notes, compared };
}

/** Another version of the code is what environments are made for: worth knowing, and no difference of settings. */
function codeNote(before: JsonObject, after: JsonObject): string | null {
  const [image, otherImage] = [textOf(before['image_uri']), textOf(after['image_uri'])];
  if (image !== otherImage && imageWithoutVersion(image) === imageWithoutVersion(otherImage))
    return `it runs another version of the image: ${versionOf(image)} and ${versionOf(otherImage)}`;
  const hash = (values: JsonObject): string =>
    textOf(values['code_sha256']) || textOf(values['source_code_hash']);
  const [one, other] = [hash(before), hash(after)];
  return one !== '' && other !== '' && one !== other ? 'it runs another version of the code' : null;
}

const versionOf = (image: string): string => image.slice(imageWithoutVersion(image).length + 1) || 'latest';
