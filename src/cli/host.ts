/** The host at a terminal: renders events to stderr and asks the person. */
import { createColors } from 'picocolors';
import { type Block, counted, duration, heading } from '../report/blocks.ts';
import { callBlocks } from '../report/calls.ts';
import { headText } from '../report/head.ts';
import { executionBlocks, proposalBlocks, stepBlocks } from '../report/steps.ts';
import { destroyPlanBlocks } from '../report/destroy.ts';
import { sweepPlanBlocks } from '../report/sweep.ts';
import type { DestroyPlan } from '../steps/destroy-prepare.ts';
import type { RewireOutput } from '../steps/outputs.ts';
import type { SweepPlan } from '../steps/sweep.ts';
import type { CallPlan } from '../verify/calls.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Host, Question, TransferEvent, YesOrNo } from '../transfer/host.ts';
import type { PlaceFacts } from '../transfer/place.ts';
import { stepIds, stepTitles } from '../transfer/steps.ts';
import { digestOfProposal, isExpected } from './expect.ts';
import { type CliIo, isInteractive, isPlain, wantsColor } from './io.ts';
import { createLiveLine } from './live-line.ts';
import { createProgress } from './progress.ts';
import { askPerson } from './questions.ts';

export interface HostOptions {
  /** Answers every question with yes. Names that would have to be typed included. */
  readonly yes: boolean;
  /** Answers the question about data that would be lost: `yes` alone does not. */
  readonly allowDataLoss?: boolean;
  /** Answers the question about what is in a state and in no record: `yes` alone does not. */
  readonly allowUnrecorded?: boolean;
  /** A yes to what has this digest, and to nothing else. */
  readonly expect?: string | undefined;
  /** No progress, only warnings. */
  readonly quiet: boolean;
  /** Shows each Terraform process as it ends. */
  readonly verbose: boolean;
  /** Shows blocks to the person as results; absent where the result is printed at the end as a whole. */
  readonly show?: (blocks: readonly Block[]) => void;
}

export interface TerminalHost extends Host {
  /** How many Terraform processes were started so far. */
  readonly processes: () => number;
  /** True once the line with the account and the region stands above what is shown. */
  readonly headed: () => boolean;
  /** Where the run acts, once that is known; `null` where nothing of it lies in a cloud. */
  readonly place: () => PlaceFacts | null;
  close(): void;
}

function blocksOfProposal({ step, output }: TransferEvent & { type: 'proposal' }): readonly Block[] {
  if (step === 'rewire') return proposalBlocks(output as RewireOutput);
  if (step === 'verify') return callBlocks(output as CallPlan);
  return step === 'sweep' ? sweepPlanBlocks(output as SweepPlan) : destroyPlanBlocks(output as DestroyPlan);
}

/** How many changes of resources Terraform will tell of; replacing one takes two. */
function changesIn({ step, output }: TransferEvent & { type: 'proposal' }): number {
  if (step === 'destroy')
    return (output as DestroyPlan).destroys.length + (output as DestroyPlan).removes.length;
  if (step === 'sweep') return (output as SweepPlan).removes.length;
  if (step === 'verify') return 0;
  const { plan } = output as RewireOutput;
  return plan.create + plan.update + plan.delete + 2 * plan.replace;
}

/** What somebody does who has no terminal, by the kind of question. */
const instead: Readonly<Record<Question['kind'], string>> = {
  confirm: 'Run it in a terminal, or say --yes.',
  'type-name': 'Run it in a terminal, or say --yes.',
  'lose-data': 'Run it in a terminal, or say --allow-data-loss. --yes alone does not agree to this.',
  unrecorded:
    'Look at them, then run it in a terminal, or say --allow-unrecorded. --yes alone does not agree to this.',
  secret: 'Run it in a terminal, or set the secret beforehand.',
  code: 'Run it in a terminal, or say --yes.',
};

