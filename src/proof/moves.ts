/** What `moved` blocks say: where an address of an older configuration is in this one. */
import type { Declarations } from '../terraform/model.ts';

/** Where an address is now; the address itself where no block moves it. */
export type Mover = (address: string) => string;

type Rule = (address: string) => string | undefined;

const key = String.raw`\[(?:\d+|"(?:[^"\\]|\\.)*")\]`;
const endsWithKey = new RegExp(`${key}$`);

/** The instances of a module, before the addresses in it: `api.inner` is `module.api["eu"].module.inner.`. */
function withinModule(path: string): RegExp {
  const calls = path === '' ? [] : path.split('.');
  return new RegExp(`^${calls.map((name) => String.raw`module\.${name}(?:${key})?\.`).join('')}`);
}

/** A block without an instance key means every instance, and everything in a module. */
function ruleOf(path: string, { from, to }: { readonly from: string; readonly to: string }): Rule {
  const module = withinModule(path);
  return (address) => {
    const prefix = module.exec(address)?.[0];
    if (prefix === undefined) return undefined;
    const inner = address.slice(prefix.length);
    if (!inner.startsWith(from)) return undefined;
    const rest = inner.slice(from.length);
    const keyed = rest.startsWith('[') && !endsWithKey.test(from) && !endsWithKey.test(to);
    return rest === '' || rest.startsWith('.') || keyed ? `${prefix}${to}${rest}` : undefined;
  };
}

export function createMover({ modules }: Pick<Declarations, 'modules'>): Mover {
  const rules = Object.entries(modules).flatMap(([path, { moves = [] }]) =>
    moves.map((move) => ruleOf(path, move)),
  );
  if (rules.length === 0) return (address) => address;
  return (address) => {
    let now = address;
    // Blocks of several releases follow each other. None counts twice: one that leads into a circle, or below itself, ends.
    const open = new Set(rules);
    for (let moved = true; moved;) {
      moved = false;
      for (const rule of open) {
        const next = rule(now);
        if (next === undefined) continue;
        now = next;
        open.delete(rule);
        moved = true;
        break;
      }
    }
    return now;
  };
}
