/** Changes to single top-level arguments of HCL and JSON files. All other bytes stay as they are. */
import type { Json } from '../transfer/json.ts';
import type { JsonFile } from './json-source.ts';
import { attributeOf, type HclFile } from './nodes.ts';
import { applyEdits, lineEndOf, type TextEdit } from './text.ts';

/** Sets arguments, given as HCL text, in place; those not there are added at the end, in the order given. */
export function setHclAttributes(file: HclFile, values: ReadonlyMap<string, string>): string {
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [name, value] of values) {
    const attribute = attributeOf(file.body, name);
    if (!attribute) {
      added.push(`${name} = ${value}`);
      continue;
    }
    edits.push({ start: attribute.value.start, end: attribute.value.end, text: value });
  }
  if (added.length > 0) {
    const lineEnd = lineEndOf(file.text);
    const separator = file.text === '' || file.text.endsWith('\n') ? '' : lineEnd;
    const text = separator + added.map((line) => line + lineEnd).join('');
    edits.push({ start: file.text.length, end: file.text.length, text });
  }
  return applyEdits(file.text, edits);
}

/** Sets members of the top-level object; those not there are added after the last one, indented like it. */
export function setJsonMembers(file: JsonFile, values: ReadonlyMap<string, Json>): string {
  const { root, text } = file;
  const edits: TextEdit[] = [];
  const added: string[] = [];
  const last = root.members.at(-1);
  for (const [key, value] of values) {
    // Of two members with one key, the last counts.
    const member = root.members.findLast((candidate) => candidate.key === key);
    const written = JSON.stringify(value);
    if (member) edits.push({ start: member.value.start, end: member.value.end, text: written });
    else added.push(`${JSON.stringify(key)}: ${written}`);
  }
  if (added.length > 0) {
    const lineEnd = lineEndOf(text);
    if (last) {
      const lineStart = text.lastIndexOf('\n', last.keyStart) + 1;
      const indentation = text.slice(lineStart, last.keyStart);
      const separator = lineStart > root.start && indentation.trim() === '' ? lineEnd + indentation : ' ';
      const inserted = added.map((member) => `,${separator}${member}`).join('');
      edits.push({ start: last.value.end, end: last.value.end, text: inserted });
    } else {
      const inserted = added.join(`,${lineEnd}  `);
      edits.push({ start: root.start, end: root.end, text: `{${lineEnd}  ${inserted}${lineEnd}}` });
    }
  }
  return applyEdits(text, edits);
}
