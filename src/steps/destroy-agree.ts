/** What a person agrees to before an environment goes: its name, and apart from that what nobody had written down. */
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferContext } from './context.ts';
import type { DestroyPlan } from './destroy-prepare.ts';

/** @throws ProvisionError `declined`, `needs-person`; nothing was changed */
export async function agreeToDestroy(
  { host }: Pick<TransferContext, 'host'>,
  plan: DestroyPlan,
): Promise<void> {
  const { environment: name, unrecorded } = plan;
  const count = plan.destroys.length + plan.removes.length;
  if (unrecorded.length > 0) {
    const agreed = await host.ask({
      kind: 'unrecorded',
      id: 'destroy-unrecorded',
      name,
      text: `${unrecorded.length} of ${count} resources are in the state of ${name} and not in its record: imported, or made by a terraform apply by hand (${unrecorded.map(({ address }) => address).join(', ')}). If they are ${name}'s and may be destroyed too, type ${name}.`,
      things: unrecorded.map(({ address, type, name: called }) => `${address}: ${type} ${called}`),
    });
    if (!agreed) throw declined(name);
  }
  const agreed = await host.ask({
    kind: 'type-name',
    id: 'destroy',
    name,
    text: `This destroys ${count} resources for good. Type ${name} to go on.`,
  });
  if (!agreed) throw declined(name);
}

const declined = (name: string): ProvisionError =>
  new ProvisionError('declined', `The name was not typed; ${name} is still there.`);
