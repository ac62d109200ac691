/**
 * Terraform wants a value for every variable, even to take everything away. Taking away needs no secret: where one
 * lacks, the value that runs in the environment stands for it, and where that cannot be seen, one that means nothing.
 */
import { randomBytes } from 'node:crypto';
import { secretsFromState } from '../secrets/from-state.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { canonicalKey } from '../secrets/names.ts';
import { placeholderFor } from '../secrets/placeholder.ts';
import { canonicalValues } from '../secrets/target-config.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { TransferContext } from './context.ts';

/**
 * Gives Terraform the target's secrets, and something in place of those that lack.
 *
 * @returns turns a complaint about a stand-in into one that says so; it always throws
 */
export async function givePlaceholders(context: TransferContext): Promise<(error: unknown) => never> {
  const secrets = await context.secrets();
  const config = await secrets.preview();
  const declarations = await context.declarations();
  const variables = new Map(
    Object.values(declarations.modules['']?.variables ?? {}).map((each) => [canonicalKey(each.name), each]),
  );
  const missing = config.missing.map(canonicalKey);
  const state = missing.length === 0 ? null : await context.workspace.state();
  const running =
    state === null
      ? SecretValues.none
      : canonicalValues(secretsFromState(state, { declarations, names: missing }));
  const stand = new Set<string>();
  const values = missing.map((key): [string, string] => {
    const own = running.reveal(key);
    if (own !== undefined && own !== '') return [key, own];
    stand.add(key);
    const declared = variables.get(key) ?? { name: key, type: null, validations: [] };
    return [key, placeholderFor(declared, randomBytes(8).toString('hex'))];
  });
  context.giveSecrets(secrets.childEnvironment(config.values.merge(new SecretValues(values))));
  return (error) => {
    throw explained(error, stand, config.place, context.target.name);
  };
}

const refused: ReadonlySet<string> = new Set(['variable-refused', 'var-file-invalid']);

function explained(error: unknown, stand: ReadonlySet<string>, place: string, name: string): unknown {
  if (!isProvisionError(error) || !refused.has(error.code)) return error;
  const variable = /variables? ["`]?(?:var\.)?([\w-]+)/.exec(error.message)?.[1];
  if (variable === undefined || !stand.has(canonicalKey(variable))) return error;
  return new ProvisionError(
    error.code,
    `${error.message} The value is a stand-in: nothing needs ${variable} to destroy ${name}, but Terraform wants a value that its own validation accepts.`,
    {
      cause: error,
      where: error.where,
      hint: `Set TF_VAR_${variable} in the environment, or ${canonicalKey(variable)} in ${place}, to what ${name} was made with (or to anything that the validation accepts), and run the command again. Nothing was changed.`,
    },
  );
}
