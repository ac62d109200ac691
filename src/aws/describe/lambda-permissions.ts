/** Who may call a function: the statements of its policy, and of the policy that each alias has of its own. */
import type { Lambda } from '@aws-sdk/client-lambda';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { isJsonObject } from '../../transfer/json.ts';
import { type DescribedResource, known } from '../describe.ts';
import { errorCode } from '../errors.ts';
import { qualifierOf } from '../function-arn.ts';

/** The value of the first operator that has the key: the service writes each condition in one way only. */
function condition(statement: JsonObject, key: string): string {
  const conditions = statement['Condition'];
  if (!isJsonObject(conditions)) return '';
  for (const operator of Object.values(conditions)) {
    if (!isJsonObject(operator)) continue;
    const entry = Object.entries(operator).find(([name]) => name.toLowerCase() === key.toLowerCase());
    if (typeof entry?.[1] === 'string' || typeof entry?.[1] === 'boolean') return String(entry[1]);
  }
  return '';
}

/** `"*"`, `{"Service": "x"}` and `{"AWS": "arn"}` are one text in the state. */
function principalOf(principal: Json | undefined): string {
  if (typeof principal === 'string') return principal;
  if (!isJsonObject(principal)) return '';
  const [first] = Object.values(principal);
  return typeof first === 'string' ? first : '';
}

/** Whether a statement is about the function itself, or about its alias. */
function speaksOf(statement: JsonObject, qualifier: string): boolean {
  const resource = statement['Resource'];
  return typeof resource === 'string' && qualifierOf(resource) === qualifier;
}

async function policyStatements(
  name: string,
  qualifier: string,
  client: Lambda,
): Promise<readonly JsonObject[]> {
  try {
    const { Policy = '{}' } = await client.getPolicy({
      FunctionName: name,
      ...(qualifier === '' ? {} : { Qualifier: qualifier }),
    });
    const document = JSON.parse(Policy) as Json;
    const statements = isJsonObject(document) ? document['Statement'] : [];
    return (Array.isArray(statements) ? statements : []).filter(
      (each): each is JsonObject => isJsonObject(each) && speaksOf(each, qualifier),
    );
  } catch (error) {
    // The service's word for "has no policy".
    if (errorCode(error) === 'ResourceNotFoundException') return [];
    throw error;
  }
}

/** @param qualifier an alias; empty for the function itself */
export async function permissionsOf(
  name: string,
  qualifier: string,
  client: Lambda,
): Promise<DescribedResource[]> {
  const statements = await policyStatements(name, qualifier, client);
  return statements.map((statement) => {
    const id = typeof statement['Sid'] === 'string' ? statement['Sid'] : '';
    return {
      type: 'aws_lambda_permission',
      id,
      values: known({
        action: statement['Action'],
        event_source_token: condition(statement, 'lambda:EventSourceToken'),
        function_name: name,
        function_url_auth_type: condition(statement, 'lambda:FunctionUrlAuthType'),
        id,
        // The provider has it since version 6 only; a copy without it would open the function to more.
        invoked_via_function_url:
          condition(statement, 'lambda:InvokedViaFunctionUrl') === 'true' ? true : undefined,
        principal: principalOf(statement['Principal']),
        principal_org_id: condition(statement, 'aws:PrincipalOrgID'),
        qualifier,
        source_account: condition(statement, 'AWS:SourceAccount'),
        source_arn: condition(statement, 'AWS:SourceArn'),
        statement_id: id,
      }),
    };
  });
}
