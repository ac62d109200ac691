import { isArn } from './fallback.ts';

/** Last parts of attribute names whose values say where or what a thing is, not how it works. */
const boundAttribute =
  /(?:^|_)(?:arn|arns|id|ids|name|names|bucket|identifier|url|urls|uri|endpoint|endpoints|host|hostname|fqdn|address|domain|aliases|filename|prefix|account|owner)$/;

/** Name-like, but the same in every environment: what a thing is made of, not what it is called. */
const portableAttribute =
  /(?:^|_)(?:attribute_name|engine_name|metric_name|username|user_name|display_name|field_name|parameter_name|partition_name|host_header)$/;

/** Values that are bound wherever they stand: ARNs, URLs, host names of AWS and ids of EC2. */
const boundValues: readonly RegExp[] = [
  /\barn:aws[a-z-]*:/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/]/i,
  /\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|on\.aws|cloudfront\.net|amazoncognito\.com)\b/i,
  /^(?:vpc|subnet|sg|sgr|rtb|rtbassoc|igw|eigw|nat|eni|eipalloc|eipassoc|vpce|acl|aclassoc|pcx|i|vol|snap|ami|lt|fs|fsap|fsmt|tgw|pl|fl|r|key|ls)-[0-9a-f]{8,17}$/,
];

/**
 * True if an attribute with this value must be rewired rather than copied: names, ids, ARNs, URLs, endpoints. A list
 * is bound if one of its elements is. Numbers and booleans are not: they say how a thing works.
 * @param attribute name or path of the attribute (`environment.0.variables.TABLE_NAME`)
 */
export function isContextBound(attribute: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((element) => isContextBound(attribute, element));
  if (typeof value !== 'string' || value === '') return false;
  if (isArn(value) || boundValues.some((pattern) => pattern.test(value))) return true;
  const last = attribute.split('.').findLast((segment) => !/^\d+$/.test(segment)) ?? attribute;
  // In lower case, because keys of environment variables are attributes too: `TABLE_NAME`.
  const name = last.replace(/\[\]$/, '').toLowerCase();
  return boundAttribute.test(name) && !portableAttribute.test(name);
}
