/** The output of each step as the specification shows it. */
import { categories } from '../terraform/types/facts.ts';
import type {
  AnalyzeSourceOutput,
  AnalyzeTargetOutput,
  IdentifyOutput,
  MapOutput,
  RewireOutput,
  StepOutputs,
  UntangledAttribute,
  UntangleOutput,
  VerifyOutput,
} from '../steps/outputs.ts';
import { blocks as stopsRun } from '../transfer/finding.ts';
import type { StepId, StepResult } from '../transfer/steps.ts';
import { type Block, code, counted, duration, heading, paragraph } from './blocks.ts';
import { callBlocks } from './calls.ts';
import { categoryTitles } from './categories.ts';
import { costBlocks } from './cost.ts';
import { driftBlocks, inventoryBlocks } from './live.ts';
import { evidenceBlocks, findingBlocks, proofBlocks } from './proof.ts';

function identifyBlocks(output: IdentifyOutput): Block[] {
  const blocks: Block[] = [
    heading(3, `Infrastructure inventory for ${output.environment}`),
    {
      kind: 'table',
      head: ['Category', 'Type', 'Name', 'Address'],
      rows: categories.flatMap((category) =>
        output.resources
          .filter((item) => item.category === category)
          .map((item) => [
            categoryTitles[category],
            item.shared ? `${item.title} (read, shared)` : item.title,
            code(item.name),
            code(item.address, 'dim'),
          ]),
      ),
    },
  ];
  if (output.external.length > 0) {
    blocks.push(heading(3, 'External services'), {
      kind: 'list',
      items: output.external.map(({ service, keys }) => `${service}: ${keys.join(', ')}`),
    });
  }
  const { coverage } = output;
  blocks.push(
    paragraph(
      `Coverage: ${counted(coverage.handled, 'resource')} of known types, ${coverage.nothingToDo} with nothing to do, ${coverage.unknown.length} of unknown types${coverage.unknown.length > 0 ? ` (${coverage.unknown.join(', ')})` : ''}. State: ${output.stateLocation}, serial ${output.stateSerial}.`,
      'dim',
    ),
    ...(output.live ? inventoryBlocks(output.live) : []),
  );
  return blocks;
}

function analyzeSourceBlocks(output: AnalyzeSourceOutput): Block[] {
  const blocks: Block[] = [];
  for (const item of output.functions) {
    blocks.push(heading(3, item.name), {
      kind: 'list',
      items: [
        item.packageType === 'Image'
          ? `Image: ${item.image ?? 'unknown'}`
          : `Handler: ${item.handler ?? 'none'} on ${item.runtime ?? 'unknown runtime'}`,
        `${item.memoryMb ?? '?'} MB, ${item.timeoutSeconds ?? '?'} s, ${item.architectures.join(', ') || 'x86_64'}${item.inVpc ? ', in the VPC' : ''}${item.layers.length > 0 ? `, ${counted(item.layers.length, 'layer')}` : ''}`,
        `Environment: ${counted(item.environmentKeys.length, 'variable')}: ${item.environmentKeys.join(', ')}`,
      ],
    });
  }
  if (output.policies.length > 0) {
    blocks.push(heading(3, 'Policies'), {
      kind: 'table',
      head: ['Policy', 'Statements', 'Actions'],
      rows: output.policies.map(({ address, statements, actions }) => [
        code(address),
        String(statements),
        actions.join(', '),
      ]),
    });
  }
  if (output.secretKeys.length > 0) {
    blocks.push(paragraph(`Secrets given to Terraform: ${output.secretKeys.join(', ')}`));
  }
  if (output.drift) blocks.push(...driftBlocks(output.drift));
  return blocks;
}

function analyzeTargetBlocks(output: AnalyzeTargetOutput): Block[] {
  const blocks: Block[] = [
    heading(3, `Constraints for ${output.name}`),
    {
      kind: 'list',
      items: output.constraints.map(({ constraint, detail }) => `${constraint}: ${detail}`),
      checks: output.constraints.map(({ met }) => met),
    },
    heading(
      3,
      output.varFile.exists
        ? `Var-file ${output.varFile.path} (there already, used as it is)`
        : `Var-file ${output.varFile.path}`,
    ),
  ];
  if (output.varFile.changes.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['Variable', 'From', 'To', 'Why'],
      rows: output.varFile.changes.map(({ variable, from, to, reason }) => [
        code(variable),
        from === null ? 'not set' : JSON.stringify(from),
        JSON.stringify(to),
        reason,
      ]),
    });
  }
  if (output.external.length > 0) {
    blocks.push(heading(3, 'External services'), {
      kind: 'table',
      head: ['Service', 'Isolation required?', 'Action'],
      rows: output.external.map(({ service, isolationRequired, action }) => [
        service,
        isolationRequired ? 'YES' : 'NO',
        action,
      ]),
    });
  }
  return blocks;
}

