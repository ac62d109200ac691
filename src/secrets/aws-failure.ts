/**
 * Errors of AWS about secrets. Its validation errors repeat what was sent ("Value '…' at 'value' failed to satisfy
 * constraint"), and what was sent is a secret: so neither their text nor they themselves as a cause go any further.
 */
import { awsError, errorCode } from '../aws/errors.ts';
import { ProvisionError } from '../transfer/errors.ts';

export async function withoutValues<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    const { code, message, hint } = awsError(error, doing);
    // The thrown one replaces the cause on purpose.
    throw new ProvisionError(code, message, { hint });
  }
}

/** `null` where AWS says with one of these codes that the thing is not there. */
export async function orNull<T>(notFound: readonly string[], call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (notFound.includes(errorCode(error))) return null;
    throw error;
  }
}

/** The place of an environment's secrets: a pattern with `{env}`, or what the configuration names for it. */
export function placeOf(
  pattern: string,
  configs: Readonly<Record<string, string>>,
  environment: string,
): string {
  const named = configs[environment];
  if (named !== undefined) return named;
  if (!pattern.includes('{env}')) {
    throw new ProvisionError('config-invalid', `\`secrets.pattern\` has no \`{env}\` in it: ${pattern}`, {
      hint: 'Write `{env}` where the name of the environment stands, for example `daily-report/{env}`.',
    });
  }
  return pattern.replaceAll('{env}', environment);
}
