/**
 * What is left of a syntax tree once the parser's memory is freed: plain data. Offsets are UTF-16 indices into the
 * source text. `type` is the grammar's name of the node; tokens without a name carry their own text (`=`, `[`).
 */
export interface HclNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** True for a token that the parser had to invent: there is a syntax error. */
  readonly missing: boolean;
  readonly children: readonly HclNode[];
}

export interface HclAttribute {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** The expression. */
  readonly value: HclNode;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** Where the opening brace stands. */
  readonly braceStart: number;
  readonly body: HclBody;
}

export interface HclBody {
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

export interface HclFile {
  /** Path as given, for messages. */
  readonly file: string;
  readonly text: string;
  readonly body: HclBody;
  lineOf(offset: number): number;
}

/** First child of one of the types. */
export function childOf(node: HclNode, ...types: readonly string[]): HclNode | undefined {
  return node.children.find((child) => types.includes(child.type));
}

export function attributeOf(body: HclBody, name: string): HclAttribute | undefined {
  return body.attributes.find((attribute) => attribute.name === name);
}
