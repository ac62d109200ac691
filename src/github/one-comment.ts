/** One comment for one environment, on GitHub or GitLab: made once, then changed in place. */
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
  const own = comments.find(
    (comment) => comment.body.startsWith(marker) && (me === null ? comment.bot : comment.author === me),
  );
  if (own === undefined) {
    if (!make) return 'none';
    await place.addComment(request, body);
    return 'made';
  }
  await place.changeComment(request, own.id, body);
  return 'changed';
}
