import { z } from 'zod';
import { defineCommand } from '../define-command.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { sleepOrWake } from '../sleep-or-wake.ts';

export const wake = defineCommand({
  name: 'wake',
  summary: 'wake the databases of an environment',
  description: [
    'Wakes what sleep has put to sleep: stopped databases are started and waited for, and capacity is as it was before.',
    'provision-env <env>, resume and destroy do so by themselves.',
  ].join('\n'),
  arguments: [{ name: 'env', description: 'the environment that sleeps', required: true }],
  options: sessionOptions,
  examples: ['provision-env wake feature-auth', 'provision-env wake feature-auth --json'],
  input: z.object({ env: z.string(), ...sessionInput }),
  run: (input, io) => sleepOrWake('wake', io, input),
});
