/**
 * The ARN that something of the same kind and account has under another name: that of `source` with its last part, and the
 * region, replaced.
 *
 * @param source `arn:partition:service:region:account:…name`
 */
export function sibling(source: string, region: string, name: string): string {
  const [arn = '', partition = '', service = '', , ...rest] = source.split(':');
  return [arn, partition, service, region, ...rest.slice(0, -1), name].join(':');
}
