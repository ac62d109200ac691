import { expectsJson, type ParsedBody, parseBody, proxyResponse, shapeOf } from '../body.ts';
import { type Check, fail, pass, type Verdict } from '../context.ts';
import type { Answered } from '../explain.ts';

export const bodyIsJson: Check<Answered> = {
  layer: 2,
  id: 'body-is-json',
  expected: 'the body is valid JSON',
  judge: ({ text, contentType, allowPlainText }) => {
    if (text === null) return fail('no body to read: there was no answer');
    const body = parseBody(text);
    const response = body.kind === 'json' ? proxyResponse(body.value) : null;
    if (!response) return judge(body, text.length, contentType, allowPlainText);
    // A redirect or a "no content" has no body.
    if (response.body.kind === 'empty') return pass(`status ${response.statusCode} without a body`);
    return judge(response.body, text.length, response.contentType, allowPlainText);
  },
};

function judge(body: ParsedBody, size: number, contentType: string, allowPlainText: boolean): Verdict {
  if (body.kind === 'json') return pass(`${shapeOf(body.value)}, ${size} bytes`);
  const seen = body.kind === 'empty' ? 'an empty body' : `text that is not JSON, ${size} bytes`;
  if (allowPlainText) return pass(`${seen} (allowed by the settings)`);
  return expectsJson(contentType)
    ? fail(seen)
    : pass(`${seen}, as its content type ${mediaType(contentType)} says`);
}

function mediaType(contentType: string): string {
  return contentType.split(';')[0]?.trim().slice(0, 60) ?? '';
}
