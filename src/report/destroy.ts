import type { DestroyPlan, DestroyResult } from '../steps/destroy.ts';
import { leavingsBlocks } from './sweep.ts';
import { type Block, code, counted, heading, paragraph } from './blocks.ts';

/** What will be gone, before it is asked about. */
export function destroyPlanBlocks(plan: DestroyPlan): Block[] {
  const blocks: Block[] = [
    heading(1, `Destroy ${plan.environment}`),
    {
      kind: 'table',
      head: ['Destroys', 'Type', 'Name'],
      rows: plan.destroys.map(({ address, type, name }) => [code(address, 'bad'), type, name]),
    },
  ];
  if (plan.keeps.length > 0) {
    blocks.push(heading(3, 'Taken out of the state first, and left as it is'), {
      kind: 'table',
      head: ['Resource', 'Why'],
      rows: plan.keeps.map(({ address, reason }) => [code(address), reason]),
    });
  }
  blocks.push({
    kind: 'list',
    items: [
      ...plan.webhooks.map(({ kind, url }) => `Webhook of ${kind}: ${url}`),
      `State: ${plan.state}`,
      ...plan.files.map((file) => `File: ${file}`),
    ],
  });
  return blocks;
}

/** The receipt: what was looked for afterwards, and what the account said. */
export function destroyResultBlocks(result: DestroyResult): Block[] {
  const { plan, destroyed, left, looked, clean, notAsked, evidence } = result;
  const blocks: Block[] = [
    paragraph(
      clean
        ? `${plan.environment} is gone: ${counted(destroyed.length, 'resource')} destroyed; the account was asked about ${looked}, and none is left.`
        : `${counted(destroyed.length, 'resource')} destroyed, but the account was asked about ${looked}, and ${left.length} are left or could not be read.`,
      clean ? 'good' : 'bad',
    ),
  ];
  if (notAsked > 0) {
    blocks.push(
      paragraph(
        `${counted(notAsked, 'resource')} of types that cannot be asked about: Terraform says that they are gone.`,
        'warn',
      ),
    );
  }
  if (result.webhooks.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['Webhook', ''],
      rows: result.webhooks.map(({ title, action }) => [
        title,
        action.state === 'by-hand' ? { text: `by hand: ${action.detail}`, tone: 'warn' } : action.detail,
      ]),
    });
  }
  const leaving = evidence.filter(({ status, check }) => status === 'pending' && check === 'resource-gone');
  if (leaving.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['On its way out', ''],
      rows: leaving.map(({ subject, observed }) => [code(subject, 'warn'), observed]),
    });
  }
  if (left.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['Resource', 'What the account says'],
      rows: left.map(({ resource, presence }) => [
        code(resource.address),
        presence.state === 'unreadable' ? `could not be read: ${presence.reason}` : 'still there',
      ]),
    });
    blocks.push(
      paragraph('The record, the state and the var-file are kept. Run it again once that is mended.', 'warn'),
    );
  }
  if (result.sweep !== null) blocks.push(...leavingsBlocks(result.sweep));
  return blocks;
}
