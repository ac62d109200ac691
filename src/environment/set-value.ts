/** `--set key=value`: what a text from the command line means for a variable. */
import type { HclParser } from '../hcl/parser.ts';
import { literalValue, quote, toHcl } from '../hcl/values.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';

export interface SetValue {
  readonly value: Json;
  /** As it is written into an HCL file. */
  readonly hcl: string;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}

const asText = (raw: string): SetValue => ({ value: raw, hcl: quote(raw) });

/**
 * A literal means its value, anything else is a text. Where the variable has a text now, so is what replaces it:
 * `version=1.10` is not the number 1.1.
 * @param present the variable's value or default, `undefined` if it has none that is known
 * @throws ProvisionError `usage` if a text stands where the variable has a list, map, number or bool
 */
export function parseSetValue(
  name: string,
  raw: string,
  present: Json | undefined,
  hcl: HclParser,
): SetValue {
  const trimmed = raw.trim();
  const parsed = trimmed === '' ? null : hcl.parseExpression(trimmed);
  const literal = parsed && literalValue(parsed.node, parsed.text);
  const written = parsed && parsed.text.slice(parsed.node.start, parsed.node.end);
  const presentKind = present === undefined || present === null ? null : kindOf(present);
  if (literal && written) {
    const kind = kindOf(literal.value);
    const heredoc = written.startsWith('<<');
    const text = heredoc ? toHcl(literal.value) : written;
    if (presentKind === 'string' && kind !== 'string' && kind !== 'null') return asText(raw);
    if (presentKind === null || presentKind === kind || kind === 'null')
      return { value: literal.value, hcl: text };
    // A quoted number is still a number to Terraform; a list in place of a map is a slip.
    if (typeof literal.value === 'string' && (presentKind === 'number' || presentKind === 'boolean')) {
      return parseSetValue(name, literal.value, present, hcl);
    }
  } else if (presentKind === null || presentKind === 'string') return asText(raw);
  const example =
    { boolean: 'true', list: '["a", "b"]', map: '{ a = "b" }', number: '3' }[presentKind ?? ''] ?? 'null';
  throw new ProvisionError('usage', `The value given for \`${name}\` is no ${presentKind ?? 'value'}.`, {
    hint: `The variable has a ${presentKind ?? 'value'} now. Write it like this: --set '${name}=${example}'.`,
  });
}
