/** What may stand in a text that came from elsewhere (names, messages, log lines), before it is shown anywhere. Pure. */

/** They act on what stands around them and are not seen: turn text round, hide it, part it, join it. */
const unseen = /[\p{Cf}\p{Cs}]/gu;

/** Control characters, and the two that break lines without being one. */
const control = /[\p{Cc}\u2028\u2029]+/gu;

/** On one line, with nothing in it that a terminal would obey and nothing that is not seen. */
export const printable = (text: string): string => text.replaceAll(control, ' ').replaceAll(unseen, '\uFFFD');
