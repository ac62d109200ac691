/** Reads what a function or a URL answered, without ever handing the body itself on. */
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';

export type ParsedBody =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' };

export function parseBody(text: string): ParsedBody {
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(text) as Json };
  } catch {
    return { kind: 'text', text };
  }
}

/** The answer to an HTTP request, as a function behind a URL or an API gives it. */
export interface ProxyResponse {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: ParsedBody;
}

export function proxyResponse(value: Json): ProxyResponse | null {
  if (!isJsonObject(value) || typeof value['statusCode'] !== 'number') return null;
  const { body, headers, isBase64Encoded } = value;
  const text =
    typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
  return {
    statusCode: value['statusCode'],
    contentType: contentTypeOf(headers),
    body: parseBody(isBase64Encoded === true ? Buffer.from(text, 'base64').toString('utf8') : text),
  };
}

function contentTypeOf(headers: Json | undefined): string {
  if (headers === undefined || !isJsonObject(headers)) return '';
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return typeof found === 'string' ? found : '';
}

/** True if a content type promises JSON, or promises nothing. */
export function expectsJson(contentType: string): boolean {
  return contentType === '' || /\bjson\b/i.test(contentType);
}

/** In words, without content. */
export function shapeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isJsonObject(value)) return `an object with ${Object.keys(value).length} keys`;
  return `a ${typeof value}`;
}

/** The error that a body carries, as it says itself and not yet redacted; `null` if it carries none. */
export function errorIn(body: ParsedBody): string | null {
  if (body.kind === 'empty') return null;
  if (body.kind === 'text') {
    const start = body.text.trimStart().slice(0, 4_000);
    return /^(?:Internal Server Error|Bad Gateway|Service Unavailable|Traceback|\w*Error\b)/i.test(start)
      ? start
      : null;
  }
  if (!isJsonObject(body.value)) return null;
  const own = errorInObject(body.value);
  if (own !== null) return own;
  const response = proxyResponse(body.value);
  if (!response) return null;
  const inner = errorIn(response.body);
  if (inner !== null) return response.statusCode >= 400 ? `status ${response.statusCode}: ${inner}` : inner;
  return response.statusCode >= 400 ? `status ${response.statusCode}` : null;
}

function errorInObject(value: JsonObject): string | null {
  const { errorType, errorMessage, error, errors, message } = value;
  if (filled(errorType) || filled(errorMessage))
    return [errorType, errorMessage].filter(filled).map(textOf).join(': ');
  for (const each of [error, errors]) if (filled(each)) return textOf(each);
  if (typeof message === 'string' && /^internal server error$/i.test(message)) return message;
  return null;
}

/** `error: null`, `error: false` and `errors: []` say that there is none. */
function filled(value: Json | undefined): value is Json {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  if (isJsonObject(value) && typeof value['message'] === 'string') return value['message'];
  return JSON.stringify(value);
}
