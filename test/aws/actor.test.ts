/** As whom clients act, against a security token service that writes down who asked for which role. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { actorFor } from '../../src/aws/actor.ts';

let server: Server;
let endpoint: string;
/** Access key of who asked, and what was asked. */
let asked: { readonly by: string; readonly request: URLSearchParams }[];
let livesMs: number;
let answers: boolean;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const by = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      asked.push({ by, request: new URLSearchParams(body) });
      const ends = new Date(Date.now() + livesMs).toISOString();
      const issued = answers
        ? `<Credentials><AccessKeyId>KEY${asked.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${ends}</Expiration></Credentials>`
        : '';
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${issued}</AssumeRoleResult></AssumeRoleResponse>`,
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  livesMs = 3_600_000;
  answers = true;
});
afterEach(() => vi.unstubAllEnvs());

const env = { AWS_ACCESS_KEY_ID: 'CALLER', AWS_SECRET_ACCESS_KEY: 's', AWS_PROFILE: 'other' };
const role = (name: string) => ({ arn: `arn:aws:iam::111111111111:role/${name}` });
const base = () => ({ stsEndpoint: endpoint, region: 'eu-west-1' });

describe('without a role', () => {
  it('the keys of the environment come before its profile, as Terraform has it', async () => {
    const actor = actorFor({ roles: [] }, { ...env, AWS_SESSION_TOKEN: 't' });
    expect(await actor.credentials?.()).toEqual({
      accessKeyId: 'CALLER',
      secretAccessKey: 's',
      sessionToken: 't',
    });
    expect(actor.profile).toBeUndefined();
  });

  it('a profile of the provider comes before the keys of the environment', () => {
    expect(actorFor({ roles: [], profile: 'team' }, env)).toEqual({ profile: 'team' });
  });

  it('keys of the provider come before both', async () => {
    const keys = { accessKeyId: 'OWN', secretAccessKey: 's' };
    expect(await actorFor({ roles: [], keys }, env).credentials?.()).toBe(keys);
  });

  it('half a pair of keys is none: the SDK finds its own', () => {
    expect(actorFor({ roles: [] }, { AWS_ACCESS_KEY_ID: 'CALLER' })).toEqual({});
  });
});

describe('roles', () => {
  it('are assumed one by the other, with what the provider says of each', async () => {
    const last = { ...role('second'), sessionName: 'team', externalId: 'x', tags: { a: 'b' } };
    const { credentials } = actorFor({ ...base(), roles: [role('first'), last] }, env);
    expect((await credentials?.())?.accessKeyId).toBe('KEY2');
    expect(
      asked.map(({ by, request }) => [by, request.get('RoleArn'), request.get('RoleSessionName')]),
    ).toEqual([
      ['CALLER', role('first').arn, 'provision-env'],
      ['KEY1', role('second').arn, 'team'],
    ]);
    const { request } = asked[1] ?? { request: new URLSearchParams() };
    expect([request.get('ExternalId'), request.get('Tags.member.1.Key')]).toEqual(['x', 'a']);
  });

  it('are asked for once, and anew shortly before their end', async () => {
    const { credentials } = actorFor({ ...base(), roles: [role('first')] }, env);
    await Promise.all([credentials?.(), credentials?.()]);
    await credentials?.();
    expect(asked).toHaveLength(1);

    livesMs = 60_000;
    const short = actorFor({ ...base(), roles: [role('first')] }, env).credentials;
    await short?.();
    await short?.();
    expect(asked).toHaveLength(3);
  });

  it('that gave nothing are asked for again, and named', async () => {
    answers = false;
    const { credentials } = actorFor({ ...base(), roles: [role('first')] }, env);
    await expect(credentials?.()).rejects.toThrow(role('first').arn);
    answers = true;
    expect((await credentials?.())?.accessKeyId).toBe('KEY2');
  });
});
