/** A function's code, from where the service keeps it, through memory and nowhere else. */
import { ProvisionError } from '../../transfer/errors.ts';

/** What the service takes in one request is 50 MB zipped; what is larger came by way of a bucket. */
const largestBytes = 50 * 1024 * 1024;

const downloadLimitMs = 2 * 60_000;

/**
 * @param location a presigned URL: good for some minutes, and a secret as long
 * @param what for example "the code of the function api"
 * @throws ProvisionError where it is too large, cannot be had, or takes more than two minutes
 */
export async function downloadCode(location: string, what: string, signal: AbortSignal): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(downloadLimitMs);
  try {
    const response = await fetch(location, { signal: AbortSignal.any([signal, limit]) });
    if (!response.ok || response.body === null)
      throw new ProvisionError('service-unavailable', `${what} was answered with ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > largestBytes)
        throw new ProvisionError('configuration-invalid', `${what} has more than 50 MB`, {
          hint: 'Code of that size cannot be sent in one request: make this function by hand, or as an image.',
        });
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted)
      throw new ProvisionError('timed-out', `${what} could not be downloaded within two minutes`);
    if (error instanceof ProvisionError) throw error;
    // The cause would say the URL, and whoever has the URL has the code.
    throw new ProvisionError('network-unreachable', `${what} could not be downloaded`, {
      hint: 'Check the network and the proxy settings.',
    });
  }
}
