import { appendFileSync, writeFileSync, existsSync, mkdtempSync } from 'node:fs';
import { afterAll, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { makeFolder } from './make.ts';
import { anyScript, createPlayer, type Script } from './play.ts';
vi.mock('../../src/process/run.ts', async () => ({ run: (await import('../support/outside.ts')).run }));
vi.mock('../../src/aws/clients.ts', async (original) => ({
  ...(await original<typeof import('../../src/aws/clients.ts')>()),
  createClients: (await import('../support/outside.ts')).createClients,
}));
vi.mock('../../src/terraform/s3-backend.ts', async (original) => ({
  ...(await original<typeof import('../../src/terraform/s3-backend.ts')>()),
  createBackendClients: (await import('../support/outside.ts')).createBackendClients,
}));
process.env.TMPDIR = '/dev/shm';
const folder = mkdtempSync('/dev/shm/pe-worlds-');
const player = createPlayer(folder);
it('explores', async () => {
  const seed = Number(process.env.SEED ?? 1), n = Number(process.env.RUNS ?? 300);
  const scripts = fc.sample(anyScript, { numRuns: n, seed });
  const groups = new Map<string, Script[]>();
  const exits = new Map<string, number>();
  const t = performance.now(); const c = process.cpuUsage();
  const sigOf = (s: Script, v) => `${v[0].promise}: ${v[0].what.replace(/feature(-2)?/g, 'T').replace(/aws_\w+ [\w-]+ \S+/g, 'THING').replace(/project\/\S+/g, (m: string) => m).slice(0, 160)}`;
  for (const script of scripts) {
    try {
      const { violations, runs } = await player.play(script);
      for (const r of runs) { const k = `${r.exitCode} ${r.document?.error?.code ?? ''}`; exits.set(k, (exits.get(k) ?? 0) + 1); }
      if (violations.length === 0) continue;
      // reduce
      let small = script; let sig = violations[0]!.promise;
      const still = async (s: Script) => { try { const r = await player.play(s); return r.violations[0]?.promise === sig ? r : null; } catch { return null; } };
      let again = true;
      while (again) { again = false;
        const candidates: Script[] = [
          ...small.mishaps.map((_m, i) => ({ ...small, mishaps: small.mishaps.filter((_x, j) => j !== i) })),
          ...(small.commands.length > 1 ? small.commands.map((cc) => ({ ...small, commands: [cc] })) : []),
          ...(small.shape.killed ? [{ ...small, shape: { ...small.shape, killed: false } }] : []),
          ...(small.shape.module !== 'two' ? [{ ...small, shape: { ...small.shape, module: 'two' as const } }] : []),
          ...(small.shape.backend !== 's3-file' ? [{ ...small, shape: { ...small.shape, backend: 's3-file' as const } }] : []),
        ];
        for (const cand of candidates) if (await still(cand)) { small = cand; again = true; break; }
      }
      const r = await still(small);
      const v = r!.violations;
      const key = `${v[0]!.promise} | ${small.shape.killed ? 'killed ' : ''}${small.mishaps.map((m) => [m.kind, (m as any).what ?? (m as any).how ?? (m as any).lineage ?? (m as any).service ?? (m as any).which].filter((x) => x !== undefined).join(':')).join(' + ')} | ${small.commands.join(',')}`;
      const list = groups.get(key) ?? []; groups.set(key, list);
      list.push(small);
      if (list.length === 1) appendFileSync('/tmp/worlds/explore.txt', `${key}\n   ${JSON.stringify(small)}\n   ${v.map((x) => x.what).slice(0, 3).join('\n   ')}\n`);
    } catch (e) { appendFileSync('/tmp/worlds/explore.txt', `HARNESS ${(e as Error).stack}\n  ${JSON.stringify(script)}\n`); }
  }
  const cpu = process.cpuUsage(c);
  console.log('ms', performance.now() - t, 'cpu', (cpu.user + cpu.system) / 1000, 'exits', Object.fromEntries(exits));
  console.log([...groups].sort((a, b) => b[1].length - a[1].length).map(([k, l]) => `${l.length}\t${k}`).join('\n'));
}, 3_000_000);
