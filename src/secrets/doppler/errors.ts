/** What an answer of Doppler means: sorted once, here. */
import { ProvisionError } from '../../transfer/errors.ts';

export type DopplerFailure =
  | { readonly kind: 'token' | 'denied' | 'no-project' | 'no-config' | 'no-environment' | 'exists' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  | { readonly kind: 'unavailable'; readonly status: number }
  | { readonly kind: 'network' | 'timed-out' | 'interrupted' | 'unreadable' }
  | { readonly kind: 'refused'; readonly status: number; readonly messages: readonly string[] };

/** Thrown inside of the client only; what leaves it is a `ProvisionError`. */
export class DopplerError extends Error {
  readonly failure: DopplerFailure;

  constructor(failure: DopplerFailure) {
    super(failure.kind);
    this.name = 'DopplerError';
    this.failure = failure;
  }
}

/**
 * Doppler answers some wrong names and tokens with 400 instead of 404 or 401, and names what it could not find only
 * in the text: so the texts that its own CLI and Terraform provider show are told apart here too.
 */
export function failureOf(status: number, messages: readonly string[], retryAfterMs: number): DopplerFailure {
  const text = messages.join(' ').toLowerCase();
  if (status === 429) return { kind: 'throttled', retryAfterMs };
  if (status >= 500) return { kind: 'unavailable', status };
  if (status === 401 || text.includes('invalid auth token') || text.includes('invalid service token')) {
    return { kind: 'token' };
  }
  if (status === 403 || text.includes('does not have access')) return { kind: 'denied' };
  if (status === 404 || text.includes('could not find')) {
    if (text.includes('config')) return { kind: 'no-config' };
    return { kind: text.includes('environment') ? 'no-environment' : 'no-project' };
  }
  if (status === 409 || text.includes('already exists')) return { kind: 'exists' };
  return { kind: 'refused', status, messages };
}

export interface DopplerSubject {
  /** What was being done: `reading the secrets`. */
  readonly doing: string;
  readonly project: string;
  readonly config?: string | undefined;
  readonly host: string;
}

const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))} s`;

/** Only our own words and the names of things: an answer may hold what was sent, and that may be a value. */
export function dopplerError(failure: DopplerFailure, subject: DopplerSubject): ProvisionError {
  const { doing, project, config, host } = subject;
  const where =
    config === undefined ? `the Doppler project ${project}` : `the Doppler config ${project}/${config}`;
  switch (failure.kind) {
    case 'token': {
      return new ProvisionError('credentials-expired', `Doppler does not accept the token (${doing}).`, {
        hint: 'It was revoked, is expired or is of another workplace. Sign in again with `doppler login`, or set DOPPLER_TOKEN.',
      });
    }
    case 'denied': {
      return new ProvisionError('access-denied', `The Doppler token may not do this in ${where}: ${doing}.`, {
        hint: 'A service token reaches one config only. Use a personal, CLI or service account token whose role may read the source’s config and make and write configs.',
      });
    }
    case 'no-project': {
      return new ProvisionError(
        'config-invalid',
        `There is no Doppler project ${project} for this token (${doing}).`,
        {
          hint: 'Name the right one under `secrets.project` in the configuration, in doppler.yaml or in DOPPLER_PROJECT.',
        },
      );
    }
    case 'no-environment':
    case 'no-config': {
      return new ProvisionError(
        'environment-not-found',
        `There is no config ${config ?? ''} in the Doppler project ${project} (${doing}).`,
        {
          hint: 'Name it under `secrets.configs` in the configuration: { "<environment>": "<config>" }.',
        },
      );
    }
    case 'exists': {
      return new ProvisionError('already-exists', `${capital(where)} is there already.`, {
        hint: 'Somebody made it in the meantime. Run the command again.',
      });
    }
    case 'throttled': {
      return new ProvisionError(
        'timed-out',
        `Doppler's rate limit is reached (${doing}); it is over in ${seconds(failure.retryAfterMs)}.`,
        {
          hint: 'Run the command again then; it goes on where it stopped.',
        },
      );
    }
    case 'unavailable': {
      return new ProvisionError('network-unreachable', `Doppler answered ${failure.status} (${doing}).`, {
        hint: 'Look at https://www.dopplerstatus.com and run the command again; it goes on where it stopped.',
      });
    }
    case 'network': {
      return new ProvisionError(
        'network-unreachable',
        `Doppler could not be reached at ${host} (${doing}).`,
        {
          hint: 'Check the network, the proxy settings and, if it is set, DOPPLER_API_HOST.',
        },
      );
    }
    case 'timed-out': {
      return new ProvisionError('timed-out', `Doppler did not answer in time (${doing}).`, {
        hint: 'Try again in a minute.',
      });
    }
    case 'interrupted': {
      return new ProvisionError('interrupted', `Interrupted while ${doing}.`);
    }
    case 'unreadable': {
      return new ProvisionError(
        'output-unreadable',
        `Doppler's answer has a form that is not known (${doing}).`,
        {
          hint: 'If DOPPLER_API_HOST is set, check that it is an API of Doppler.',
        },
      );
    }
    case 'refused': {
      break;
    }
  }
  const said = failure.messages.length === 0 ? '' : `: ${failure.messages.join(' ')}`;
  return new ProvisionError('unexpected', `Doppler refused it (${failure.status}, ${doing})${said}`, {
    hint: 'Names of secrets have upper-case letters, digits and underscores only.',
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
