/** The command line of Terraform, `TF_CLI_ARGS` included: whoever passes it on by mistake shall notice. */
export interface Arguments {
  /** `plan`, `state pull`. */
  readonly command: string;
  /** `-name=value`, every time it was given. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** `-name`. */
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
}

const nested = new Set(['state', 'workspace']);

export function parseArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Arguments {
  const [first = '', second = ''] = args;
  const words = nested.has(first) ? 2 : 1;
  const command = args.slice(0, words).join(' ');
  const more = [env['TF_CLI_ARGS'], env[`TF_CLI_ARGS_${first}${words === 2 ? `_${second}` : ''}`]];
  const added = more.flatMap((text) => (text ?? '').split(/\s+/).filter((word) => word !== ''));
  const options = new Map<string, string[]>();
  const flags = new Set<string>();
  const rest: string[] = [];
  for (const arg of [...added, ...args.slice(words)]) {
    const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) rest.push(arg);
    else if (value === undefined) flags.add(name);
    else options.set(name, [...(options.get(name) ?? []), value]);
  }
  return { command, options, flags, rest };
}
