/** What a person is asked in their own client before something is changed, and what their answer means. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { dollars } from '../../cost/money.ts';
import { counted } from '../../report/blocks.ts';
import type { PlanSummary } from '../../steps/outputs.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import type { Document } from '../document.ts';
import type { Change } from './tools.ts';

/** A person may be away for a while; the progress of the call keeps the client waiting. */
const answerMs = 30 * 60_000;
/** Lines of each kind. A dialogue is no report: what is left out stands in the answer of `plan`. */
const longestList = 20;

/** Whether the client can put a question to the person before it. */
export const canAsk = ({ server }: McpServer): boolean =>
  server.getClientCapabilities()?.elicitation?.form !== undefined;

/**
 * @param shown what the command that changes nothing answered
 * @throws ProvisionError `declined`; `needs-person` where no answer came
 */
export async function askPerson(
  { server }: McpServer,
  change: Change,
  shown: Document,
  { signal, requestId }: { readonly signal: AbortSignal; readonly requestId: string | number },
): Promise<void> {
  const { name } = change;
  let answer: ElicitResult;
  try {
    answer = await server.elicitInput(
      {
        message: questionText(change, shown),
        requestedSchema: {
          type: 'object',
          properties: {
            name: { type: 'string', title: 'Name of the environment', description: `Type ${name} to go on.` },
          },
          required: ['name'],
        },
      },
      { signal, timeout: answerMs, relatedRequestId: requestId },
    );
  } catch (cause) {
    throw new ProvisionError(
      'needs-person',
      `Nobody answered whether to ${change.verb} ${name}; nothing was changed.`,
      {
        cause,
        hint: `Call ${change.verb} again once somebody is there, or run provision-env in a terminal.`,
      },
    );
  }
  if (answer.action === 'accept' && answer.content?.['name'] === name) return;
  const why =
    answer.action === 'accept'
      ? `The name that was typed is not ${name}`
      : `A person said no to ${change.verb} ${name}`;
  throw new ProvisionError('declined', `${why}; nothing was changed.`, {
    hint: 'Do not ask again unless the person wants it.',
  });
}

function questionText({ verb, name }: Change, shown: Document): string {
  const lines = verb === 'destroy' ? destroyLines(shown) : provisionLines(shown);
  const question =
    verb === 'destroy'
      ? `Destroy ${name} for good?`
      : `Make or update ${name} from ${shown.source ?? 'its source'}?`;
  // Names come from elsewhere: none of them may turn or hide what follows.
  return [question, ...lines, `Type ${name} to go on.`]
    .map((line) => line.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ''))
    .join('\n');
}

function listed(items: readonly string[]): readonly string[] {
  const more = items.length - longestList;
  return [
    ...items.slice(0, longestList).map((item) => `- ${item}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}

function provisionLines({ steps, cost, findings }: Document): readonly string[] {
  const { plan } = (steps.find(({ id }) => id === 'rewire')?.output ?? {}) as { plan?: PlanSummary };
  const warnings = findings.filter(({ severity }) => severity !== 'info');
  return [
    ...(plan
      ? [
          `Plan: ${plan.create} to add, ${plan.update + plan.replace} to change, ${plan.delete + plan.replace} to destroy.`,
        ]
      : []),
    ...(cost
      ? [
          `Cost: ${cost.monthlyDelta < 0 ? '' : '+'}${dollars(cost.monthlyDelta)} a month${cost.unknown.length > 0 ? `, and ${counted(cost.unknown.length, 'unknown price')}` : ''}.`,
        ]
      : []),
    ...(warnings.length > 0 ? [`${counted(warnings.length, 'finding')}:`] : []),
    ...listed(warnings.map(({ subject, message }) => `${subject}: ${message}`)),
  ];
}

function destroyLines({ destroyPlan }: Document): readonly string[] {
  if (destroyPlan === undefined) return [];
  const { destroys, keeps, webhooks, removes } = destroyPlan;
  return [
    `${counted(destroys.length, 'resource')} would be deleted${keeps.length > 0 ? `, ${keeps.length} kept` : ''}${webhooks.length > 0 ? `, ${counted(webhooks.length, 'webhook')} taken away` : ''}:`,
    ...listed([...destroys, ...removes].map(({ address, name }) => `${address} (${name})`)),
  ];
}
