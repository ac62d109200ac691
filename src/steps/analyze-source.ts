/** Step 2: what the source's functions really run, and what its roles may do. */
import type { Declarations, StateModel, StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { physicalName } from '../terraform/types/identity.ts';
import { valuesAt } from '../terraform/types/paths.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import { functionSnapshot } from './functions.ts';
import type { AnalyzeSourceOutput, PolicySnapshot } from './outputs.ts';

export function analyzeSource(
  state: StateModel,
  declarations: Declarations,
  types: ResourceTypeTable,
): AnalyzeSourceOutput {
  const managed = state.resources.filter(({ mode }) => mode === 'managed');
  const variables = Object.values(declarations.modules['']?.variables ?? {});
  return {
    functions: managed.filter(({ type }) => type === 'aws_lambda_function').map(functionSnapshot),
    policies: managed.flatMap((resource) => policiesOf(resource, types)),
    secretKeys: variables
      .filter(({ sensitive }) => sensitive)
      .map(({ name }) => name)
      .sort(),
    terraformVersion: state.terraformVersion,
  };
}

function policiesOf(resource: StateResource, types: ResourceTypeTable): PolicySnapshot[] {
  const attributes = types.get(resource.type)?.policies ?? [];
  return attributes.flatMap((attribute) => {
    const statements = valuesAt(resource.values, attribute).flatMap((policy) => statementsOf(policy) ?? []);
    if (statements.length === 0) return [];
    return [
      {
        address: attributes.length > 1 ? `${resource.address}.${attribute}` : resource.address,
        name: physicalName(resource.type, resource.values, types) ?? resource.name,
        statements: statements.length,
        actions: [...new Set(statements.flatMap(actionsOf))].sort(),
      },
    ];
  });
}

/** `null` if there is no policy text, or none that is JSON. */
function statementsOf(policy: Json | undefined): readonly Json[] | null {
  if (typeof policy !== 'string' || policy === '') return null;
  try {
    const parsed = JSON.parse(policy) as Json;
    const statement = isJsonObject(parsed) ? parsed['Statement'] : undefined;
    if (statement === undefined) return null;
    return Array.isArray(statement) ? statement : [statement];
  } catch {
    return null;
  }
}

function actionsOf(statement: Json): string[] {
  if (!isJsonObject(statement)) return [];
  const actions = [statement['Action'], statement['NotAction']].flat();
  return actions.filter((action) => typeof action === 'string');
}
