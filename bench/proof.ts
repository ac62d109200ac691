import { prove } from '../src/proof/prove.ts';
import { resourceTypes } from '../src/terraform/types/table.ts';
import { syntheticInput } from './synthetic-plan.ts';

const sizes = [1_000, 10_000, 20_000, 50_000, 100_000] as const;

/** Processor time beside wall time: on a busy machine only the first can be compared. */
function measure(resources: number): { readonly wall: number; readonly cpu: number } {
  const input = syntheticInput({ resources, types: resourceTypes });
  const start = performance.now();
  const before = process.cpuUsage();
  const proof = prove(input);
  const { user, system } = process.cpuUsage(before);
  if (!proof.held) throw new Error('The synthetic plan is not clean: the bench measures something else.');
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

/** The proof on synthetic plans: 10,000 resources in 1 s and 512 MB, and growth linear to 100,000. */
export function proofBench(): Promise<void> {
  measure(1_000);
  for (const size of sizes) {
    const { wall, cpu } = measure(size);
    // The most that the process has ever held, the plan included: sizes only grow.
    const peak = process.resourceUsage().maxRSS / 1024;
    const limit = size === 10_000 ? ' (limits 1000 ms, 512 MB)' : '';
    console.log(
      `  ${String(size).padStart(7)} resources   ${wall.toFixed(0).padStart(6)} ms   processor ${cpu.toFixed(0).padStart(6)} ms   ` +
        `${((cpu / size) * 1000).toFixed(0)} µs a resource   peak ${peak.toFixed(0)} MB${limit}`,
    );
  }
  return Promise.resolve();
}
