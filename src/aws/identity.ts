import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsError } from './errors.ts';

/**
 * Who the credentials in use belong to.
 * @throws ProvisionError `credentials-missing`, `credentials-expired`, `network-unreachable`
 */
export async function callerIdentity(): Promise<{ account: string; arn: string }> {
  const client = new STSClient({
    maxAttempts: 2,
    ...(process.env['AWS_REGION'] ? {} : { region: 'us-east-1' }),
  });
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: AbortSignal.timeout(15_000),
    });
    return { account: Account ?? 'unknown', arn: Arn ?? 'unknown' };
  } catch (error) {
    throw awsError(error, 'asking who the credentials belong to');
  } finally {
    client.destroy();
  }
}
