/** One comment for one environment, on GitHub or GitLab: made once, then changed in place. */
import { isProvisionError } from '../transfer/errors.ts';

export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Who wrote it; `null` for an account that is gone. */
  readonly author: string | null;
  /** True if a program wrote it. */
  readonly bot: boolean;
}

/** Where comments on a pull or merge request are written. */
export interface CommentPlace {
  /** The account that the token is of; `null` for the token of a workflow or an app, which has none. */
  me(): Promise<string | null>;
  comments(request: number): Promise<readonly Comment[]>;
  addComment(request: number, body: string): Promise<void>;
  changeComment(request: number, id: number, body: string): Promise<void>;
}

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
  place: CommentPlace,
  request: number,
  { marker, body, make }: OneComment,
): Promise<'made' | 'changed' | 'none'> {
  const [me, comments] = await Promise.all([place.me(), place.comments(request)]);
  const isOwn = (comment: Comment): boolean =>
    comment.body.startsWith(marker) && (me === null ? comment.bot : comment.author === me);
  const own = comments.filter(isOwn);
  if (own.length > 0) {
    // Two that were made at the same moment are both kept true.
    for (const { id } of own) await place.changeComment(request, id, body);
    return 'changed';
  }
  if (!make) return 'none';
  try {
    await place.addComment(request, body);
  } catch (thrown) {
    if (!isProvisionError(thrown) || thrown.code !== 'network-unreachable') throw thrown;
    // It may stand there all the same, and would be there twice if it were simply sent again.
    if ((await place.comments(request)).some(isOwn)) return 'made';
    await place.addComment(request, body);
  }
  return 'made';
}
