/**
 * What the resources of an environment name: a function that is told of a table, a mapping that reads a queue, a
 * policy that allows a bucket. What is named and stands in no state is theirs without anybody managing it.
 */
import { visitTexts } from '../proof/values.ts';
import type { StateModel } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';

export interface NamedThings {
  /** By ARN, every part of it that may be the thing's own; with the address of who names it. */
  readonly arns: ReadonlyMap<string, string>;
  /** Names, ids and URLs that functions are given in their settings, with the address of the function. */
  readonly names: ReadonlyMap<string, string>;
}

/** What is within a bucket or a table, or a version of a function, is named by more than the thing's own ARN. */
const own: readonly RegExp[] = [
  /^arn:[^:]*:s3:::[^/*]+/,
  /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/[^/*]+/,
  /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:/*]+/,
  /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:[^:*]+/,
  /^arn:[^:]*:(?:execute-api|apigateway):[^:]*:[^:]*:\/?[^/*]+/,
];

/** A single word names nothing in particular: `default`, `main`. */
const isTelling = (text: string): boolean =>
  text.length >= 5 && text.length <= 512 && /[-_./]/.test(text) && !/\s/.test(text);

export function thingsNamedBy(state: StateModel, types: ResourceTypeTable): NamedThings {
  const arns = new Map<string, string>();
  const names = new Map<string, string>();
  const put = (map: Map<string, string>, text: string, address: string): void => {
    if (!map.has(text)) map.set(text, address);
  };
  for (const { mode, type, address, values } of state.resources) {
    if (mode !== 'managed') continue;
    const isFunction = types.get(type)?.isFunction ?? false;
    visitTexts(values, (leaf) => {
      const { text } = leaf;
      if (text.startsWith('arn:')) {
        const within = own.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
        if (within !== undefined) put(arns, within, address);
        if (!text.includes('*')) put(arns, text, address);
        return;
      }
      if (isFunction && leaf.attribute() === 'environment' && isTelling(text)) put(names, text, address);
    });
  }
  return { arns, names };
}
