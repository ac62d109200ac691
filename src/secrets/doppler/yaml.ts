/**
 * The part of YAML that Doppler's two files are written in: mappings, lists of mappings, plain and quoted scalars.
 * What is outside of it is refused rather than misread; nothing of these files is worth a parser of 300 KB.
 */

export type SimpleYaml = string | readonly SimpleYaml[] | { readonly [key: string]: SimpleYaml };

interface Line {
  readonly indent: number;
  readonly text: string;
}

export class YamlError extends Error {}

function linesOf(text: string): Line[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const content = line.replace(/(?:^|\s)#.*$/, '').trimEnd();
    if (content.trim() === '' || content === '---') return [];
    if (/^ *\t/.test(content)) throw new YamlError('tabs cannot indent');
    return [{ indent: content.length - content.trimStart().length, text: content.trimStart() }];
  });
}

function scalar(text: string): SimpleYaml {
  if (text.startsWith('"')) {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
  }
  if (text.startsWith("'") && text.endsWith("'") && text.length > 1)
    return text.slice(1, -1).replaceAll("''", "'");
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (/^[&*!|>{[%@`"']/.test(text)) throw new YamlError('a kind of value that is not expected here');
  return ['~', 'null'].includes(text) ? '' : text;
}

/** A key may be quoted (a path with a colon in it) and may hold slashes, as scopes do. */
const entry = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?!- )[^\s"'[{&*!|>%@`].*?)\s*:(?:\s+(.*))?$/;

function readBlock(lines: Line[], indent: number): SimpleYaml {
  return lines[0]?.text.startsWith('- ') || lines[0]?.text === '-'
    ? readList(lines, indent)
    : readMapping(lines, indent);
}

function readList(lines: Line[], indent: number): SimpleYaml {
  const items: SimpleYaml[] = [];
  while (lines[0]?.indent === indent && /^-(?: |$)/.test(lines[0].text)) {
    const [line] = lines.splice(0, 1);
    const rest = line?.text.slice(1).trimStart() ?? '';
    if (rest !== '' && !entry.test(rest)) {
      items.push(scalar(rest));
      continue;
    }
    // The rest of the line is the first line of the item, as far in as it stands.
    if (rest !== '') lines.unshift({ indent: indent + (line?.text.length ?? 0) - rest.length, text: rest });
    const next = lines[0];
    items.push(next && next.indent > indent ? readBlock(lines, next.indent) : '');
  }
  return items;
}

function readMapping(lines: Line[], indent: number): SimpleYaml {
  const entries: [string, SimpleYaml][] = [];
  while (lines[0]?.indent === indent) {
    const [, key, value] = entry.exec(lines[0].text) ?? [];
    if (key === undefined) throw new YamlError('a line that is neither a key nor a list item');
    lines.shift();
    const unquoted = scalar(key);
    const name = typeof unquoted === 'string' ? unquoted : key;
    const next = lines[0];
    if (value !== undefined && value !== '') entries.push([name, scalar(value)]);
    else if (next && (next.indent > indent || (next.indent === indent && next.text.startsWith('- ')))) {
      entries.push([name, readBlock(lines, next.indent)]);
    } else entries.push([name, '']);
  }
  return Object.fromEntries(entries);
}

/** @throws YamlError without a word of the file: it may hold a token */
export function parseSimpleYaml(text: string): SimpleYaml {
  try {
    const lines = linesOf(text);
    if (lines.length === 0) return {};
    const result = readBlock(lines, lines[0]?.indent ?? 0);
    if (lines.length > 0) throw new YamlError('lines that are not indented as those before');
    return result;
  } catch (error) {
    throw error instanceof YamlError
      ? error
      : new YamlError('a text in quotes that does not end as it should');
  }
}
