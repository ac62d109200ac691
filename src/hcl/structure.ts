/** From syntax nodes to bodies, attributes and blocks. */
import { childOf, type HclAttribute, type HclBlock, type HclBody, type HclNode } from './nodes.ts';
import { quotedText } from './values.ts';

interface Structure {
  readonly body: HclBody;
  /** The second of two attributes of the same name in one body, which Terraform refuses. */
  readonly duplicate: HclAttribute | undefined;
}

export function readBody(root: HclNode, text: string, lineOf: (offset: number) => number): Structure {
  let duplicate: HclAttribute | undefined;

  const readAttribute = (node: HclNode): HclAttribute | undefined => {
    const name = childOf(node, 'identifier');
    const value = node.children.findLast((child) => child.type === 'expression');
    if (!name || !value) return undefined;
    return {
      name: text.slice(name.start, name.end),
      start: node.start,
      end: node.end,
      line: lineOf(node.start),
      value,
    };
  };
  const readBlock = (node: HclNode): HclBlock | undefined => {
    const [type, ...rest] = node.children;
    const brace = childOf(node, 'block_start');
    if (!type || !brace) return undefined;
    const labels = rest
      .filter((child) => child.type === 'identifier' || child.type === 'string_lit')
      .map((label) =>
        label.type === 'identifier' ? text.slice(label.start, label.end) : quotedText(label, text),
      );
    const body = childOf(node, 'body');
    return {
      type: text.slice(type.start, type.end),
      labels,
      start: node.start,
      end: node.end,
      line: lineOf(node.start),
      braceStart: brace.start,
      body: body ? read(body) : { attributes: [], blocks: [] },
    };
  };
  const read = (node: HclNode): HclBody => {
    const attributes: HclAttribute[] = [];
    const blocks: HclBlock[] = [];
    const names = new Set<string>();
    for (const child of node.children) {
      if (child.type === 'attribute') {
        const attribute = readAttribute(child);
        if (!attribute) continue;
        if (names.has(attribute.name)) duplicate ??= attribute;
        names.add(attribute.name);
        attributes.push(attribute);
      } else if (child.type === 'block') {
        const block = readBlock(child);
        if (block) blocks.push(block);
      }
    }
    return { attributes, blocks };
  };

  const top = root.type === 'body' ? root : childOf(root, 'body');
  return { body: top ? read(top) : { attributes: [], blocks: [] }, duplicate };
}
