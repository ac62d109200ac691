/** What is a credential by its place, whatever its value: in a URL, between the marks of a private key. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Already taken out, left to be filled in, or a stand-in. */
const empty = /^(?:[*x.]+|\$\{?.*|<.*|\{.*|%[sdv]|.*[«»].*|\[redacted\].*|REDACTED|null|undefined)$/i;

const privateKey =
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g;

const userinfo = /\b[a-z][a-z0-9+.-]*:\/\/([^\s/?#@:"'<>]*)(?::([^\s/?#@"'<>]+))?@/gi;

const address =
  /\b(?:https?|wss?|mongodb|amqps?|rediss?|postgres(?:ql)?|mysql|sqlserver|jdbc:[a-z]+):\/\/[^\s"'<>`]+/gi;

const parameter =
  /[?&;#]((?:[\w-]*(?:token|secret|passw(?:or)?d|pwd|signature|credential|api-?_?key|access-?_?key)[\w-]*)|key|sig|auth|pass)=([^&;\s"'<>#]{4,})/gi;

/** A user name is none; what stands where one stands and has no password is a token, if it looks like one. */
const token = /^(?=.*\d)[\w-]{16,}$/;

/** What services issue in a form of its own; of each the last group, or the whole, is the credential. */
const issued: readonly RegExp[] = [
  // What Telegram gives a bot, which has it in every URL. The number of an account, before a name in an ARN, has 12 digits.
  /(?<!\d)\d{6,11}:[\w-]{30,}/g,
  // JSON Web Tokens.
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  /\bauthorization["']?\s*[:=]\s*["']?(?:Bearer|Basic)\s+([\w.~+/=-]{8,})/gi,
  // Without the header's name these are words, too.
  /\b(?:[Bb]earer|[Bb]asic)\s+((?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z=])[\w.~+/=-]{16,})/g,
];

export function* credentialsIn(text: string): Generator<Place> {
  for (const look of issued)
    for (const { 0: found, 1: credential = found, index } of text.matchAll(look)) {
      const end = index + found.length;
      if (!empty.test(credential)) yield { start: end - credential.length, end };
    }
  if (text.includes('PRIVATE KEY'))
    for (const { 0: found, index } of text.matchAll(privateKey))
      yield { start: index, end: index + found.length };
  if (!text.includes('://')) return;
  for (const { 0: found, 1: user = '', 2: password, index } of text.matchAll(userinfo)) {
    const end = index + found.length - 1;
    if (password !== undefined && !empty.test(password)) yield { start: end - password.length, end };
    if (password === undefined && token.test(user)) yield { start: end - user.length, end };
  }
  for (const { 0: found, index } of text.matchAll(address)) {
    for (const { 0: pair, 2: value = '', index: at } of found.matchAll(parameter)) {
      const end = index + at + pair.length;
      if (!empty.test(value)) yield { start: end - value.length, end };
    }
  }
}
