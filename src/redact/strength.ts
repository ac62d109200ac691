/**
 * Where a secret is looked for. A long random value is taken out wherever it stands; a word only where it stands as a
 * word; and what everybody knows or what is too short to be told from other text only beside its own name, for taking
 * out every `prod` and every `1` would leave nothing to read and would hide nothing.
 */
import { foldedText } from './fold.ts';

export type Reach = 'anywhere' | 'word' | 'beside-its-name';

const commonplace = new Set(
  (
    'true false yes no on off none null nil undefined default enabled disabled auto local localhost dev test testing stage ' +
    'staging prod production preview sandbox demo main master debug info warn warning error fatal trace json text utc ' +
    'admin administrator root user username postgres postgresql mysql mariadb aurora redis mongo app api web worker ' +
    'public private secret secrets token password key value string changeme example placeholder'
  ).split(' '),
);

const region = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]?$/;

/** Digits of a port, a count, a year; a PIN has its name beside it. */
const smallNumber = /^\d{1,5}$/;

/** True for what says nothing to anybody who reads it alone. */
export function isCommonplace(value: string): boolean {
  const word = value.trim().toLowerCase();
  return commonplace.has(word) || region.test(word) || smallNumber.test(word);
}

/** Kinds of characters in it; names are written in one or two. */
function kinds(value: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s.-]/].filter((kind) => kind.test(value)).length;
}

/** No name that a person gives: a secret stays one where somebody has put it into a plain variable, too. */
export const looksIssued = (value: string): boolean =>
  value.length >= 16 && !/\s/.test(value) && (kinds(value) > 2 || /^[0-9a-f]{32,}$/i.test(value));

export function reachOf(value: string, isPublic: (value: string) => boolean): Reach {
  const folded = foldedText(value);
  const { length } = folded;
  // `----` and `0000` stand in many texts.
  if (new Set(folded).size < 4 || isCommonplace(value)) return 'beside-its-name';
  if (isPublic(value.trim()) && !looksIssued(value.trim())) return 'beside-its-name';
  if (length >= 16 || (length >= 8 && kinds(value) > 1)) return 'anywhere';
  return 'word';
}

const hostname = /^(?=.*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/i;

/**
 * True for what is written to be read by all: ARNs, host names, plain addresses without credentials. Their names do not
 * make secrets of them: `API_KEY_SECRET_ARN`, `AURORA_HOST`.
 */
export function isAddress(value: string): boolean {
  const text = value.trim();
  if (/^arn:aws[\w-]*:[\w-]*:[\w-]*:\d*:\S+$/.test(text)) return true;
  if (hostname.test(text) && !text.startsWith('eyJ'))
    return text.split('.').every((label) => label.length < 64);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash, pathname } = new URL(text);
  return `${username}${password}${search}${hash}` === '' && !/[\w-]{16,}/.test(pathname);
}
