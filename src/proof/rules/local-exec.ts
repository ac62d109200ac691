/** What runs a program on this machine is outside of what any plan can show. */
import type { Finding } from '../../transfer/finding.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';

const id = 'local-exec';
const hint =
  'Read the command before you go on: nothing here can tell what it does, or to which environment. Better replace it by a resource.';

function check({ target }: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  let judged = 0;
  for (const resource of index.target.managed) {
    if (resource.action !== 'create' && resource.action !== 'replace') continue;
    const declaration = index.expressions.declaration(resource);
    judged += 1;
    if (declaration === undefined) continue;
    for (const { type, line } of declaration.provisioners) {
      const local = type === 'local-exec';
      findings.push({
        rule: id,
        severity: local ? 'warning' : 'info',
        subject: resource.address,
        message: `Creating ${resource.address} runs a ${type} provisioner (${index.place(declaration.file, line)}) ${local ? 'on this machine' : `on what ${target.name} makes`}.`,
        hint,
      });
    }
  }
  for (const resource of index.target.data) {
    if (resource.type !== 'external') continue;
    judged += 1;
    findings.push({
      rule: id,
      severity: 'warning',
      subject: resource.address,
      message: `${resource.address} runs a program on this machine whenever Terraform plans.`,
      hint,
    });
  }
  return { findings, judged };
}

export const localExec: Rule = {
  id,
  protects: 'Nothing runs on this machine without being noticed.',
  decides: 'Warns of provisioners of what would be created, and of the data source `external`.',
  hint,
  phases: ['before-apply'],
  check,
};
