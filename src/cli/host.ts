/** The host at a terminal: renders events to stderr and asks the person. */
import { createColors } from 'picocolors';
import { type Block, counted, duration } from '../report/blocks.ts';
import { executionBlocks, proposalBlocks, stepBlocks } from '../report/steps.ts';
import { destroyPlanBlocks } from '../report/destroy.ts';
import { sweepPlanBlocks } from '../report/sweep.ts';
import type { DestroyPlan } from '../steps/destroy.ts';
import type { RewireOutput } from '../steps/outputs.ts';
import type { SweepPlan } from '../steps/sweep.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Host, Question, TransferEvent } from '../transfer/host.ts';
import { stepIds, stepTitles } from '../transfer/steps.ts';
import { type CliIo, isInteractive, wantsColor } from './io.ts';
import { createLiveLine } from './live-line.ts';

export interface HostOptions {
  /** Answers every question with yes. Names that would have to be typed included. */
  readonly yes: boolean;
  /** Answers the question about data that would be lost: `yes` alone does not. */
  readonly allowDataLoss?: boolean;
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
  close(): void;
}

function blocksOfProposal({ step, output }: TransferEvent & { type: 'proposal' }): readonly Block[] {
  if (step === 'rewire') return proposalBlocks(output as RewireOutput);
  return step === 'sweep' ? sweepPlanBlocks(output as SweepPlan) : destroyPlanBlocks(output as DestroyPlan);
}

/** What somebody does who has no terminal, by the kind of question. */
const instead: Readonly<Record<Question['kind'], string>> = {
  confirm: 'Run it in a terminal, or say --yes.',
  'type-name': 'Run it in a terminal, or say --yes.',
  'lose-data': 'Run it in a terminal, or say --allow-data-loss. --yes alone does not agree to this.',
  secret: 'Run it in a terminal, or set the secret beforehand.',
  code: 'Run it in a terminal, or say --yes.',
};

export function createTerminalHost(io: CliIo, options: HostOptions): TerminalHost {
  const colors = createColors(wantsColor(io.stderr, io.env));
  const live = createLiveLine(io.stderr, { enabled: !options.quiet && isInteractive(io) });
  let terraformProcesses = 0;
  let proposalShown = false;
  const say = (text: string): void => {
    if (!options.quiet) live.print(text);
  };

  const notify = (event: TransferEvent): void => {
    switch (event.type) {
      case 'step-started': {
        live.set(`${stepIds.indexOf(event.step) + 1}/7 ${stepTitles[event.step]}`);
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
        live.set(null);
        const heading = `${shown} ${stepIds.indexOf(id) + 1}/7 ${stepTitles[id]} ${colors.dim(`${status === 'done' ? '' : `${status}, `}${duration(durationMs)}`)}`;
        say(heading);
        if (event.result.output !== null && status !== 'skipped') {
          const proposed = id === 'rewire' && proposalShown;
          options.show?.(
            proposed ? executionBlocks(event.result.output as RewireOutput) : stepBlocks(event.result),
          );
        }
        return;
      }
      case 'proposal': {
        live.set(null);
        proposalShown = true;
        options.show?.(blocksOfProposal(event));
        return;
      }
      case 'waiting': {
        const expected = event.expectMs === undefined ? '' : ` (usually ${duration(event.expectMs)})`;
        live.set(`${event.what}${expected}`);
        if (!live.enabled) say(colors.dim(`  ${event.what}${expected}`));
        return;
      }
      case 'resource': {
        const { address, action, phase, elapsedSeconds } = event;
        if (phase === 'progress') live.set(`${action} ${address}, ${elapsedSeconds} s`);
        else if (phase === 'done')
          say(
            `  ${action === 'delete' ? colors.red('-') : colors.green('+')} ${action} ${address} ${colors.dim(`${elapsedSeconds} s`)}`,
          );
        else if (phase === 'failed') say(`  ${colors.red('✗')} ${action} ${address}`);
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

  async function ask(question: Question & { kind: 'confirm' | 'type-name' | 'lose-data' }): Promise<boolean>;
  async function ask(question: Question & { kind: 'secret' | 'code' }): Promise<string>;
  async function ask(question: Question): Promise<boolean | string> {
    if ((question.kind === 'confirm' || question.kind === 'type-name') && options.yes) return true;
    if (question.kind === 'lose-data' && options.allowDataLoss) return true;
    // Who says yes to everything beforehand is not there when the code arrives.
    if (!isInteractive(io) || (question.kind === 'code' && options.yes)) {
      throw new ProvisionError('needs-person', `There is nobody to ask: ${question.text}`, {
        hint: instead[question.kind],
      });
    }
    live.set(null);
    const prompts = await import('@clack/prompts');
    const streams = { input: io.stdin, output: io.stderr };
    if (question.kind === 'confirm') {
      const answer = await prompts.confirm({ message: question.text, initialValue: false, ...streams });
      return answer === true;
    }
    if (question.kind === 'type-name' || question.kind === 'lose-data') {
      const answer = await prompts.text({ message: question.text, placeholder: question.name, ...streams });
      return answer === question.name;
    }
    if (question.kind === 'code') {
      const answer = await prompts.text({ message: question.text, defaultValue: '', ...streams });
      return prompts.isCancel(answer) ? '' : answer;
    }
    const answer = await prompts.password({ message: question.text, ...streams });
    if (prompts.isCancel(answer)) throw new ProvisionError('declined', 'The question was not answered.');
    return answer;
  }

  return {
    notify,
    ask,
    processes: () => terraformProcesses,
    close: () => {
      live.set(null);
      if (options.verbose)
        say(
          colors.dim(`  ${counted(terraformProcesses, 'Terraform process', 'Terraform processes')} started`),
        );
    },
  };
}
