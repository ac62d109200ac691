/** An environment that is to be taken away again must be able to go, and to go wholly. */
import type { ResourceTypeFacts } from '../../terraform/types/facts.ts';
import { obstaclesOf } from '../../terraform/types/conditions.ts';
import { isLiveAddress } from '../../terraform/types/live.ts';
import { servicesLogGroups } from '../../terraform/types/log-groups.ts';
import type { Finding } from '../../transfer/finding.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import type { TargetResource } from '../target.ts';
import { shapeSays } from '../values.ts';

const id = 'reversible';
const hint = 'Make the setting depend on the environment, so that only environments that stay are protected.';

type Found = Omit<Finding, 'rule' | 'subject'>;

function obstacles(resource: TargetResource, facts: ResourceTypeFacts, undecided: string[]): Found[] {
  return obstaclesOf(facts, resource.values).flatMap((obstacle): Found[] => {
    if (obstacle.terraformOnly === true && isLiveAddress(resource.address)) return [];
    const keys = obstacle.attribute.split('.');
    if (shapeSays(resource.unknown, keys)) {
      undecided.push(`${resource.address}.${obstacle.attribute}`);
      return [];
    }
    // What may be in the way of any resource of its kind would drown what certainly is.
    const unlikely = obstacle.onlyIf !== undefined && facts.holdsData !== true;
    const certain = obstacle.effect === 'fails' ? 'error' : 'warning';
    return [
      {
        severity: unlikely ? 'info' : certain,
        message: `${facts.title} ${resource.address}: ${obstacle.what}.`,
        hint: obstacle.hint,
      },
    ];
  });
}

interface LogGroups {
  readonly names: ReadonlySet<string>;
  readonly someUnknown: boolean;
}

function declaredLogGroups(index: ProofIndex): LogGroups {
  const names = new Set<string>();
  let someUnknown = false;
  for (const { type, values } of index.target.managed) {
    if (type !== 'aws_cloudwatch_log_group') continue;
    const name = values['name'];
    if (typeof name === 'string') names.add(name);
    else someUnknown = true;
  }
  return { names, someUnknown };
}

function logGroups(
  resource: TargetResource,
  facts: ResourceTypeFacts,
  known: LogGroups,
  undecided: string[],
): Found[] {
  return servicesLogGroups(facts, resource.values).flatMap((name): Found[] => {
    if (known.names.has(name)) return [];
    if (known.someUnknown) {
      undecided.push(`${resource.address} (log group ${name})`);
      return [];
    }
    return [
      {
        severity: 'warning',
        message: `${facts.title} ${resource.address} makes the log group ${name} by itself: it keeps its logs for ever, and stays when the environment is destroyed.`,
        hint: isLiveAddress(resource.address)
          ? 'Give the log group of the source a retention: one that is there is copied with it. What stays is found by sweep.'
          : `Declare it as aws_cloudwatch_log_group with the name ${name} and a retention, and let ${resource.address} depend on it.`,
      },
    ];
  });
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  const known = declaredLogGroups(index);
  for (const resource of index.target.managed) {
    const facts = input.types.get(resource.type);
    const declaration = index.expressions.declaration(resource);
    const found = facts
      ? [...obstacles(resource, facts, undecided), ...logGroups(resource, facts, known, undecided)]
      : [];
    if (declaration?.preventDestroy === true) {
      found.push({
        severity: 'error',
        message: `${resource.address} has prevent_destroy = true (${index.place(declaration.file, declaration.line)}): Terraform refuses to destroy it, and everything else with it.`,
        hint: 'Terraform allows no variable there: move the resource to the configuration of what is shared, or use a setting of the service that can depend on the environment.',
      });
    }
    for (const one of found) {
      // What stays is meant to be hard to delete.
      const severity = input.target.protected ? 'info' : one.severity;
      findings.push({ ...one, rule: id, severity, subject: resource.address });
    }
  }
  return { findings, judged: index.target.managed.length, undecided };
}

export const reversible: Rule = {
  id,
  protects: 'The environment can be destroyed, and leaves nothing behind that costs or hinders.',
  decides:
    'Looks for settings because of which destroying fails (an error) or leaves something (a warning), and for log groups that a service makes by itself. For protected environments it only tells.',
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
