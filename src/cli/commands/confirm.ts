import { z } from 'zod';
import { masterChecklist } from '../../channels/checklist.ts';
import { paragraph } from '../../report/blocks.ts';
import { evidenceBlocks } from '../../report/proof.ts';
import { confirmed } from '../../steps/confirm.ts';
import type { EnvironmentRecord } from '../../transfer/record.ts';
import { exitCodes } from '../../transfer/error-codes.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { butNotCalled, callCount } from '../../transfer/call-count.ts';
import { defineCommand } from '../define-command.ts';
import { type Document, emptyDocument } from '../document.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { printResult } from '../print.ts';
import { recordOf } from '../records.ts';
import { type Session, withSession } from '../session.ts';

export const confirm = defineCommand({
  name: 'confirm',
  summary: 'return the code that the tester received over a chat channel',
  description:
    'Ends layer 4: the code that was sent to the tester proves that a person received the message. A wrong or a late code fails it; verify sends a new one.',
  arguments: [
    { name: 'env', description: 'the environment that waits', required: true },
    { name: 'code', description: 'the code; asked for if left out', required: false },
  ],
  options: sessionOptions,
  examples: ['provision-env confirm staging 7K3M-P9QX', 'provision-env confirm staging'],
  input: z.object({ env: z.string(), code: z.string().optional(), ...sessionInput }),
  run: (input, io) =>
    withSession(io, input, async (session) => {
      const { store, clock } = session;
      // Fails before it waits for the lock, with near names.
      checkWaits(await recordOf(store, input.env));
      const code = input.code ?? (await askForCode(session, input.env));
      const lock = await store.lock(input.env, 'confirm');
      try {
        const { record, verdict, subject } = confirmed(await recordOf(store, input.env), code, clock.now());
        await lock.store.writeRecord(record);
        const accepted = verdict === 'accepted';
        const standing = record.status as 'verified' | 'waiting' | 'failed';
        const document = {
          ...emptyDocument('confirm', accepted ? standing : 'failed'),
          source: record.source,
          target: record.name,
          proof: record.proof,
          evidence: record.evidence,
          functions: callCount(record.evidence),
          record,
          checklist: masterChecklist(record),
        } as unknown as Document;
        printResult(io, input, document, [
          paragraph(sentence(record, verdict, subject), accepted ? 'good' : 'bad'),
          ...evidenceBlocks(record.evidence.filter(({ layer }) => layer === 4)),
        ]);
        if (!accepted) return exitCodes.verificationFailed;
        return { verified: exitCodes.done, waiting: exitCodes.waiting, failed: exitCodes.verificationFailed }[
          standing
        ];
      } finally {
        await lock.release();
      }
    }),
});

function checkWaits({ name, challenges = [] }: EnvironmentRecord): void {
  if (challenges.some(({ challenge }) => challenge.returned === null)) return;
  throw new ProvisionError(
    'nothing-to-resume',
    challenges.length === 0
      ? `No code was sent for ${name}.`
      : `Every code that was sent for ${name} has been returned.`,
    { hint: `provision-env verify ${name} --layer 4 sends a code to the tester of each channel.` },
  );
}

async function askForCode({ host }: Session, env: string): Promise<string> {
  const code = await host.ask({ kind: 'code', id: 'code', text: `Code that the tester of ${env} received` });
  if (code.trim() !== '') return code;
  throw new ProvisionError('declined', 'No code was entered; nothing was changed.');
}

function sentence(record: EnvironmentRecord, verdict: string, subject: string | null): string {
  if (verdict === 'accepted') {
    const open = record.evidence.filter(({ status }) => status === 'pending').map(({ subject: of }) => of);
    const rest = open.length > 0 ? ` ${[...new Set(open)].join(', ')} still waits.` : '';
    return `The message on ${subject} was received. ${record.name} is ${record.status}${butNotCalled(record.evidence)}.${rest}`;
  }
  const why: Readonly<Record<string, string>> = {
    wrong: 'it is not a code that was sent',
    late: 'it came too late',
    exhausted: 'there were too many wrong ones',
    used: 'it was returned before',
    none: 'no code was sent',
  };
  return `The code is not accepted: ${why[verdict] ?? verdict}. provision-env verify ${record.name} --layer 4 sends a new one.`;
}
