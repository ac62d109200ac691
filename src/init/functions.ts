/** The functions that a configuration declares, what a verification does with them, and an event that would fit. Pure. */
import { createExpressionReader } from '../proof/expressions.ts';
import { declaredReferences } from '../steps/references.ts';
import type { Declarations, ResourceDeclaration } from '../terraform/model.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import type { Json, JsonObject } from '../transfer/json.ts';
import { decide } from '../verify/decide.ts';
import { harmlessEvent } from '../verify/settings.ts';
import { type Thing, worldOfDeclared } from '../verify/world.ts';

export interface FoundFunction {
  readonly address: string;
  /** Why it is called or not, if nothing is said. */
  readonly why: string;
  readonly called: boolean;
  /** As Lambda is told it; `null` where that is made of something else, or it is an image. */
  readonly handler: string | null;
  /** Of the kind that it is given in its everyday life, and with nothing in it to do. */
  readonly event: Json;
}

const getEvent: Json = {
  version: '2.0',
  rawPath: '/',
  headers: {},
  requestContext: { http: { method: 'GET', path: '/' } },
};

/** By the words that a reason is made of. */
const events: readonly (readonly [RegExp, Json])[] = [
  [/\bbehind the (?:queue|topic|stream|event source|notifications|Kafka|broker)/, { Records: [] }],
  [/\bbehind the (?:schedule|EventBridge)/, { source: 'provision-env', 'detail-type': 'health', detail: {} }],
];

export function declaredFunctions(declarations: Declarations): readonly FoundFunction[] {
  const all = Object.entries(declarations.modules).flatMap(([modulePath, module]) =>
    Object.values(module.resources)
      .filter(({ mode }) => mode === 'managed')
      .map((resource) => ({ modulePath, resource })),
  );
  const references = declaredReferences(
    all.map(({ modulePath, resource: { mode, type, name } }) => ({ modulePath, mode, type, name })),
    createExpressionReader(declarations),
  );
  const things = all.map(({ modulePath, resource }): Thing => ({
    address: addressIn(modulePath, resource),
    type: resource.type,
    values: literalValues(resource),
    incomplete: true,
  }));
  const settings = { invoke: 'safe', functions: {}, urls: [], timeoutSeconds: 1 } as const;
  const { functions } = decide(worldOfDeclared(things, references), resourceTypes, settings);
  return functions.map(({ thing, requests, notCalled }) => {
    const why = notCalled ?? requests[0]?.why ?? '';
    const called = notCalled === null;
    const event = events.find(([words]) => words.test(why))?.[1] ?? harmlessEvent;
    const { handler } = thing.values;
    return {
      address: thing.address,
      why,
      called,
      handler: typeof handler === 'string' ? handler : null,
      event: called ? getEvent : event,
    };
  });
}

function addressIn(modulePath: string, { address }: ResourceDeclaration): string {
  const modules = modulePath === '' ? [] : modulePath.split('.').map((module) => `module.${module}`);
  return [...modules, address].join('.');
}

/** What stands there as it is; what is made of something else is not known before there is a plan. */
function literalValues({ attributes }: ResourceDeclaration): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { references, literals }]) =>
      references.length === 0 && literals.length === 1 ? [[name, literals[0] ?? '']] : [],
    ),
  );
}
