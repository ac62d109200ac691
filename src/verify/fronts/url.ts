/** A path below a URL, with one slash between them. */
export function joined(url: string, path: string | undefined): string {
  return path === undefined ? url : `${url.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
}
