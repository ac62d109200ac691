/** `--expect`: a yes that was given to one plan, by its digest, and holds for no other. */
import { z } from 'zod';
import { digestOf } from '../steps/plan-digest.ts';
import type { RewireOutput } from '../steps/outputs.ts';
import type { SweepPlan } from '../steps/sweep.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferEvent } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { OptionSpec } from './define-command.ts';

export const expectOption: OptionSpec = {
  flags: '--expect <digest>',
  description:
    'yes to what was shown with this digest (`digest` of the JSON document), and to nothing else: if it has changed, exit code 6',
};

export const expectInput = z
  .string()
  .regex(/^\S+$/, 'must be a digest: `digest` of the JSON document that was shown')
  .optional();

type Removed = SweepPlan['removes'][number];

/** What a removal would be, whoever looks: not in which words it is told. */
export const digestOfSweep = (environment: string, removes: readonly Removed[]): string =>
  digestOf([
    environment,
    removes.map(({ type, id, arn, region }) => [type, id, arn, region].join('\n')).sort(),
  ]);

/** Which environments a `gc` would destroy: one whose end was put off meanwhile is another. */
export const digestOfGc = (expired: readonly Pick<EnvironmentRecord, 'name' | 'expires'>[]): string =>
  digestOf(expired.map(({ name, expires }) => [name, expires].join('\n')).sort());

export function digestOfProposal({ step, output }: TransferEvent & { readonly type: 'proposal' }): string {
  if (step === 'sweep') {
    const { environment, removes } = output as SweepPlan;
    return digestOfSweep(environment, removes);
  }
  return step === 'destroy' ? digestOf(output) : ((output as RewireOutput).digest ?? '');
}

/** @throws ProvisionError `plan-changed` */
export function isExpected(expected: string, proposed: string | null): true {
  if (proposed === expected) return true;
  throw new ProvisionError(
    'plan-changed',
    `This is not what was agreed to: it has the digest ${proposed ?? 'of nothing'}, and the yes was to ${expected}.`,
    { hint: 'Show it to the person again. Their yes to it is --expect with its own digest.' },
  );
}
