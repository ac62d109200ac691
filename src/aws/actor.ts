/**
 * As whom clients act that have to act where Terraform's AWS provider does: its profile, its keys, the roles that it
 * assumes one after the other. Without any of them the environment says it, by the provider's order.
 */
import process from 'node:process';
import { ProvisionError } from '../transfer/errors.ts';
import type { Actor, AwsCredentials, CredentialSource } from './clients.ts';

export interface RoleToAssume {
  readonly arn: string;
  readonly sessionName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly transitiveTagKeys?: readonly string[] | undefined;
  readonly sourceIdentity?: string | undefined;
}

export interface Acting {
  readonly profile?: string | undefined;
  readonly keys?: AwsCredentials | undefined;
  /** In the order in which they are assumed. */
  readonly roles: readonly RoleToAssume[];
  readonly stsEndpoint?: string | undefined;
  /** Of the security token service. */
  readonly region?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The keys in the environment. Terraform's provider takes them before `AWS_PROFILE`, the SDK after it: with both set
 * the two would act as two. A profile of the provider block comes before either.
 */
function keysOf(env: Environment): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}) };
}

export function actorFor(acting: Acting, env: Environment = process.env): Actor {
  const { profile, roles, stsEndpoint, region } = acting;
  const keys = acting.keys ?? (profile === undefined ? keysOf(env) : undefined);
  const first: Actor = {
    ...(profile === undefined ? {} : { profile }),
    ...(keys === undefined ? {} : { credentials: () => Promise.resolve(keys) }),
    ...(stsEndpoint === undefined ? {} : { stsEndpoint }),
  };
  return roles.reduce<Actor>(
    (actor, role) => ({
      credentials: assumed(role, actor, region),
      ...(stsEndpoint === undefined ? {} : { stsEndpoint }),
    }),
    first,
  );
}

/** How long before their end credentials are not used any more: a call may last. */
const spareMs = 5 * 60_000;

/** All clients of an actor share what was issued; shortly before its end it is asked for anew. */
function shared(issue: CredentialSource): CredentialSource {
  let current: Promise<AwsCredentials> | undefined;
  let until = 0;
  return () => {
    if (current !== undefined && Date.now() < until) return current;
    until = Number.POSITIVE_INFINITY;
    current = issue().then(
      (credentials) => {
        if (credentials.expiration !== undefined) until = credentials.expiration.getTime() - spareMs;
        return credentials;
      },
      (error: unknown) => {
        until = 0;
        throw error;
      },
    );
    return current;
  };
}

function assumed(role: RoleToAssume, by: Actor, region: string | undefined): CredentialSource {
  return shared(async () => {
    const { STS } = await import('@aws-sdk/client-sts');
    const sts = new STS({
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
      ...(region === undefined ? {} : { region }),
      ...(by.profile === undefined ? {} : { profile: by.profile }),
      ...(by.credentials === undefined ? {} : { credentials: by.credentials }),
      ...(by.stsEndpoint === undefined ? {} : { endpoint: by.stsEndpoint }),
    });
    try {
      const { Credentials: issued } = await sts.assumeRole(requestOf(role));
      if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken)
        throw new ProvisionError('access-denied', `AWS gave no credentials for the role ${role.arn}.`);
      return {
        accessKeyId: issued.AccessKeyId,
        secretAccessKey: issued.SecretAccessKey,
        sessionToken: issued.SessionToken,
        ...(issued.Expiration === undefined ? {} : { expiration: issued.Expiration }),
      };
    } finally {
      sts.destroy();
    }
  });
}

function requestOf(role: RoleToAssume) {
  const { arn, sessionName, externalId, policy, policyArns, tags, transitiveTagKeys, sourceIdentity } = role;
  return {
    RoleArn: arn,
    RoleSessionName: sessionName ?? 'provision-env',
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
    ...(policy === undefined ? {} : { Policy: policy }),
    ...(policyArns === undefined ? {} : { PolicyArns: policyArns.map((each) => ({ arn: each })) }),
    ...(tags === undefined ? {} : { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(transitiveTagKeys === undefined ? {} : { TransitiveTagKeys: [...transitiveTagKeys] }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
}
