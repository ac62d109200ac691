/** By what a function is called: its aliases and URLs. */
import type { FunctionUrlConfig, Lambda } from '@aws-sdk/client-lambda';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { type DescribedResource, known } from '../describe.ts';
import { invokeArn, isVersion, qualifierOf } from '../function-arn.ts';
import { pages } from '../listing.ts';
import { block, sorted } from '../state-values.ts';
import { functionSettings } from './lambda-function.ts';

/** What is the same of a version and of the function of which it is one, whatever it does. */
const notes: ReadonlySet<string> = new Set(['description', 'snap_start']);

/** In what a version is not what the function is now: a copy has no past, and could not have it. */
async function changedSince(
  FunctionName: string,
  version: string,
  client: Lambda,
): Promise<readonly string[] | undefined> {
  if (!isVersion(version)) return undefined;
  const [frozen, now] = await Promise.all(
    [{ FunctionName, Qualifier: version }, { FunctionName }].map(async (asked) => {
      const found = await client.getFunctionConfiguration(asked);
      return new Map<string, Json>(
        Object.entries({ code: found.CodeSha256 ?? '', ...functionSettings(found) }),
      );
    }),
  );
  const changed = [...new Set([...(frozen?.keys() ?? []), ...(now?.keys() ?? [])])].filter(
    (name) => !notes.has(name) && JSON.stringify(frozen?.get(name)) !== JSON.stringify(now?.get(name)),
  );
  return changed.length === 0 ? undefined : changed;
}

export async function aliasesOf(name: string, client: Lambda): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listAliases({ FunctionName: name, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const { AliasArn = '', Name, Description, FunctionVersion, RoutingConfig } of page.Aliases ?? []) {
      const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
      found.push({
        type: 'aws_lambda_alias',
        id: AliasArn,
        values: known({
          arn: AliasArn,
          description: Description ?? '',
          function_name: name,
          function_version: FunctionVersion,
          function_version_differs_in: await changedSince(name, FunctionVersion ?? '', client),
          id: AliasArn,
          invoke_arn: invokeArn(AliasArn),
          name: Name,
          routing_config: block(
            Object.keys(weights).length > 0 ? { additional_version_weights: weights } : undefined,
          ),
        }),
      });
    }
  }
  return found;
}

function corsBlock(cors: FunctionUrlConfig['Cors']): readonly JsonObject[] {
  return block(
    cors && {
      allow_credentials: cors.AllowCredentials ?? false,
      allow_headers: sorted(cors.AllowHeaders),
      allow_methods: sorted(cors.AllowMethods),
      allow_origins: sorted(cors.AllowOrigins),
      expose_headers: sorted(cors.ExposeHeaders),
      max_age: cors.MaxAge ?? 0,
    },
  );
}

export async function urlsOf(name: string, client: Lambda): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (Marker) => client.listFunctionUrlConfigs({ FunctionName: name, Marker }),
    ({ NextMarker }) => NextMarker,
  )) {
    for (const each of page.FunctionUrlConfigs ?? []) {
      const qualifier = qualifierOf(each.FunctionArn);
      const id = qualifier === '' ? name : `${name}/${qualifier}`;
      const url = each.FunctionUrl ?? '';
      found.push({
        type: 'aws_lambda_function_url',
        id,
        values: known({
          authorization_type: each.AuthType,
          cors: corsBlock(each.Cors),
          function_arn: each.FunctionArn,
          function_name: name,
          function_url: url,
          id,
          invoke_mode: each.InvokeMode,
          qualifier,
          url_id: /^https?:\/\/([^./:]+)/.exec(url)?.[1],
        }),
      });
    }
  }
  return found;
}
