import { identifiersOf, searchFor } from '../../src/direct/identifiers.ts';
import { type LiveResource, liveState } from '../../src/direct/live-state.ts';
import type { RewriteFacts } from '../../src/direct/rewrite.ts';
import { createRename } from '../../src/environment/rename.ts';
import { mayBeSecret } from '../../src/secrets/may-be-secret.ts';
import type { StateModel } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';

export const rename = createRename('dev', 'feature-x');

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

export const role: LiveResource = {
  type: 'aws_iam_role',
  id: 'app-dev',
  values: {
    id: 'app-dev',
    name: 'app-dev',
    arn: 'arn:aws:iam::123456789012:role/app-dev',
    tags: { Environment: 'dev' },
  },
};

export const table: LiveResource = {
  type: 'aws_dynamodb_table',
  id: 'app-dev-items',
  values: {
    id: 'app-dev-items',
    name: 'app-dev-items',
    arn: arn('dynamodb', 'table/app-dev-items'),
    stream_arn: arn('dynamodb', 'table/app-dev-items/stream/2026-01-01T00:00:00.000'),
  },
};

export const api: LiveResource = {
  type: 'aws_apigatewayv2_api',
  id: 'a1b2c3d4e5',
  values: {
    id: 'a1b2c3d4e5',
    name: 'app-dev',
    api_endpoint: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
    execution_arn: arn('execute-api', 'a1b2c3d4e5'),
  },
};

export const handler: LiveResource = {
  type: 'aws_lambda_function',
  id: 'app-dev',
  sensitivePaths: ['environment.0.variables'],
  values: {
    id: 'app-dev',
    function_name: 'app-dev',
    arn: arn('lambda', 'function:app-dev'),
    role: 'arn:aws:iam::123456789012:role/app-dev',
    environment: [
      {
        variables: {
          TABLE: 'app-dev-items',
          API: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/v1',
          LINE_CHANNEL_SECRET: 'of-dev',
          OPENAI_API_KEY: 'for-all-dev',
          SHARED_BUCKET: 'company-assets',
        },
      },
    ],
  },
};

export const permission: LiveResource = {
  type: 'aws_lambda_permission',
  id: 'api',
  values: {
    id: 'api',
    function_name: 'app-dev',
    statement_id: 'api',
    source_arn: arn('execute-api', 'a1b2c3d4e5/*'),
  },
};

export const all = [role, table, api, handler, permission];

export const stateOf = (resources: readonly LiveResource[] = all): StateModel =>
  liveState(resources, { lineage: 'live:dev', types: resourceTypes, rename, mayBeSecret });

export const isPart = (type: string): boolean => type === 'aws_lambda_permission';

export function factsOf(state: StateModel, more: Partial<RewriteFacts> = {}): RewriteFacts {
  return {
    rename,
    search: searchFor(identifiersOf(state.resources, rename, isPart)),
    isCloned: () => true,
    actual: new Map(),
    secret: () => undefined,
    ...more,
  };
}
