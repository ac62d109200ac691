import type { TransferContext } from './context.ts';
import type { UntangleOutput } from './outputs.ts';
import { pairSides } from './pairing.ts';
import { untangle } from './untangle.ts';

/** Runs step 5 on the two sides of a transfer. */
export async function untangleContext(context: TransferContext): Promise<UntangleOutput> {
  const { pairing, expressions } = await pairSides(context);
  const { source, target } = {
    source: context.sourceVariables,
    target: context.varFile.values,
  };
  const names = new Set([...Object.keys(source), ...Object.keys(target)]);
  const differingVariables = new Set(
    [...names].filter((name) => JSON.stringify(source[name]) !== JSON.stringify(target[name])),
  );
  const { output, findings } = untangle({
    pairs: pairing.pairs,
    rename: context.rename,
    differingVariables,
    expressions,
  });
  context.findings.push(...findings);
  return output;
}
