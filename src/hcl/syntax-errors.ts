/**
 * Finds the first syntax error of a file and says what it is. The text itself is never quoted: a var-file may hold
 * secrets.
 */
import type { HclNode } from './nodes.ts';

export interface HclSyntaxError {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')', '${': '}', '%{': '}' };

/** The first bracket among the tokens of a broken stretch that nothing closes. */
function unclosedBracket(node: HclNode, text: string): { offset: number; bracket: string } | undefined {
  const open: { offset: number; bracket: string }[] = [];
  const visit = (current: HclNode): void => {
    if (current.children.length > 0) {
      for (const child of current.children) visit(child);
      return;
    }
    const token = text.slice(current.start, current.end);
    if (token in closing) open.push({ offset: current.start, bracket: token });
    else if (token === closing[open.at(-1)?.bracket ?? '']) open.pop();
  };
  visit(node);
  return open.at(-1);
}

/** True if a line ends between two offsets. */
const lineEndsBetween = (text: string, from: number, to: number): boolean =>
  text.slice(from, to).includes('\n');

const openString = (offset: number): HclSyntaxError => ({
  offset,
  message: 'a string that begins here is not closed on its line',
  hint: 'Close it with `"`, or write a text of several lines as a heredoc (`<<-EOT`).',
});

/** A string in a broken stretch that swallows the lines after it: where it begins is what has to be mended. */
function unclosedString(node: HclNode, text: string): HclSyntaxError | undefined {
  const open: number[] = [];
  let found: number | undefined;
  const visit = (current: HclNode): void => {
    if (found !== undefined) return;
    const [begin] = open.slice(-1);
    if (current.type === 'quoted_template_start') open.push(current.start);
    else if (current.type === 'quoted_template_end') open.pop();
    else if (current.type === 'template_literal' && begin !== undefined) {
      if (lineEndsBetween(text, begin, current.end)) found = begin;
    }
    for (const child of current.children) visit(child);
  };
  visit(node);
  const begin = found ?? open.at(-1);
  return begin === undefined ? undefined : openString(begin);
}

const missing: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  quoted_template_end: ['a string that begins here is never closed', 'Close it with `"` on the same line.'],
  heredoc_identifier: [
    'a heredoc that begins here is never closed',
    'Put its marker on a line of its own after the text.',
  ],
  '}': ['a block or map that begins here is never closed', 'Close it with `}`.'],
  ']': ['a list that begins here is never closed', 'Close it with `]`.'],
  ')': ['a parenthesis that begins here is never closed', 'Close it with `)`.'],
};

function missingToken(node: HclNode, parent: HclNode): HclSyntaxError {
  const [message, hint] = missing[node.type] ?? ['something is missing here', 'Complete the expression.'];
  return { offset: node.type in missing ? parent.start : node.start, message, hint };
}

function brokenStretch(node: HclNode, text: string): HclSyntaxError {
  const string = unclosedString(node, text);
  if (string) return string;
  const bracket = unclosedBracket(node, text);
  if (bracket) {
    const close = closing[bracket.bracket] ?? '';
    return {
      offset: bracket.offset,
      message: `the \`${bracket.bracket}\` here is not closed before something that does not belong in it`,
      hint: `Close it with \`${close}\`, or put a comma between its elements.`,
    };
  }
  return {
    offset: node.start,
    message: 'what stands here is not understood',
    hint: 'An argument is written `name = value`, a text in double quotes.',
  };
}

/** Slips about line ends that the grammar lets pass and Terraform does not. */
function lineError(node: HclNode, text: string): HclSyntaxError | undefined {
  if (node.type === 'attribute') {
    const equals = node.children.find((child) => child.type === '=');
    const value = node.children.at(-1);
    if (equals && value && lineEndsBetween(text, equals.end, value.start)) {
      return {
        offset: equals.start,
        message: 'there is no value on the line of this argument',
        hint: 'Write the value on the same line as its name.',
      };
    }
  }
  if (node.type === 'body') {
    for (const [index, child] of node.children.entries()) {
      const before = node.children[index - 1];
      if (before && !lineEndsBetween(text, before.end, child.start)) {
        return {
          offset: child.start,
          message: 'two arguments stand on one line',
          hint: 'Put each argument on a line of its own.',
        };
      }
    }
  }
  if (node.type === 'string_lit' || node.type === 'quoted_template') {
    const literals = node.children.filter((child) => child.type === 'template_literal');
    const [first, last] = [node.children[0], node.children.at(-1)];
    const direct = literals.some((literal) => lineEndsBetween(text, literal.start, literal.end));
    const empty = literals.length === 0 && node.children.length === 2 && first && last;
    if (direct || (empty && lineEndsBetween(text, first.end, last.start))) {
      return openString(node.start);
    }
  }
  return undefined;
}

/** The syntax error that comes first in the file, or `undefined` if there is none. */
export function firstSyntaxError(root: HclNode, text: string, broken: boolean): HclSyntaxError | undefined {
  let first: HclSyntaxError | undefined;
  // A bracket is often missing only because a string swallowed it: then the string is what has to be mended.
  let unclosed: HclSyntaxError | undefined;
  const found = (error: HclSyntaxError | undefined): void => {
    if (error && (!first || error.offset < first.offset)) first = error;
  };
  const visit = (node: HclNode, parent: HclNode): void => {
    if (node.missing && ['}', ']', ')'].includes(node.type)) unclosed ??= missingToken(node, parent);
    else if (node.missing) found(missingToken(node, parent));
    else if (node.type === 'ERROR') found(brokenStretch(node, text));
    else found(lineError(node, text));
    // What ends a block is a node of its own, empty where the brace is missing: it does not say where the block begins.
    for (const child of node.children) visit(child, node.start === node.end ? parent : node);
  };
  visit(root, root);
  first ??= unclosed;
  if (!first && broken) {
    return { offset: root.start, message: 'it is not HCL', hint: 'Run `terraform fmt` on it to see where.' };
  }
  return first;
}
