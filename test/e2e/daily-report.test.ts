/** The example of the specification from end to end: dev → staging, with Aurora, Doppler, both channels, all four layers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from './support/codes.ts';
import { createDailyReport, type DailyReport } from './support/daily-report.ts';
import { leftBehind } from './support/left-behind.ts';

const project = 'daily-report';

let daily: DailyReport;
beforeAll(async () => {
  daily = await createDailyReport({ aurora: true });
});
afterAll(async () => {
  await daily.close();
});

describe('provision-env staging from=dev', () => {
  it('waits until a person has made the channels', async () => {
    const { exitCode, document } = await daily.json(['staging', 'from=dev', '--yes']);
    expect([exitCode, document.status, document.error?.code]).toEqual([6, 'waiting', 'needs-person']);
    // Half a capacity unit of Aurora at $0.20 an hour in Singapore, and one secret.
    expect(document.cost?.monthlyDelta).toBeCloseTo(0.5 * 730 * 0.2 + 0.4, 2);
    expect(document.mapping).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ subject: 'aws_rds_cluster.aurora[0]', action: 'new-cluster' }),
        expect.objectContaining({ subject: 'LINE_CHANNEL_ACCESS_TOKEN', action: 'new-credential' }),
        expect.objectContaining({ subject: 'AURORA_HOST', action: 'new-value' }),
        expect.objectContaining({ subject: 'AURORA_PASSWORD', action: 'new-credential' }),
        expect.objectContaining({ subject: 'OPENROUTER_API_KEY', action: 'same-value' }),
      ]),
    );
  });

  it('makes everything, fills in the endpoint, and waits for the codes', async () => {
    const { doppler, spare } = daily.world;
    const dev = doppler.secrets(project, 'dev');
    doppler.set(project, 'staging', spare.secrets);
    const { exitCode, document } = await daily.json(['resume', 'staging', '--yes']);
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 6 });
    expect(document.proof).toMatchObject({ phase: 'after-apply', held: true });
    expect(document.evidence.filter(({ status }) => status !== 'pass').map(({ check }) => check)).toEqual([
      'code-returned',
      'code-returned',
    ]);
    const staging = doppler.secrets(project, 'staging');
    expect(staging['AURORA_HOST']).toBe(document.record?.outputs['aurora_endpoint']);
    expect(staging['AURORA_HOST']).not.toBe(dev['AURORA_HOST']);
    expect(staging['AURORA_PASSWORD']).toMatch(/^\S{20,}$/);
    expect(staging['AURORA_PASSWORD']).not.toBe(dev['AURORA_PASSWORD']);
    expect(staging['OPENROUTER_API_KEY']).toBe(dev['OPENROUTER_API_KEY']);
    expect(doppler.secrets(project, 'dev')).toEqual(dev);
    const left = await leftBehind(daily.project);
    for (const value of [...Object.values(spare.secrets), staging['AURORA_PASSWORD'] ?? ''])
      expect(left.includes(value)).toBe(false);
  });

  it('is verified once both testers have received their messages', async () => {
    const codes = await codesOf(daily.world, daily.world.spare);
    const first = await daily.cli(['confirm', 'staging', codes.line]);
    expect([first.exitCode, first.stderr]).toEqual([6, '']);
    expect(first.stdout).toContain('telegram still waits');
    const second = await daily.json(['confirm', 'staging', codes.telegram]);
    expect([second.exitCode, second.document.record?.status]).toEqual([0, 'verified']);
    const { document } = await daily.json(['status', 'staging']);
    expect(document.checklist?.filter(({ ticked }) => !ticked)).toEqual([]);
  });

  it('is protected: no command destroys it', async () => {
    const { exitCode, document } = await daily.json(['destroy', 'staging', '--yes']);
    expect([exitCode, document.error?.code]).toEqual([2, 'protected-environment']);
  });
});
