/** `docs/rules.md`, from the rules themselves. */
import type { Rule } from '../../src/proof/rule.ts';

const phases: Readonly<Record<Rule['phases'][number], string>> = {
  'before-apply': 'on the plan, before anything is changed',
  'after-apply': 'on what is there, after the apply',
};

function section({ id, protects, decides, hint, phases: when }: Rule): string {
  return [
    `## \`${id}\``,
    '',
    protects,
    '',
    `**How it decides.** ${decides}`,
    '',
    `**When.** ${when.map((phase) => phases[phase]).join('; ')}.`,
    '',
    `**What to change.** ${hint}`,
  ].join('\n');
}

export function renderRules(rules: readonly Rule[]): string {
  return [
    '# Rules',
    '',
    '<!-- Written by `npm run docs` from the rule files. Do not edit. -->',
    '',
    'Before anything is changed, and again afterwards, these rules read the state of the source, the plan or the state of',
    'the target, and the configuration. An error blocks the run: nothing is changed, and the exit code is 3. A person may',
    'overrule one finding with `--accept <rule>:<subject>`; the record says so.',
    '',
    'Values that are known only after the apply are judged by the expressions they come from, and again afterwards.',
    '',
    ...rules.map((rule) => `${section(rule)}\n`),
  ].join('\n');
}