function mapBlocks(output: MapOutput): Block[] {
  const tones = { 'new-cluster': 'warn', 'new-credential': 'warn', skip: 'dim', share: 'dim' } as const;
  return [
    {
      kind: 'table',
      head: ['Source', 'Target', 'Action', 'Why'],
      rows: output.rows.map(({ source, target, action, reason, type }) => [
        code(source),
        target === null ? { text: 'known after apply', tone: 'dim' } : code(target),
        { text: action, tone: action in tones ? tones[action as keyof typeof tones] : 'plain' },
        `${type}: ${reason}`,
      ]),
    },
    paragraph(
      Object.entries(output.counts)
        .map(([action, count]) => `${count} ${action}`)
        .join(', '),
    ),
    ...costBlocks(output.cost, { reasons: new Map(Object.entries(output.unpriced ?? {})) }),
    // One that stops the run stands in the verdict.
    ...findingBlocks((output.findings ?? []).filter((finding) => !stopsRun(finding))),
  ];
}

/** By type: thousands of attributes are for the JSON document, a person looks for what is unusual. */
function untangleBlocks(output: UntangleOutput): Block[] {
  const portable = output.portable.reduce((sum, { count }) => sum + count, 0);
  const bound = new Map<string, { attributes: Set<string>; count: number }>();
  for (const { address, attribute, how } of output.contextBound) {
    const group = bound.get(how) ?? { attributes: new Set(), count: 0 };
    const type = address.split('.').at(-2) ?? address;
    group.attributes.add(`${type}.${attribute.split('.')[0] ?? attribute}`);
    group.count += 1;
    bound.set(how, group);
  }
  const blocks: Block[] = [
    heading(3, `Portable: ${counted(portable, 'attribute')} copied as they are`),
    {
      kind: 'table',
      head: ['Type', 'Attributes'],
      rows: output.portable.map(({ type, attributes }) => [code(type), attributes.join(', ')]),
    },
    heading(3, `Context-bound: ${counted(output.contextBound.length, 'attribute')} rewired`),
    {
      kind: 'table',
      head: ['How', 'Count', 'Attributes'],
      rows: [...bound].map(([how, { attributes, count }]) => [
        howTitles[how as UntangledAttribute['how']],
        String(count),
        [...attributes].sort().join(', '),
      ]),
    },
  ];
  if (output.unexplained.length > 0) {
    blocks.push(heading(3, 'Differs, and nothing explains it'), {
      kind: 'list',
      items: output.unexplained.map(({ address, attribute }) => code(`${address}.${attribute}`, 'warn')),
    });
  }
  return blocks;
}

const howTitles: Readonly<Record<UntangledAttribute['how'], string>> = {
  renamed: 'renamed',
  'from-reference': 'from another resource of the target',
  'given-by-cloud': 'given by the cloud',
  'by-variable': 'differs by a variable',
  secret: 'a secret of its own',
};

/** The plan and its proof: what a person is shown before the question. */
export function proposalBlocks(output: RewireOutput): Block[] {
  const { create, update, delete: deleted, replace } = output.plan;
  return [
    paragraph(`Plan: ${create} to add, ${update + replace} to change, ${deleted + replace} to destroy.`),
    ...proofBlocks(output.proof),
    ...(output.calls ? callBlocks(output.calls) : []),
  ];
}

/** What was done, after the answer. */
export function executionBlocks(output: RewireOutput): Block[] {
  const blocks: Block[] = [];
  if (output.actions.length > 0) {
    blocks.push(heading(3, 'Execution'), {
      kind: 'table',
      head: ['Done', 'What', 'Took'],
      rows: output.actions.map(({ what, detail, durationMs }) => [what, detail, duration(durationMs)]),
    });
  }
  if (output.failed.length > 0) {
    blocks.push(heading(3, 'Failed'), {
      kind: 'table',
      head: ['Resource', 'What Terraform said'],
      rows: output.failed.map(({ address, message }) => [code(address), { text: message, tone: 'bad' }]),
    });
  }
  const outputs = Object.entries(output.outputs);
  if (outputs.length > 0) {
    blocks.push(heading(3, 'Outputs'), {
      kind: 'table',
      head: ['Output', 'Value'],
      rows: outputs.map(([name, value]) => [code(name), value]),
    });
  }
  return blocks;
}

const rewireBlocks = (output: RewireOutput): Block[] => [
  ...proposalBlocks(output),
  ...executionBlocks(output),
];

function verifyBlocks(output: VerifyOutput): Block[] {
  return [...evidenceBlocks(output.evidence), ...proofBlocks(output.proof)];
}

const renderers: { readonly [Id in StepId]: (output: StepOutputs[Id]) => Block[] } = {
  identify: identifyBlocks,
  'analyze-source': analyzeSourceBlocks,
  'analyze-target': analyzeTargetBlocks,
  map: mapBlocks,
  untangle: untangleBlocks,
  rewire: rewireBlocks,
  verify: verifyBlocks,
};

/** The blocks of one step's output; none if it did not come to an end. */
export function stepBlocks(result: StepResult): Block[] {
  if (result.output === null || result.output === undefined) return [];
  const render = renderers[result.id] as (output: unknown) => Block[];
  return render(result.output);
}
