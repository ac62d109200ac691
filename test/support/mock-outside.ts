/** Puts the outside of `outside.ts` before the product. A test imports it before anything of the product. */
import { vi } from 'vitest';
import type * as AwsClients from '../../src/aws/clients.ts';
import type * as HclParser from '../../src/hcl/parser.ts';
import type * as S3Backend from '../../src/terraform/s3-backend.ts';

vi.mock('../../src/process/run.ts', async () => ({ run: (await import('./outside.ts')).run }));
vi.mock('../../src/aws/clients.ts', async (original) => ({
  ...(await original<typeof AwsClients>()),
  createClients: (await import('./outside.ts')).createClients,
}));
vi.mock('../../src/terraform/s3-backend.ts', async (original) => ({
  ...(await original<typeof S3Backend>()),
  createBackendClients: (await import('./outside.ts')).createBackendClients,
}));
// Loading the grammar takes longer than a world does. What was parsed before is known by its text.
vi.mock('../../src/hcl/parser.ts', async (original) => {
  const parser = (await original<typeof HclParser>()).createHclParser();
  return { createHclParser: () => parser };
});
