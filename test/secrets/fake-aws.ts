/** The few calls of two services that the providers make, with what the services refuse. */
import type { SecretsManagerCalls } from '../../src/secrets/providers/aws-secrets-manager.ts';
import type { SsmCalls } from '../../src/secrets/providers/aws-ssm.ts';

export class ServiceError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Makes every call after the first `passing` ones fail, with the value in the text as AWS does. */
export interface Failing {
  name: string | null;
  text: string;
}

interface Input {
  readonly SecretId?: string;
  readonly Name?: string;
  readonly SecretString?: string;
}

export function fakeSecretsManager(failing: Failing = { name: null, text: '' }): SecretsManagerCalls {
  const secrets = new Map<string, { text: string; version: number }>();
  const get = (id = '') => {
    const found = secrets.get(id);
    if (!found)
      throw new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret.`);
    return found;
  };
  const call =
    (act: (input: Input) => object) =>
    (input: Input): Promise<object> => {
      if (failing.name !== null)
        return Promise.reject(new ServiceError(failing.name, `${failing.text} ${JSON.stringify(input)}`));
      return new Promise((resolve) => resolve(act(input)));
    };
  const calls = {
    createSecret: call(({ Name = '', SecretString = '' }) => {
      if (secrets.has(Name)) throw new ServiceError('ResourceExistsException', 'exists');
      secrets.set(Name, { text: SecretString, version: 1 });
      return {};
    }),
    deleteSecret: call(({ SecretId = '' }) => {
      get(SecretId);
      secrets.delete(SecretId);
      return {};
    }),
    describeSecret: call(({ SecretId }) => ({
      VersionIdsToStages: { [`v${get(SecretId).version}`]: ['AWSCURRENT'] },
    })),
    getSecretValue: call(({ SecretId }) => ({ SecretString: get(SecretId).text })),
    putSecretValue: call(({ SecretId = '', SecretString = '' }) => {
      secrets.set(SecretId, { text: SecretString, version: get(SecretId).version + 1 });
      return {};
    }),
  };
  return calls as unknown as SecretsManagerCalls;
}

interface SsmInput {
  readonly Path?: string;
  readonly Name?: string;
  readonly Value?: string;
  readonly Names?: readonly string[];
  readonly NextToken?: string;
}

export function fakeSsm(failing: Failing = { name: null, text: '' }): SsmCalls {
  const parameters = new Map<string, { value: string; version: number }>();
  const call =
    (act: (input: SsmInput) => object) =>
    (input: SsmInput): Promise<object> => {
      if (failing.name !== null)
        return Promise.reject(new ServiceError(failing.name, `${failing.text} ${JSON.stringify(input)}`));
      return new Promise((resolve) => resolve(act(input)));
    };
  const calls = {
    getParametersByPath: call(({ Path = '', NextToken = '0' }) => {
      const below = [...parameters]
        .filter(([name]) => name.startsWith(`${Path}/`))
        .sort(([a], [b]) => a.localeCompare(b));
      const from = Number(NextToken);
      const page = below
        .slice(from, from + 10)
        .map(([Name, { value, version }]) => ({ Name, Value: value, Version: version }));
      return { Parameters: page, ...(below.length > from + 10 ? { NextToken: String(from + 10) } : {}) };
    }),
    putParameter: call(({ Name = '', Value = '' }) => {
      if (Value === '')
        throw new ServiceError('ValidationException', `1 validation error detected: Value '' at 'value'`);
      parameters.set(Name, { value: Value, version: (parameters.get(Name)?.version ?? 0) + 1 });
      return {};
    }),
    deleteParameters: call(({ Names = [] }) => {
      if (Names.length > 10) throw new ServiceError('ValidationException', 'too many');
      for (const name of Names) parameters.delete(name);
      return {};
    }),
  };
  return calls as unknown as SsmCalls;
}
