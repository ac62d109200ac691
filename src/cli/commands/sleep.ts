import { z } from 'zod';
import { defineCommand } from '../define-command.ts';
import { sessionInput, sessionOptions } from '../options.ts';
import { sleepOrWake } from '../sleep-or-wake.ts';

export const sleep = defineCommand({
  name: 'sleep',
  summary: 'put the databases of an environment to sleep',
  description: [
    'Puts the databases of an environment to sleep, so that their compute is not billed: Aurora Serverless v2 of a version',
    'that can goes down to zero capacity while nobody is connected, every other Aurora cluster and RDS instance is stopped.',
    'Only of environments that were made here, never of a protected one, and nothing that another environment shares. AWS',
    'starts what is stopped again after 7 days.',
  ].join('\n'),
  arguments: [
    {
      name: 'env',
      description: 'the environment; never dev, staging, prod or one that was not made here',
      required: true,
    },
  ],
  options: sessionOptions,
  examples: ['provision-env sleep feature-auth', 'provision-env sleep feature-auth --json'],
  input: z.object({ env: z.string(), ...sessionInput }),
  run: (input, io) => sleepOrWake('sleep', io, input),
});
