/** Opens the store of a project: files of the project, or the bucket that the configuration names. */
import type { AwsClients } from '../aws/clients.ts';
import { adoptKey } from '../secrets/fingerprint.ts';
import { createFileStore } from '../store/file-store.ts';
import type { Store } from '../transfer/store.ts';

/** Where the key for fingerprints lies in a bucket: without it, records of two machines could not be compared. */
const keyObject = 'fingerprint.key';

/**
 * @param place `s3://bucket/prefix`; files below `ownFolder` if absent
 * @param ownFolder the project's `.provision-env`
 * @throws ProvisionError where the bucket cannot be read, or has another key for fingerprints than this machine
 */
export async function openStore(
  place: string | undefined,
  ownFolder: string,
  clients: () => Promise<AwsClients>,
): Promise<Store> {
  if (place === undefined) return createFileStore(ownFolder);
  const [{ s3Objects }, { createObjectStore }, s3] = await Promise.all([
    import('../aws/s3-objects.ts'),
    import('../store/object-store.ts'),
    clients().then((made) => made.get('s3')),
  ]);
  const { host: bucket, pathname } = new URL(place);
  const objects = s3Objects(s3, bucket, pathname.replaceAll(/^\/+|\/+$/g, ''));
  await adoptKey(ownFolder, {
    place: `${objects.place}/${keyObject}`,
    read: async () => (await objects.get(keyObject))?.text ?? null,
    offer: async (text) => {
      await objects.put(keyObject, text, 'absent');
    },
  });
  return createObjectStore(objects);
}
