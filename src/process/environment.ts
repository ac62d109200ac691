/** What of its environment a program is given that needs to know nothing of ours. */
import process from 'node:process';

/** Where it finds programs, its home, its temporary folder; how it speaks; how it reaches the network. */
const everyProgram =
  /^(?:PATH|PATHEXT|HOME|HOMEDRIVE|HOMEPATH|USERPROFILE|USER|USERNAME|LOGNAME|SHELL|COMSPEC|SYSTEMROOT|WINDIR|PROGRAMDATA|(?:LOCAL)?APPDATA|TMPDIR|TE?MP|XDG_\w+|LANG|LANGUAGE|LC_\w+|TZ|TERM|(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|LD_LIBRARY_PATH)$/i;

/** @param more names of variables that it reads besides */
export function onlyNeeded(
  more: RegExp,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inherited).flatMap(([name, value]) =>
      value !== undefined && (everyProgram.test(name) || more.test(name)) ? [[name, value]] : [],
    ),
  );
}
