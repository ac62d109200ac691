/**
 * Values that the tool makes itself, for example the password of a new database.
 *
 * 30 characters, the longest that every engine of RDS takes (Oracle: 30, MySQL: 41), of letters, digits, `-` and `_`
 * only: RDS refuses `/`, `@`, `"` and spaces, and nothing has to be escaped in URLs, shells and connection strings.
 */
import { randomInt } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const marks = '-_';
const length = 30;

const pick = (from: string): string => from.charAt(randomInt(from.length));

const strongEnough = (value: string): boolean =>
  [/[A-Z]/, /[a-z]/, /\d/, /[-_]/].every((kind) => kind.test(value));

export function generatePassword(): string {
  for (;;) {
    // Some tools take what begins with `-` for an option; a letter first is valid everywhere.
    const rest = Array.from({ length: length - 1 }, () => pick(letters + digits + marks));
    const value = pick(letters) + rest.join('');
    // Drawing again keeps all valid values equally likely, which putting in the missing kinds would not.
    if (strongEnough(value)) return value;
  }
}
