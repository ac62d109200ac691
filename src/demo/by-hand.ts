/** What a person did before provision-env: makes the source environment with terraform itself. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { run } from '../process/run.ts';

export const stateBucket = 'dr-daily-report-terraform-state';

/** The bucket of the states is made once per account; no state can hold the bucket it lies in. */
export async function createStateBucket(env: Readonly<Record<string, string>>): Promise<void> {
  const client = new S3Client({
    region: env['AWS_REGION'] ?? 'ap-southeast-1',
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    forcePathStyle: true,
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  await client.send(
    new CreateBucketCommand({
      Bucket: stateBucket,
      CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' },
    }),
  );
  client.destroy();
}

export interface ByHand {
  readonly terraform: string;
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly init: readonly string[];
  readonly apply: readonly string[];
  /** Told what is run. */
  readonly say?: (text: string) => void;
}

/** `terraform init` and `terraform apply`, as the README of the example says. */
export async function applyByHand({ terraform, dir, env, init, apply, say }: ByHand): Promise<void> {
  for (const args of [
    ['init', '-input=false', ...init],
    ['apply', '-input=false', '-auto-approve', ...apply],
  ]) {
    say?.(`terraform ${args.join(' ')}`);
    const result = await run({
      command: terraform,
      args: [...args, '-no-color'],
      cwd: dir,
      env: { ...env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
      timeoutMs: 10 * 60_000,
    });
    if (result.exitCode !== 0) {
      throw new Error(
        `terraform ${args[0]} in ${dir} failed:\n${`${result.stdout}${result.stderr}`.slice(-2000)}`,
      );
    }
  }
}

/** What `terraform output` shows, as far as it is text. */
export async function outputsByHand({
  terraform,
  dir,
  env,
}: Pick<ByHand, 'terraform' | 'dir' | 'env'>): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await run({
    command: terraform,
    args: ['output', '-json'],
    cwd: dir,
    env,
    timeoutMs: 60_000,
  });
  const outputs = JSON.parse(stdout) as Record<string, { readonly value: unknown }>;
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );
}
