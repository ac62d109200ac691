/** Which resources only one of the two has. */
import { visitNames } from '../proof/owned.ts';
import type { ProofIndex } from '../proof/proof-index.ts';
import type { ProofInput } from '../proof/rule.ts';
import { classifySource } from '../proof/counterparts.ts';
import { managedIn } from '../proof/target.ts';
import { visitTexts } from '../proof/values.ts';
import { createWordIndex } from '../proof/words.ts';
import type { StateResource } from '../terraform/model.ts';
import { physicalName } from '../terraform/types/identity.ts';
import type { Comparison, Difference, DifferenceChange, DiffInput, DiffNote } from './model.ts';

interface Side {
  readonly proof: ProofInput;
  readonly index: ProofIndex;
}

/** Addresses of unpaired resources that the other environment names: it uses them, and needs none of its own. */
function usedByOther({ proof, index }: Side): ReadonlySet<string> {
  const words: [string, string][] = [];
  for (const { address, type, values } of index.pairing.unpaired) {
    // The bare name of an environment, or of a service, is no name of one thing.
    visitNames(values, proof.types.get(type), (value) => {
      if (value.length >= 8) words.push([value, address]);
    });
  }
  const known = createWordIndex(words);
  const used = new Set<string>();
  if (known.size === 0) return used;
  for (const { values } of proof.target.state?.resources ?? []) {
    visitTexts(values, ({ text }) => {
      for (const { owner } of known.find(text)) used.add(owner);
    });
  }
  return used;
}

function explanationOf(resource: StateResource, { proof, index }: Side): string | null {
  const declaration = index.expressions.declaration(resource);
  if (!declaration) {
    const isRead = proof.declarations.modules[resource.modulePath] !== undefined;
    return isRead ? 'the configuration does not have it' : null;
  }
  const { variables } = index.expressions.repetition(resource.modulePath, declaration);
  const names = [...variables].map((name) => `var.${name}`).join(', ');
  return names === '' ? null : `how many there are depends on ${names}`;
}

/** Judges what the source of a side has and its target does not. */
function onlyIn(side: Side, change: Extract<DifferenceChange, 'missing' | 'extra'>) {
  const { proof, index } = side;
  const used = usedByOther(side);
  const differences: Difference[] = [];
  const notes: DiffNote[] = [];
  const [here, there] = [proof.source.name, proof.target.name];
  for (const resource of index.pairing.unpaired) {
    const { address, type, values } = resource;
    const said = classifySource(resource, index.classes);
    const entry = index.matchShared(resource);
    const note = (message: string): void => void notes.push({ subject: address, message });
    if (entry !== undefined) note(`only ${here}'s state has it: it is declared as shared (${entry})`);
    else if (proof.types.get(type)?.scope === 'local')
      note(`only ${here}'s state has it, and it is nothing in the cloud`);
    else if (!said.own && used.has(address)) note(`${there} uses ${here}'s`);
    else {
      const name = physicalName(type, values, proof.types) ?? address;
      const title = proof.types.get(type)?.title ?? type;
      differences.push({
        kind: 'resource',
        change,
        subject: address,
        what: null,
        a: change === 'missing' ? name : null,
        b: change === 'missing' ? null : name,
        message:
          change === 'missing'
            ? `${there} has no ${title} ${address}`
            : `${here} has a ${title} ${address} that ${there} does not have`,
        explanation: explanationOf(resource, side),
      });
    }
  }
  return { differences, notes };
}

export function compareResources(input: DiffInput): Comparison {
  const { proof, index, reverse } = input;
  const missing = onlyIn({ proof, index }, 'missing');
  const extra = onlyIn(reverse, 'extra');
  const taintedInB = new Set(
    (proof.target.state?.resources ?? []).filter((one) => one.tainted).map(({ address }) => address),
  );
  const tainted = index.pairing.pairs.flatMap(({ source, target }): DiffNote[] => {
    const marked = [
      ...(source.tainted ? [proof.source.name] : []),
      ...(taintedInB.has(target.address) ? [proof.target.name] : []),
    ];
    return marked.map((name) => ({
      subject: target.address,
      message: `it is tainted in ${name}: Terraform will replace it`,
    }));
  });
  return {
    differences: [...missing.differences, ...extra.differences],
    notes: [...missing.notes, ...extra.notes, ...tainted],
    compared: managedIn(proof.source.state).length + index.pairing.added.length,
  };
}
