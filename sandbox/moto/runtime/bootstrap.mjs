/**
 * Runs one invocation of a Node function the way Lambda's own runtime does: finds the handler, calls it, and reports
 * over the pipe whose number is the last argument. The request comes on standard input.
 */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const channel = Number(process.argv.at(-1));
const request = JSON.parse(readFileSync(0, 'utf8'));
process.argv = [process.argv[0], request.handler];

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

function send(message) {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(channel, bytes, at);
}

function log(level, text) {
  // One event for one call: Lambda keeps line breaks inside an event as carriage returns.
  const message = text.replaceAll('\n', '\r');
  process.stdout.write(`${new Date().toISOString()}\t${request.context.requestId}\t${level}\t${message}\n`);
}

const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' };
for (const [method, level] of Object.entries(levels)) {
  globalThis.console[method] = (...args) => log(level, format(...args));
}

function describe(error) {
  if (error instanceof Error) {
    const { name: errorType, message: errorMessage, stack = '' } = error;
    return { errorType, errorMessage, trace: stack.split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function finish(message) {
  const memoryMb = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  send({ ...message, memoryMb });
  process.exit(0);
}

function fail(error, prefix) {
  const description = describe(error);
  log(
    'ERROR',
    `${prefix}\t${JSON.stringify({ ...description, trace: undefined, stack: description.trace })}`,
  );
  finish({ type: 'error', payload: JSON.stringify(description) });
}

function locate(module) {
  const base = path.resolve(request.root, module);
  const found = ['', '.js', '.mjs', '.cjs'].map((ending) => base + ending);
  const file = found.find((candidate) => path.extname(candidate) !== '' && existsSync(candidate));
  if (file === undefined) {
    throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${path.basename(module)}'`);
  }
  return file;
}

async function load() {
  const parts = /^((?:.*\/)?[^/.]*)\.(.+)$/.exec(request.handler);
  if (!parts) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const [, module, name] = parts;
  let namespace;
  try {
    namespace = await import(pathToFileURL(locate(module)).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    }
    if (['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(error?.code)) {
      throw new RuntimeError('ImportModuleError', `Error: ${error.message}`);
    }
    throw error;
  }
  const pick = (from) => name.split('.').reduce((value, key) => value?.[key], from);
  const handler = pick(namespace) ?? pick(namespace.default);
  if (handler === undefined) {
    throw new RuntimeError('HandlerNotFound', `${request.handler} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new RuntimeError('HandlerNotFound', `${request.handler} is not a function`);
  }
  return handler;
}

function call(handler, event) {
  const deadline = Date.now() + request.timeoutMs;
  return new Promise((resolve, reject) => {
    const done = (error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    };
    const { requestId, ...facts } = request.context;
    const context = {
      ...facts,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
      done,
      succeed: (value) => done(null, value),
      fail: (error) => done(error ?? new Error('handled')),
    };
    // Lambda answers null when nothing is left to do and no answer was given.
    process.once('beforeExit', () => resolve(null));
    const returned = handler(event, context, done);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
  });
}

process.on('uncaughtException', (error) => fail(error, 'Uncaught Exception '));
process.on('unhandledRejection', (reason) => {
  const error = new RuntimeError('UnhandledPromiseRejection', describe(reason).errorMessage);
  fail(error, 'Unhandled Promise Rejection ');
});

let handler;
try {
  handler = await load();
} catch (error) {
  fail(error, 'Uncaught Exception ');
}
send({ type: 'ready' });
try {
  const value = await call(handler, JSON.parse(request.event));
  finish({ type: 'result', payload: JSON.stringify(value ?? null) ?? 'null' });
} catch (error) {
  fail(error, 'Invoke Error ');
}
