/** @param arn of a function or an alias; returns what API Gateway calls it by */
export function invokeArn(arn: string): string {
  const [, partition = 'aws', , region = ''] = arn.split(':');
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

/** Name in an ARN of a function, or the name that it is already; without the alias or version behind it. */
export function functionName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? nameOrArn) : nameOrArn;
}

/** Alias or version in an ARN of a function; empty where it is the function itself, which the service also calls `$LATEST`. */
export function qualifierOf(arn: string | undefined): string {
  const qualifier = arn?.split(':')[7] ?? '';
  return qualifier === '$LATEST' ? '' : qualifier;
}

/** True for a version of a function, which is a number: names of aliases never are numbers alone. */
export const isVersion = (qualifier: string): boolean => /^\d+$/.test(qualifier);
