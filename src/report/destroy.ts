import type { Presence } from '../aws/adapter.ts';
import type { DestroyResult } from '../steps/destroy.ts';
import type { DestroyPlan } from '../steps/destroy-prepare.ts';
import type { ProvisionError } from '../transfer/errors.ts';
import { findingBlocks } from './proof.ts';
import { leavingsBlocks } from './sweep.ts';
import { type Block, type Cell, code, counted, heading, paragraph } from './blocks.ts';

/** What will be gone, before it is asked about. */
export function destroyPlanBlocks(plan: DestroyPlan): Block[] {
  const unrecorded = new Set(plan.unrecorded.map(({ address }) => address));
  const rows = (things: DestroyPlan['destroys']): (string | Cell)[][] =>
    things.map(({ address, type, name }) => [code(address, 'bad'), type, name]);
  const blocks: Block[] = [
    heading(1, `Destroy ${plan.environment}`),
    {
      kind: 'table',
      head: ['Destroys', 'Type', 'Name'],
      rows: rows(plan.destroys.filter(({ address }) => !unrecorded.has(address))),
    },
  ];
  if (plan.unrecorded.length > 0) {
    blocks.push(
      heading(3, 'In its state and in no record: imported, or made by a terraform apply by hand'),
      { kind: 'table', head: ['Destroys too', 'Type', 'Name'], rows: rows(plan.unrecorded) },
      paragraph(
        `If one of these is not to go, take it out first: terraform state rm '<address>'. --yes does not cover them; --allow-unrecorded does.`,
        'warn',
      ),
    );
  }
  if (plan.removes.length > 0) {
    blocks.push(
      heading(3, 'In its record and not in its state, and still there: removed through the API of AWS'),
      { kind: 'table', head: ['Removes', 'Type', 'Name'], rows: rows(plan.removes) },
    );
  }
  if (plan.untold.length > 0) {
    blocks.push(
      heading(
        3,
        'In its record and not in its state: whether it is there cannot be told, and it is not removed',
      ),
      {
        kind: 'table',
        head: ['Resource', 'Name', 'Why'],
        rows: plan.untold.map(({ address, name, reason }) => [code(address, 'warn'), name, reason]),
      },
    );
  }
  if (plan.keeps.length > 0) {
    blocks.push(heading(3, 'Left as it is: what of it is in the state is taken out first'), {
      kind: 'table',
      head: ['Resource', 'Why'],
      rows: plan.keeps.map(({ address, reason }) => [code(address), reason]),
    });
  }
  blocks.push(...elsewhereBlocks(plan.elsewhere));
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

/** Left alone, and in the way of an end: whose state has it, and what to do about it. */
function elsewhereBlocks(elsewhere: DestroyPlan['elsewhere']): Block[] {
  if (elsewhere.length === 0) return [];
  return [
    heading(
      3,
      "By its record its own, and another environment's too: as long as it is there, its record stays",
    ),
    {
      kind: 'table',
      head: ['Resource', 'Why', 'What to do'],
      rows: elsewhere.map(({ address, reason, hint }) => [code(address, 'warn'), reason, hint]),
    },
  ];
}

/** What stands in the way, both sides named. */
export function refusedBlocks(name: string, error: ProvisionError): Block[] {
  return [
    paragraph(
      error.code === 'blocked'
        ? `${name} was not destroyed: nothing was changed.`
        : `${name} is half destroyed. ${error.hint ?? ''}`,
      'bad',
    ),
    ...findingBlocks(error.findings),
  ];
}

/** The receipt: what was looked for afterwards, and what the account said. */
export function destroyResultBlocks(result: DestroyResult): Block[] {
  const { plan, destroyed, left, looked, clean, notAsked, evidence } = result;
  const blocks: Block[] = [
    paragraph(
      clean
        ? `${plan.environment} is gone: ${counted(destroyed.length, 'resource')} destroyed; the account was asked about ${looked}, and none is left.`
        : left.length > 0
          ? `${counted(destroyed.length, 'resource')} destroyed, but the account was asked about ${looked}, and ${left.length} are left or could not be read.`
          : `${counted(destroyed.length, 'resource')} destroyed; the account was asked about ${looked}, and none is left. That nothing else is left could not be seen.`,
      clean ? 'good' : 'bad',
    ),
  ];
  if (notAsked > 0) {
    blocks.push(
      paragraph(
        `${counted(notAsked, 'resource')} that the account cannot be asked about: Terraform says that they are gone.`,
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
      rows: left.map(({ resource, presence }) => [code(resource.address), saidOf(presence)]),
    });
    const standing = new Set(left.map(({ resource }) => resource.address));
    blocks.push(...elsewhereBlocks(plan.elsewhere.filter(({ address }) => standing.has(address))));
    blocks.push(paragraph(nextStep(plan, left), 'warn'));
  }
  if (result.untraced.length > 0) {
    blocks.push(heading(3, 'As it was to have them, and in neither its state nor its record'), {
      kind: 'table',
      head: ['Thing', 'Type', 'To remove it', 'To leave it'],
      rows: result.untraced.map(({ type, id }) => [
        code(id, 'warn'),
        type,
        `provision-env sweep ${plan.environment} --delete --also '${id}'`,
        `provision-env destroy ${plan.environment} --accept 'state-own:${id}'`,
      ]),
    });
  }
  blocks.push(...unlookedBlocks(result));
  if (result.sweep !== null && !clean && left.length === 0 && result.unlooked.length === 0)
    blocks.push(
      paragraph(
        `The record is kept. provision-env sweep ${plan.environment} --delete removes what is left, and provision-env destroy ${plan.environment} ends it.`,
        'warn',
      ),
    );
  if (result.sweep !== null) blocks.push(...leavingsBlocks(result.sweep));
  return blocks;
}

/** Where nobody could look, nothing was found either. */
function unlookedBlocks({ plan: { environment }, unlooked }: DestroyResult): Block[] {
  if (unlooked.length === 0) return [];
  const accepts = unlooked.flatMap(({ subject }) => (subject === null ? [] : [`state-own:${subject}`]));
  const accept = [...new Set(accepts)].map((each) => ` --accept '${each}'`).join('');
  return [
    heading(3, 'Could not be looked at: whether something of it is left there cannot be told'),
    {
      kind: 'table',
      head: ['Where', 'Why'],
      rows: unlooked.map(({ what, reason }) => [code(what, 'warn'), reason]),
    },
    paragraph(
      `The record is kept. Once it can be looked at, provision-env destroy ${environment} looks again and ends it.${
        accept === '' ? '' : ` If nothing is left there: provision-env destroy ${environment}${accept}.`
      }`,
      'warn',
    ),
  ];
}

function saidOf(presence: Presence): string {
  switch (presence.state) {
    case 'unreadable':
      return `could not be read: ${presence.reason}`;
    case 'not-asked':
      return `cannot be told: ${presence.reason}`;
    case 'absent':
    case 'not-applicable':
    case 'present':
      return 'still there';
  }
}

function nextStep({ environment: name, elsewhere }: DestroyPlan, all: DestroyResult['left']): string {
  const others = new Set(elsewhere.map(({ address }) => address));
  const left = all.filter(({ resource }) => !others.has(resource.address));
  const kept = 'The record, the state and the var-file are kept.';
  const again = `provision-env destroy ${name} goes on, provision-env sweep ${name} --delete removes what stands in the record.`;
  if (left.length === 0) return kept;
  const untold = left.filter(({ presence }) => presence.state === 'not-asked');
  if (untold.length === 0) return `${kept} ${again}`;
  const accepts = untold.map(({ resource }) => `--accept 'state-own:${resource.address}'`).join(' ');
  return `${kept} ${again} Where you have looked yourself and it is gone, say provision-env destroy ${name} ${accepts}.`;
}
