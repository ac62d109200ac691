/**
 * A value that means nothing and that Terraform takes all the same: of the variable's type, and as its own `validation`
 * blocks want it, as far as that can be read from them. Pure.
 */
import type { VariableDeclaration } from '../terraform/model.ts';
import { sampleOf } from './sample-pattern.ts';

type Declared = Pick<VariableDeclaration, 'name' | 'type' | 'validations'>;

/** @param random short text without a character that a service refuses */
export function placeholderFor({ name, type, validations }: Declared, random: string): string {
  const conditions = validations.flatMap(({ condition }) => condition ?? []);
  return ofType(type ?? 'string', conditions, name, random);
}

function ofType(type: string, conditions: readonly string[], name: string, random: string): string {
  const [, kind = 'string', inner = ''] = /^\s*(\w+)\s*(?:\(([\s\S]*)\))?\s*$/.exec(type) ?? [];
  switch (kind) {
    case 'number':
      return numberFor(conditions, name);
    case 'bool':
      return conditions.some((text) => new RegExp(`!\\s*var\\.${name}\\b`).test(text)) ? 'false' : 'true';
    case 'list':
    case 'set': {
      const least = leastLength(conditions, name);
      const one = quotedUnlessPlain(inner, ofType(inner, [], name, random));
      return `[${Array.from({ length: least }, () => one).join(', ')}]`;
    }
    case 'tuple':
      return `[${parts(inner.replace(/^\s*\[|\]\s*$/g, ''))
        .map((part) => quotedUnlessPlain(part, ofType(part, [], name, random)))
        .join(', ')}]`;
    case 'map':
      return leastLength(conditions, name) > 0
        ? `{ standin = ${quotedUnlessPlain(inner, ofType(inner, [], name, random))} }`
        : '{}';
    case 'object':
      return `{ ${parts(inner.replace(/^\s*\{|\}\s*$/g, ''))
        .flatMap((part): string[] => {
          const [, key = '', of = ''] = /^\s*([\w-]+)\s*=\s*([\s\S]+)$/.exec(part) ?? [];
          return key === '' || /^optional\b/.test(of)
            ? []
            : [`${key} = ${quotedUnlessPlain(of, ofType(of, [], name, random))}`];
        })
        .join(', ')} }`;
    default:
      return textFor(conditions, name, random);
  }
}

/** A text inside of another value is written as Terraform writes it; what has a type of its own already is. */
function quotedUnlessPlain(type: string, value: string): string {
  return /^\s*(?:number|bool|list|set|map|tuple|object)\b/.test(type) ? value : JSON.stringify(value);
}

/** Splits at the top level: `a = string, b = map(object({ c = string }))`. */
function parts(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if ('([{'.includes(char)) depth += 1;
    if (')]}'.includes(char)) depth -= 1;
    if (depth === 0 && (char === ',' || char === '\n')) {
      found.push(part);
      part = '';
    } else part += char;
  }
  return [...found, part].filter((each) => each.trim() !== '');
}

const literal = '"((?:[^"\\\\]|\\\\.)*)"';

/** As it stands between quotes, with its escapes resolved. */
function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

function firstLiteral(conditions: readonly string[], pattern: string): string | null {
  for (const text of conditions) {
    const found = new RegExp(pattern).exec(text)?.[1];
    if (found !== undefined) return unquoted(found);
  }
  return null;
}

function textFor(conditions: readonly string[], name: string, random: string): string {
  const self = `var\\.${name}\\b`;
  const of = (pattern: string): string | null => firstLiteral(conditions, pattern);
  const chosen =
    of(`contains\\(\\s*\\[\\s*${literal}`) ??
    of(`${self}\\s*==\\s*${literal}`) ??
    of(`${literal}\\s*==\\s*${self}`);
  if (chosen !== null) return chosen;
  const pattern = of(`regex(?:all)?\\(\\s*${literal}`);
  const sampled = pattern === null ? null : sampleOf(pattern);
  const start =
    of(`startswith\\(\\s*${self}\\s*,\\s*${literal}`) ??
    of(`substr\\(\\s*${self}\\s*,\\s*0\\s*,\\s*\\d+\\s*\\)\\s*==\\s*${literal}`) ??
    '';
  const end = of(`endswith\\(\\s*${self}\\s*,\\s*${literal}`) ?? '';
  const middle = of(`strcontains\\(\\s*${self}\\s*,\\s*${literal}`) ?? '';
  if (sampled !== null && start === '' && end === '' && middle === '') return sampled;
  const body = sampled ?? `standin${random}`;
  return fitted(start, `${middle}${body}`, end, lengthsOf(conditions, name));
}

interface Lengths {
  readonly least: number;
  readonly most: number;
}

/** Keeps what has to stand at either end. */
function fitted(start: string, body: string, end: string, { least, most }: Lengths): string {
  const room = most - start.length - end.length;
  const wanted = Math.max(least - start.length - end.length, 0);
  const long = body.length >= wanted ? body : body.padEnd(wanted, 'x');
  return `${start}${long.slice(0, Math.max(room, 0))}${end}`;
}

function lengthsOf(conditions: readonly string[], name: string): Lengths {
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  const pattern = new RegExp(`length\\(\\s*var\\.${name}\\s*\\)\\s*(==|>=|<=|>|<)\\s*(\\d+)`, 'g');
  for (const text of conditions) {
    for (const [, sign = '', digits = ''] of text.matchAll(pattern)) {
      const limit = Number(digits);
      if (sign === '==' || sign === '>=') least = Math.max(least, limit);
      if (sign === '>') least = Math.max(least, limit + 1);
      if (sign === '==' || sign === '<=') most = Math.min(most, limit);
      if (sign === '<') most = Math.min(most, limit - 1);
    }
  }
  return { least, most };
}

const leastLength = (conditions: readonly string[], name: string): number =>
  Math.min(lengthsOf(conditions, name).least, 100);

function numberFor(conditions: readonly string[], name: string): string {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  const pattern = new RegExp(`var\\.${name}\\s*(==|>=|<=|>|<)\\s*(-?\\d+(?:\\.\\d+)?)`, 'g');
  for (const text of conditions) {
    for (const [, sign = '', digits = ''] of text.matchAll(pattern)) {
      const limit = Number(digits);
      if (sign === '==' || sign === '>=') least = Math.max(least, limit);
      if (sign === '>') least = Math.max(least, limit + 1);
      if (sign === '==' || sign === '<=') most = Math.min(most, limit);
      if (sign === '<') most = Math.min(most, limit - 1);
    }
  }
  return String(Number.isFinite(least) ? least : Math.min(1, most));
}
