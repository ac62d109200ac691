/** Limits that many types share, so that each is written once and cites its page. */
import type { NameLimit } from './facts.ts';

/** What the provider appends to a prefix: 18 digits of time and 8 of a counter. */
export const generatedSuffixLength = 26;

type Characters = Pick<NameLimit, 'pattern' | 'allowed'>;

export const wordAndHyphen: Characters = { pattern: '[A-Za-z0-9_-]+', allowed: 'letters, digits, - and _' };
export const wordDotAndHyphen: Characters = {
  pattern: '[A-Za-z0-9._-]+',
  allowed: 'letters, digits, . - and _',
};

/** As identifiers of RDS, ElastiCache and Redshift. The provider refuses the upper case that the service would lower. */
export const identifierCharacters: Characters = {
  pattern: '(?!.*--)[a-z](?:[a-z0-9-]*[a-z0-9])?',
  allowed: 'lower-case letters, digits and single hyphens; a letter first, no hyphen last',
};

const documentation = 'https://docs.aws.amazon.com/';

/**
 * @param page path of the page under docs.aws.amazon.com
 */
export function limit(
  attribute: string,
  maxLength: number,
  page: string,
  more: Omit<NameLimit, 'attribute' | 'maxLength' | 'source'> = {},
): NameLimit {
  return { attribute, maxLength, ...more, source: `${documentation}${page}` };
}

/** Names in IAM: `iamName('name', 64, 'CreateRole')`. */
export function iamName(attribute: string, maxLength: number, operation: string): NameLimit {
  return limit(attribute, maxLength, `IAM/latest/APIReference/API_${operation}.html`, {
    pattern: '[\\w+=,.@-]+',
    allowed: 'letters, digits and _ + = , . @ -',
  });
}

/** Identifiers of RDS: `rdsIdentifier('identifier', 63, 'CreateDBInstance')`. */
export function rdsIdentifier(attribute: string, maxLength: number, operation: string): NameLimit {
  return limit(
    attribute,
    maxLength,
    `AmazonRDS/latest/APIReference/API_${operation}.html`,
    identifierCharacters,
  );
}
