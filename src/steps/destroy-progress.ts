/** How far a destroy has come: journaled around each change, and told where it ends before its end. */
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { TransferContext } from './context.ts';

export type DestroyStage =
  'webhooks' | 'forget-shared' | 'destroy' | 'remove-unlisted' | 'secrets' | 'state' | 'files';

export interface DestroyProgress {
  /** From here on something is different from before. */
  begin(): void;
  /** Does one change between its two rows of the journal. */
  doing<Result>(stage: DestroyStage, act: () => Promise<Result>): Promise<Result>;
  destroyed(count: number, of: number): void;
  /** The error with what was done before it, and what comes next. */
  explained(error: unknown): unknown;
}

const words: Readonly<Record<DestroyStage, string>> = {
  webhooks: 'its webhooks are released',
  'forget-shared': "what is shared or another's is out of its state",
  destroy: 'its resources are destroyed',
  'remove-unlisted': 'what only its record knew is removed',
  secrets: 'its secrets are deleted',
  state: 'its state is deleted',
  files: 'its files are deleted',
};

export function createProgress({ journal }: Pick<TransferContext, 'journal'>, name: string): DestroyProgress {
  let begun = false;
  const done: string[] = [];
  let part: string | null = null;
  return {
    begin() {
      begun = true;
    },
    async doing(stage, act) {
      await journal({ step: 'destroy', name: stage, phase: 'begin' });
      try {
        const result = await act();
        await journal({ step: 'destroy', name: stage, phase: 'end' });
        part = null;
        done.push(words[stage]);
        return result;
      } catch (error) {
        await journal({ step: 'destroy', name: stage, phase: 'fail' });
        throw error;
      }
    },
    destroyed(count, of) {
      part = `${count} of ${of} resources are destroyed`;
    },
    explained(error) {
      const interrupted = isProvisionError(error) && error.code === 'interrupted';
      if (!begun) {
        if (!interrupted) return error;
        return new ProvisionError('interrupted', `Destroying ${name} was interrupted; nothing was changed.`, {
          cause: error,
          hint: `provision-env destroy ${name} begins anew.`,
        });
      }
      const so = [...done, ...(part === null ? [] : [part])];
      const far = so.length === 0 ? 'nothing is destroyed yet' : so.join(', ');
      const hint = `provision-env destroy ${name} goes on with what is left.`;
      if (interrupted)
        return new ProvisionError(
          'interrupted',
          `Destroying ${name} was interrupted half-way: ${far}. Its record says destroying.`,
          { cause: error, hint },
        );
      if (!isProvisionError(error)) return error;
      // Refused after something was done is no refusal any more.
      const code = error.code === 'blocked' ? 'destroy-failed' : error.code;
      return new ProvisionError(code, `${error.message} (So far: ${far}.)`, {
        cause: error,
        hint: error.hint?.includes(hint) ? error.hint : [error.hint, hint].filter(Boolean).join(' '),
        where: error.where,
        findings: error.findings,
      });
    },
  };
}
