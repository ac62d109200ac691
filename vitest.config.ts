import { defineConfig } from 'vitest/config';

/** Interrupt and kill processes at chosen instants, or measure: they need a machine that keeps up. */
const alone = [
  ...['crash', 'halfway', 'secrets-hygiene', 'sweep-at-scale', 'terraform-runner'].map(
    (name) => `test/e2e/${name}.test.ts`,
  ),
  'test/sandbox/**/*.test.ts',
];

export default defineConfig({
  test: {
    reporters: ['default', './test/support/counts-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: ['test/{aws-moto,browser,e2e,sandbox}/**', '**/node_modules/**'],
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The report in a real Chromium: `apt-get install chromium`, or CHROMIUM_PATH.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Real terraform, the real AWS provider and moto. They wait for one another more than they compute: two fit on a
        // small machine.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...alone, '**/node_modules/**'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // Every adapter against moto: files without a process of their own, which share one emulator.
        test: {
          name: 'e2e-adapters',
          include: ['test/aws-moto/**/*.test.ts'],
          globalSetup: './test/aws-moto/support/shared-sandbox.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'e2e-alone',
          include: alone,
          testTimeout: 600_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
