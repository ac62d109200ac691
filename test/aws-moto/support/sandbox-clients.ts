import { afterAll, beforeAll, inject, vi } from 'vitest';
import { type AwsClients, createClients } from '../../../src/aws/clients.ts';

/** Clients of the emulator that all files here share, from the first test of the file or suite to its last. */
export function sandboxClients(): () => AwsClients {
  let clients: AwsClients;

  beforeAll(() => {
    for (const [name, value] of Object.entries(inject('sandboxEnv'))) vi.stubEnv(name, value);
    clients = createClients({ maxAttempts: 1 });
  });

  afterAll(() => {
    clients.close();
    vi.unstubAllEnvs();
  });

  return () => clients;
}
