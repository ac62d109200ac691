import { describe, expect, it } from 'vitest';
import { compareRemovals } from '../../src/ownership/removal-plan.ts';
import { refreshed, withOrigins, withPlanned, withState } from '../../src/ownership/recorded.ts';
import type { RecordedResource } from '../../src/transfer/record.ts';

const made = (name: string, address = `aws_dynamodb_table.${name}`): RecordedResource => ({
  address,
  type: 'aws_dynamodb_table',
  identity: name,
  id: name,
  arn: `arn:aws:dynamodb:eu-west-1:1:table/${name}`,
});
const planned = (name: string | null, address = `aws_dynamodb_table.${name}`): RecordedResource => ({
  ...made(name ?? '', address),
  identity: name,
  id: null,
  arn: null,
  planned: { nameWasFree: true },
});

describe('what is recorded', () => {
  it('keeps whether a thing was made or taken over, which no state tells', () => {
    const taken = { ...planned('a'), origin: 'taken-over' as const, planned: { nameWasFree: false } };
    const kept = { ...made('a'), origin: 'taken-over' };
    expect(withState([taken], [made('a')]).resources).toEqual([kept]);
    expect(refreshed([taken], [made('a')])).toEqual([kept]);
  });

  it('reads it from what was accepted, where the record is of before it was written down', () => {
    const finding = (severity: 'error' | 'warning') => ({
      rule: 'identity-free',
      severity,
      subject: made('a').address,
      message: '',
      hint: '',
    });
    expect(withOrigins([made('a')], [finding('error')])).toEqual([{ ...made('a'), origin: 'taken-over' }]);
    expect(withOrigins([made('a')], [finding('warning')])).toEqual([made('a')]);
    const own = { ...made('a'), origin: 'made' as const };
    expect(withOrigins([own], [finding('error')])).toEqual([own]);
  });

  it('has what an apply is about to make beside what is there, once', () => {
    expect(withPlanned([made('a')], [planned('a'), planned('b')])).toEqual([made('a'), planned('b')]);
    const nameless = planned(null, 'aws_apigatewayv2_api.x');
    expect(withPlanned([nameless], [nameless])).toEqual([nameless]);
  });

  it('loses nothing because a state does not list it', () => {
    expect(withState([planned('a'), planned('b'), made('old')], [made('a')])).toEqual({
      resources: [made('a'), planned('b'), made('old')],
      unlisted: [planned('b'), made('old')],
    });
    // What has no name of its own was planned at an address, and there it is.
    expect(withState([planned(null, 'x.y')], [made('a', 'x.y')]).unlisted).toEqual([]);
  });

  it('takes from a state how things are, and nothing that nobody has written down', () => {
    expect(refreshed([planned('a')], [made('a'), made('by-hand')])).toEqual([made('a')]);
  });
});

describe('a plan to remove everything', () => {
  const removal = (thing: RecordedResource, action = 'delete') => ({ address: thing.address, action, thing });

  it('is what was judged', () => {
    expect(compareRemovals([removal(made('a'))], [made('a')])).toEqual({ findings: [], missing: [] });
  });

  it('tells what Terraform does not find', () => {
    expect(compareRemovals([], [made('a')]).missing).toEqual([made('a')]);
  });

  it.each([
    ['an address that was not judged', removal(made('b'))],
    ['another thing under the same address', removal({ ...made('b'), address: made('a').address })],
    ['anything but a deletion', removal(made('a'), 'update')],
  ])('is refused for %s', (_what, change) => {
    const { findings } = compareRemovals([change], [made('a')]);
    expect(findings).toMatchObject([{ rule: 'state-own', severity: 'error', overrulable: false }]);
  });

  it('may still have what is kept, before that is taken out of the state', () => {
    expect(compareRemovals([removal(made('shared'))], [], [made('shared')]).findings).toEqual([]);
    expect(compareRemovals([removal(made('shared'))], []).findings).toHaveLength(1);
  });
});
