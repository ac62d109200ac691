/** Tokens and what they may do, in the forms of https://docs.doppler.com/reference/auth-token-formats. */
import { randomBytes } from 'node:crypto';
import { Refusal } from './model.ts';

export type TokenAccess =
  /** A person or a service account: everything, or the projects that are named. */
  | { readonly kind: 'personal'; readonly projects?: readonly string[] }
  /** One config only. */
  | { readonly kind: 'service'; readonly project: string; readonly config: string; readonly write: boolean };

export class Tokens {
  readonly #tokens = new Map<string, TokenAccess>();

  issue(access: TokenAccess): string {
    const random = randomBytes(60)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 43);
    const token = access.kind === 'personal' ? `dp.pt.${random}` : `dp.st.${access.config}.${random}`;
    this.#tokens.set(token, access);
    return token;
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  /** Bearer, or Basic with the token as user name, as the CLI and the Terraform provider send it. */
  authenticate(header: string | undefined): { token: string; access: TokenAccess } {
    const [scheme = '', credentials = ''] = (header ?? '').split(' ');
    const token =
      scheme.toLowerCase() === 'basic'
        ? (Buffer.from(credentials, 'base64').toString().split(':')[0] ?? '')
        : credentials;
    const access = this.#tokens.get(token);
    if (!access) throw new Refusal(401, 'Invalid Auth token');
    return { token, access };
  }
}

export interface Wanted {
  readonly project: string;
  readonly config?: string | undefined;
  readonly write: boolean;
}

export function authorize(access: TokenAccess, { project, config, write }: Wanted): void {
  if (access.kind === 'personal') {
    if (access.projects && !access.projects.includes(project)) {
      throw new Refusal(403, `This token does not have access to requested project '${project}'`);
    }
    return;
  }
  if (access.project !== project) {
    throw new Refusal(403, `This token does not have access to requested project '${project}'`);
  }
  if (access.config !== config || (write && !access.write)) {
    throw new Refusal(403, `This token does not have access to requested config '${config ?? ''}'`);
  }
}
