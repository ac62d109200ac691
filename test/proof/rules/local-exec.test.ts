import { expect, it } from 'vitest';
import { declaredIn, held, judged, withChange, withDeclared, withTarget, world } from '../build.ts';

const id = 'local-exec';
const address = 'aws_sqs_queue.jobs';
const withProvisioner = (type: string) =>
  withDeclared(world(), { ...declaredIn(world(), address), provisioners: [{ type, line: 12 }] });

it.each([
  ['local-exec', 'warning'],
  ['remote-exec', 'info'],
])('%s is a(n) %s', (type, severity) => {
  const found = judged(id, withProvisioner(type));
  expect(found).toMatchObject([{ severity, subject: address }]);
  expect(found[0]?.message).toContain('main.tf:12');
});

it('is silent where nothing is created', () => {
  expect(judged(id, withChange(withProvisioner('local-exec'), address, { action: 'update' }))).toEqual([]);
  expect(judged(id, world())).toEqual([]);
});

it('warns of the data source that runs a program', () => {
  const { plan } = world().target;
  const external = held('data.external.names', { program: ['./names.sh'] });
  const input = withTarget(world(), { plan: plan && { ...plan, dataSources: [external] } });
  expect(judged(id, input)).toMatchObject([{ severity: 'warning', subject: 'data.external.names' }]);
});
