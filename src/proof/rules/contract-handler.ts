/** The target runs the same code in the same way as the source. */
import { isUnset, valueAt } from '../../terraform/types/paths.ts';
import type { Finding } from '../../transfer/finding.ts';
import type { Json } from '../../transfer/json.ts';
import type { Pair } from '../counterparts.ts';
import { containersOf, containerTexts, imageWithoutVersion, runsCode } from '../functions.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { shapeSays, shown } from '../values.ts';

const id = 'contract-handler';
const hint = 'Give both environments the same, or let a variable of the var-file say that they differ.';

const attributes = [
  'handler',
  'runtime',
  'package_type',
  'architectures',
  'image_uri',
  'image_config.0.command',
  'image_config.0.entry_point',
  'image_config.0.working_directory',
] as const;

const ofContainers = ['image', 'command', 'entryPoint', 'workingDirectory'] as const;

interface Setting {
  readonly name: string;
  /** Dotted path of the declaration that it comes from. */
  readonly declared: string;
  readonly source: Json | undefined;
  readonly target: Json | undefined;
}

function settings({ source, target }: Pair, undecided: string[]): Setting[] {
  const found: Setting[] = [];
  for (const path of attributes) {
    const before = valueAt(source.values, path);
    const declared = path.replaceAll('.0.', '.');
    if (shapeSays(target.unknown, path.split('.'))) {
      if (!isUnset(before)) undecided.push(`${target.address}.${declared}`);
      continue;
    }
    found.push({ name: declared, declared, source: before, target: valueAt(target.values, path) });
  }
  const open = containerTexts.filter((path) => shapeSays(target.unknown, [path]));
  if (open.length > 0) undecided.push(...open.map((path) => `${target.address}.${path}`));
  else {
    const after = new Map(containersOf(target.values).map(({ name, definition }) => [name, definition]));
    const declared =
      containerTexts.find((path) => typeof source.values[path] === 'string') ?? containerTexts[0];
    for (const { name, definition } of containersOf(source.values)) {
      const other = after.get(name);
      if (!other) found.push({ name: `container ${name}`, declared, source: name, target: null });
      else {
        for (const key of ofContainers) {
          found.push({ name: `${key} of ${name}`, declared, source: definition[key], target: other[key] });
        }
      }
    }
  }
  return found;
}

/** One text for a value, in which the same is equal on both sides. */
function form(name: string, value: Json | undefined, translate: (text: string) => string): string {
  if (value === undefined || isUnset(value)) return '';
  if (typeof value !== 'string') return translate(JSON.stringify(value));
  return translate(name.startsWith('image') ? imageWithoutVersion(value) : value);
}

const words = (value: Json | undefined): string =>
  value === undefined || isUnset(value)
    ? 'nothing'
    : shown(typeof value === 'string' ? value : JSON.stringify(value));

function judge(pair: Pair, setting: Setting, input: ProofInput, index: ProofIndex): Finding | undefined {
  const { source, target } = setting;
  if (
    form(setting.name, source, index.translator.ofSource) ===
    form(setting.name, target, index.translator.ofTarget)
  ) {
    return undefined;
  }
  const declaration = index.expressions.declaration(pair.target);
  const inputs =
    declaration && index.expressions.attribute(pair.target.modulePath, declaration, setting.declared);
  const variable = inputs && index.explanation(inputs);
  const message = `${pair.target.address}: ${setting.name} is ${words(target)}, in ${input.source.name} it is ${words(source)}`;
  const where = declaration
    ? ` (${index.place(declaration.file, declaration.attributes[setting.declared]?.line ?? declaration.line)})`
    : '';
  return variable === undefined
    ? {
        rule: id,
        severity: 'error',
        subject: pair.target.address,
        message: `${message}, and no variable says so.`,
        hint: `Give both the same ${setting.name}${where}, or let a variable of the var-file say that they differ. If the configuration is ahead of ${input.source.name}, apply it there first, or accept this finding.`,
      }
    : {
        rule: id,
        severity: 'info',
        subject: pair.target.address,
        message: `${message}: var.${variable} says so.`,
        hint: `Nothing to do if that is meant; else give var.${variable} the same value on both sides.`,
      };
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  let judged = 0;
  for (const pair of index.pairing.pairs) {
    if (!runsCode(pair.source, input.types)) continue;
    judged += 1;
    for (const setting of settings(pair, undecided)) {
      const finding = judge(pair, setting, input, index);
      if (finding) findings.push(finding);
    }
  }
  return { findings, judged, undecided };
}

export const contractHandler: Rule = {
  id,
  protects: 'The target runs the code that the source runs.',
  decides:
    'Compares handler, runtime, kind of package, architectures, command and image (without its version) of every function and container. A difference that a variable with differing values explains is only told.',
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
