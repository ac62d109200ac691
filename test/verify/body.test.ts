import { describe, expect, it } from 'vitest';
import { errorIn, parseBody, proxyResponse } from '../../src/verify/body.ts';
import { bodyIsJson } from '../../src/verify/checks/body-is-json.ts';

const explain = (text: string): string => text;

function judge(text: string | null, more: { contentType?: string; allowPlainText?: boolean } = {}): string {
  const seen = { text, contentType: '', functionError: undefined, allowPlainText: false, explain, ...more };
  return bodyIsJson.judge(seen).status;
}

describe('errorIn', () => {
  it.each([
    [{ errorType: 'TypeError', errorMessage: 'x', trace: [] }, 'TypeError: x'],
    [{ error: 'no key' }, 'no key'],
    [{ error: { message: 'inner' } }, 'inner'],
    [{ errors: [{ message: 'one' }] }, '[{"message":"one"}]'],
    [{ message: 'Internal Server Error' }, 'Internal Server Error'],
    [{ statusCode: 500 }, 'status 500'],
    [{ statusCode: 404, body: '{"reason":"x"}' }, 'status 404'],
    [{ statusCode: 502, body: '{"message":"Internal server error"}' }, 'status 502: Internal server error'],
    [{ statusCode: 200, body: '{"error":"hidden"}' }, 'hidden'],
    [
      { statusCode: 200, body: Buffer.from('{"error":"deep"}').toString('base64'), isBase64Encoded: true },
      'deep',
    ],
  ])('%j', (body, error) => {
    expect(errorIn(parseBody(JSON.stringify(body)))).toBe(error);
  });

  it.each([
    { ok: true },
    { error: null },
    { error: false, errors: [] },
    { errors: {} },
    { statusCode: 204 },
    { statusCode: 302, headers: {} },
    { statusCode: 200, body: 'OK' },
    { message: 'hello' },
    null,
    'OK',
    [],
  ])('none in %j', (body) => {
    expect(errorIn(parseBody(JSON.stringify(body)))).toBeNull();
  });

  it('knows the pages of gateways and stack traces', () => {
    expect(errorIn(parseBody('Internal Server Error'))).not.toBeNull();
    expect(errorIn(parseBody('Traceback (most recent call last)'))).not.toBeNull();
    expect(errorIn(parseBody('<html>fine</html>'))).toBeNull();
    expect(errorIn(parseBody(''))).toBeNull();
  });
});

describe('body-is-json', () => {
  it('passes JSON, alone or in the answer to a request', () => {
    for (const text of ['{}', 'null', '[1]', '"OK"', '{"statusCode":200,"body":"{}"}', '{"statusCode":204}'])
      expect(judge(text)).toBe('pass');
  });

  it('fails text, unless its content type or the settings say so', () => {
    const plain = JSON.stringify({ statusCode: 200, body: 'OK' });
    const html = JSON.stringify({ statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' });
    const broken = JSON.stringify({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(judge('not json')).toBe('fail');
    expect(judge('')).toBe('fail');
    expect(judge(null)).toBe('fail');
    expect(judge(plain)).toBe('fail');
    expect(judge(broken)).toBe('fail');
    expect(judge(html)).toBe('pass');
    expect(judge(plain, { allowPlainText: true })).toBe('pass');
    expect(judge('<p>', { contentType: 'text/html' })).toBe('pass');
  });

  it('never shows the body', () => {
    const seen = {
      text: 'hush-hush',
      contentType: '',
      functionError: undefined,
      allowPlainText: false,
      explain,
    };
    expect(bodyIsJson.judge(seen).observed).not.toContain('hush');
  });
});

describe('proxyResponse', () => {
  it('is only what has a status', () => {
    expect(proxyResponse({ body: 'x' })).toBeNull();
    expect(proxyResponse({ statusCode: '200' })).toBeNull();
  });
});