export function createTerminalHost(io: CliIo, options: HostOptions): TerminalHost {
  const colors = createColors(wantsColor(io.stderr, io.env));
  const progress = createProgress(() => performance.now());
  const redraws = isInteractive(io) && !isPlain(io);
  const live = createLiveLine(io.stderr, {
    mode: options.quiet ? 'off' : redraws ? 'redraw' : 'log',
    screen: io.unguarded.stderr,
    text: (columns) => progress.text(columns),
  });
  let terraformProcesses = 0;
  let proposalShown = false;
  let place: PlaceFacts | null = null;
  let headline: string | null = null;
  let headed = false;
  const show = (blocks: readonly Block[]): void => {
    if (headline !== null && !headed && options.show) {
      headed = true;
      options.show([heading(1, headline)]);
    }
    options.show?.(blocks);
  };
  let proposed: string | null = null;
  const say = (text: string): void => {
    if (!options.quiet) live.print(text);
  };

  const notify = (event: TransferEvent): void => {
    switch (event.type) {
      case 'place': {
        ({ place } = event);
        headline = headText(event);
        return;
      }
      case 'step-started': {
        progress.begin(`${stepIds.indexOf(event.step) + 1}/7 ${stepTitles[event.step]}`);
        live.draw();
        return;
      }
      case 'step-ended': {
        const { id, status, durationMs } = event.result;
        const mark = {
          done: colors.green('✓'),
          failed: colors.red('✗'),
          blocked: colors.red('■'),
          waiting: colors.yellow('…'),
        };
        const shown = status in mark ? mark[status as keyof typeof mark] : colors.dim('·');
        progress.end();
        const line = `${shown} ${stepIds.indexOf(id) + 1}/7 ${stepTitles[id]} ${colors.dim(`${status === 'done' ? '' : `${status}, `}${duration(durationMs)}`)}`;
        say(line);
        if (event.result.output !== null && status !== 'skipped') {
          const proposed = id === 'rewire' && proposalShown;
          show(proposed ? executionBlocks(event.result.output as RewireOutput) : stepBlocks(event.result));
        }
        return;
      }
      case 'proposal': {
        proposalShown = true;
        proposed = digestOfProposal(event);
        // The line goes while the blocks are shown: they are written to another stream.
        live.close();
        if (options.show) show(blocksOfProposal(event));
        progress.expect(changesIn(event));
        live.draw();
        return;
      }
      case 'waiting': {
        const expected = event.expectMs === undefined ? '' : ` (usually ${duration(event.expectMs)})`;
        progress.wait(`${event.what}${expected}`);
        if (redraws) live.draw();
        else say(colors.dim(`  ${event.what}${expected}`));
        return;
      }
      case 'resource': {
        const { address, action, phase, elapsedSeconds } = event;
        progress.resource(event);
        if (phase === 'done')
          say(
            `  ${action === 'delete' ? colors.red('-') : colors.green('+')} ${action} ${address} ${colors.dim(`${elapsedSeconds} s`)}`,
          );
        else if (phase === 'failed') say(`  ${colors.red('✗')} ${action} ${address}`);
        else live.draw();
        return;
      }
      case 'process-started': {
        progress.wait(event.what);
        live.draw();
        return;
      }
      case 'process': {
        terraformProcesses += 1;
        if (options.verbose)
          say(colors.dim(`  ${event.command} ${event.args.join(' ')} (${duration(event.durationMs)})`));
        return;
      }
      case 'note': {
        const tone = event.level === 'warning' ? colors.yellow('!') : colors.dim('i');
        if (event.level === 'warning' || !options.quiet) {
          live.print(`  ${tone} ${event.text}${event.hint ? ` ${colors.dim(`→ ${event.hint}`)}` : ''}`);
        }
        return;
      }
      case 'ends-soon': {
        const { environment, left, expires } = event;
        live.print(
          `  ${colors.yellow('!')} ${environment} ends at ${expires} (${left}) ${colors.dim(`→ provision-env extend ${environment} 2d`)}`,
        );
        return;
      }
      case 'finding':
      case 'evidence':
        // Shown as tables with the step they belong to.
        return;
    }
  };

  async function ask(question: Question & { kind: YesOrNo }): Promise<boolean>;
  async function ask(question: Question & { kind: 'secret' | 'code' }): Promise<string>;
  async function ask(question: Question): Promise<boolean | string> {
    if (question.kind === 'confirm' || question.kind === 'type-name') {
      if (options.expect !== undefined) return isExpected(options.expect, proposed);
      if (options.yes) return true;
    }
    if (question.kind === 'lose-data' && options.allowDataLoss) return true;
    if (question.kind === 'unrecorded' && options.allowUnrecorded) return true;
    // Who says yes to everything beforehand is not there when the code arrives.
    const isAway = options.yes || options.expect !== undefined;
    if (!isInteractive(io) || (question.kind === 'code' && isAway)) {
      throw new ProvisionError('needs-person', `There is nobody to ask: ${question.text}`, {
        hint: instead[question.kind],
      });
    }
    live.close();
    return askPerson(question, io);
  }

  return {
    notify,
    ask,
    processes: () => terraformProcesses,
    headed: () => headed,
    place: () => place,
    close: () => {
      progress.end();
      live.close();
      if (options.verbose)
        say(
          colors.dim(`  ${counted(terraformProcesses, 'Terraform process', 'Terraform processes')} started`),
        );
    },
  };
}
