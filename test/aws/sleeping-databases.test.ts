import { expect, it } from 'vitest';
import { canPauseAtZero, type Database, sleepWay } from '../../src/aws/sleeping-databases.ts';

it.each([
  ['aurora-postgresql', '13.14', false],
  ['aurora-postgresql', '13.15', true],
  ['aurora-postgresql', '14.11', false],
  ['aurora-postgresql', '14.12', true],
  ['aurora-postgresql', '15.6', false],
  ['aurora-postgresql', '15.7', true],
  ['aurora-postgresql', '15.10', true],
  ['aurora-postgresql', '16.2', false],
  ['aurora-postgresql', '16.3', true],
  ['aurora-postgresql', '17.4', true],
  ['aurora-postgresql', '12.22', false],
  ['aurora-postgresql', '', false],
  ['aurora-mysql', '8.0.mysql_aurora.3.07.1', false],
  ['aurora-mysql', '8.0.mysql_aurora.3.08.0', true],
  ['aurora-mysql', '8.0.mysql_aurora.3.10.0', true],
  ['aurora-mysql', '5.7.mysql_aurora.2.12.4', false],
  ['aurora-mysql', '8.0', false],
  ['postgres', '16.4', false],
])('%s %s can go down to zero capacity: %s', (engine, version, can) => {
  expect(canPauseAtZero(engine, version)).toBe(can);
});

const serverless: Database = {
  kind: 'cluster',
  id: 'app',
  status: 'available',
  engine: 'aurora-postgresql',
  engineVersion: '16.4',
  engineMode: 'provisioned',
  storageType: 'aurora',
  multiAz: false,
  capacity: { min: 0.5, max: 4, secondsUntilAutoPause: null },
  clusterId: null,
  instances: [{ id: 'app-1', class: 'db.serverless' }],
};

it.each<[string, Partial<Database>, boolean, 'pause' | 'stop' | null]>([
  ['a serverless cluster of a version that can', {}, false, 'pause'],
  ['one of an older version', { engineVersion: '16.1' }, false, 'stop'],
  ['one behind a proxy, which would keep it awake', {}, true, 'stop'],
  [
    'one with an instance that is not serverless',
    { instances: [...serverless.instances, { id: 'app-2', class: 'db.r6g.large' }] },
    false,
    'stop',
  ],
  [
    'a provisioned cluster',
    { capacity: null, instances: [{ id: 'a', class: 'db.r6g.large' }] },
    false,
    'stop',
  ],
  ['Serverless v1', { engineMode: 'serverless' }, false, null],
  ['a cluster that is not Aurora', { engine: 'postgres', capacity: null }, false, null],
  ['a cluster without an instance', { instances: [] }, false, null],
  ['an instance', { kind: 'instance', capacity: null, engine: 'mysql' }, false, 'stop'],
])('%s', (_what, more, proxied, way) => {
  expect(sleepWay({ ...serverless, ...more }, { proxied }).way).toBe(way);
});
