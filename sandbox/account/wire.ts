/** How the services of AWS speak over HTTP, as far as their listings need it. https://smithy.io/2.0/aws/protocols/ */
import type { IncomingMessage } from 'node:http';

/** `query` and `xml` answer XML, the others JSON. */
type Protocol = 'json' | 'rest-json' | 'query' | 'ec2' | 'xml';

export interface Call {
  /** As the credentials' scope says: `lambda`, `iam`. */
  readonly service: string;
  /** The operation where the protocol names it, else method and path. */
  readonly operation: string;
  readonly protocol: Protocol;
  /** Parameters of the query or the body, flat. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function readCall(request: IncomingMessage, body: string): Call {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const service =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const input = JSON.parse(body === '' ? '{}' : body) as Record<string, unknown>;
    return { service, operation: target.slice(target.lastIndexOf('.') + 1), protocol: 'json', input };
  }
  const params = new URLSearchParams(body);
  const action = params.get('Action');
  if (action !== null) {
    const protocol = service === 'ec2' ? 'ec2' : 'query';
    return { service, operation: action, protocol, input: Object.fromEntries(params) };
  }
  return {
    service,
    operation: `${request.method ?? 'GET'} ${decodeURIComponent(url.pathname)}`,
    protocol: service === 's3' || service === 'cloudfront' ? 'xml' : 'rest-json',
    input: Object.fromEntries(url.searchParams),
  };
}

/** @param value the result: an object for JSON, the inner XML for the others; without it an empty one */
export function answerOf({ protocol, operation }: Call, value?: object | string): Answer {
  if (protocol === 'json' || protocol === 'rest-json') return json(200, value ?? {});
  const inner = typeof value === 'string' ? value : '';
  if (protocol === 'query') {
    return xml(
      200,
      `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`,
    );
  }
  return xml(
    200,
    `<${protocol === 'ec2' ? `${operation}Response` : 'Result'}>${inner}</${protocol === 'ec2' ? `${operation}Response` : 'Result'}>`,
  );
}

/** "There is no such thing": of what is asked for in a REST path. */
export const notThere = (): Answer =>
  json(404, { Message: 'not found' }, { 'x-amzn-errortype': 'ResourceNotFoundException' });

/** "Slow down", in the words of the protocol. */
export function throttled({ protocol, service }: Call): Answer {
  const message = 'Rate exceeded';
  switch (protocol) {
    case 'json':
      return json(400, { __type: 'ThrottlingException', message });
    case 'rest-json':
      return json(429, { message }, { 'x-amzn-errortype': 'TooManyRequestsException' });
    case 'query':
      return xml(400, error('Throttling', message, 'ErrorResponse'));
    case 'ec2':
      return xml(
        503,
        `<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>${message}</Message></Error></Errors></Response>`,
      );
    case 'xml':
      return service === 's3'
        ? xml(503, `<Error><Code>SlowDown</Code><Message>${message}</Message></Error>`)
        : xml(400, error('Throttling', message, 'ErrorResponse'));
  }
}

const error = (code: string, message: string, root: string): string =>
  `<${root}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></${root}>`;

const json = (status: number, value: object | string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

const xml = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});
