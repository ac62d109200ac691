/** Texts as the provider writes them. */
import { isJsonObject, type Json } from '../../transfer/json.ts';

/** JSON as the provider normalises it: keys sorted, no white space. What is not JSON stays as it is. */
export function jsonText(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.stringify(withSortedKeys(JSON.parse(text) as Json));
  } catch {
    return text;
  }
}

function withSortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => withSortedKeys(each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, withSortedKeys(value[key] ?? null)]),
  );
}

/** The partition in which a region lies. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The end of the names of a region's hosts. */
export function dnsSuffixOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
