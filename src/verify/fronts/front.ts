/** What the outside world can ask by HTTP, and which of it runs a function. Pure. */
import escapeStringRegexp from 'escape-string-regexp';
import type { Thing } from '../world.ts';

export interface Route {
  /** `GET`, or `ANY` for all methods. */
  readonly method: string;
  /** `/items/{id}`, `/{proxy+}`, `$default` for all paths that no other route has. */
  readonly path: string;
  /** What it runs; none where that is no function. */
  readonly functions: readonly Thing[];
  /** What a stranger lacks to be let in; `null` where everybody is. */
  readonly wants: string | null;
  /** In words, where method and path do not say it. */
  readonly name?: string;
}

export interface Front {
  /** The Function URL, stage or listener. */
  readonly thing: Thing;
  /** What people call it. */
  readonly title: string;
  /** `null` where it is known only after the apply. */
  readonly url: string | null;
  readonly routes: readonly Route[];
  /** Why nobody can ask it from here; `null` where one can. */
  readonly closed: string | null;
  /** Everybody may ask it: then Lambda itself must not refuse. */
  readonly open: boolean;
}

export const routeName = ({ method, path, name }: Pick<Route, 'method' | 'path' | 'name'>): string =>
  name ?? (path === '$default' ? path : `${method} ${path}`);

/** Methods by which nothing is meant to change. */
const reads = (method: string): boolean => method === 'GET' || method === 'ANY';

export type Way = { readonly path: string } | { readonly closed: string };

/** Where a function says how it is. */
const health = /(?:^|\/)(?:health|healthz|healthcheck|health-check|status|ping|ready|readyz|live|livez)$/i;

/** The harmless request that runs a function through a front: a GET of a path that is there, without made-up ids. */
export function wayTo(front: Front, subject: Thing): Way | null {
  const own = front.routes.filter(({ functions }) => functions.includes(subject));
  if (own.length === 0) return null;
  if (front.closed !== null) return { closed: front.closed };
  const reading = own.filter(({ method }) => reads(method));
  if (reading.length === 0)
    return { closed: `only ${listed(own)} ${own.length === 1 ? 'leads' : 'lead'} to it` };
  const open = reading.filter(({ wants }) => wants === null);
  if (open.length === 0)
    return {
      closed: `${listed(reading)} ${reading.length === 1 ? 'wants' : 'want'} ${reading[0]?.wants ?? ''}`,
    };
  const paths = open.flatMap(concretePath);
  if (paths.length === 0)
    return { closed: `${listed(open)} ${open.length === 1 ? 'takes' : 'take'} parameters` };
  // Another route may have it by name: then that is asked, and not what takes all the rest.
  const [best] = paths
    .filter(({ path }) => open.some((route) => route === routeOf(front, 'GET', path)))
    .toSorted((a, b) => rank(a) - rank(b) || a.path.length - b.path.length);
  if (best === undefined) return { closed: `a GET by ${listed(open)} may lead elsewhere` };
  return { path: best.path };
}

interface Concrete {
  readonly path: string;
  /** It stands there as it is, not by a pattern. */
  readonly literal: boolean;
}

function concretePath({ path }: Route): readonly Concrete[] {
  if (path === '$default') return [{ path: '/', literal: false }];
  const greedy = path.replace(/\{[^}/]+\+\}$/, 'health');
  if (greedy.includes('{')) return [];
  return [{ path: greedy, literal: greedy === path }];
}

/** A health check before all, then what stands there by itself, then what takes any path. */
function rank({ path, literal }: Concrete): number {
  if (literal && health.test(path)) return 0;
  return literal ? 1 : 2;
}

const listed = (routes: readonly Route[]): string => {
  const names = [...new Set(routes.map(routeName))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
};

/** Of the routes that a request fits, the one that the service takes: the most literal. */
export function routeOf(front: Front, method: string, path: string): Route | undefined {
  return front.routes
    .filter((route) => (route.method === method || route.method === 'ANY') && fits(route.path, path))
    .toSorted((a, b) => vagueness(a) - vagueness(b))[0];
}

function fits(pattern: string, path: string): boolean {
  if (pattern === '$default') return true;
  const parts = pattern
    .split(/(\{[^}]+\})/)
    .map((part) => (part.endsWith('+}') ? '.+' : part.startsWith('{') ? '[^/]+' : escapeStringRegexp(part)));
  return new RegExp(`^${parts.join('')}$`).test(path);
}

function vagueness({ path, method }: Route): number {
  const of = path === '$default' ? 3 : path.includes('+}') ? 2 : path.includes('{') ? 1 : 0;
  return of * 2 + (method === 'ANY' ? 1 : 0);
}
