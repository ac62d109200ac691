/** One comment for one environment: made once, then changed in place. */
import type { GitHub } from './client.ts';

export interface OneComment {
  /** What the comment begins with. */
  readonly marker: string;
  /** Begins with the marker. */
  readonly body: string;
  /** Makes it where there is none yet; otherwise only an existing one is changed. */
  readonly make: boolean;
}

/**
 * Only a comment of our own is changed: anybody can write one that begins with the marker.
 * @throws ProvisionError as the client does
 */
export async function putComment(
  github: GitHub,
  pullRequest: number,
  { marker, body, make }: OneComment,
): Promise<'made' | 'changed' | 'none'> {
  const [me, comments] = await Promise.all([github.me(), github.comments(pullRequest)]);
  const own = comments.find(
    (comment) => comment.body.startsWith(marker) && (me === null ? comment.bot : comment.author === me),
  );
  if (own === undefined) {
    if (!make) return 'none';
    await github.addComment(pullRequest, body);
    return 'made';
  }
  await github.changeComment(own.id, body);
  return 'changed';
}
