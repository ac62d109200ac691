/** What a verification calls, with what, and why: over plans and settings. */
import { describe, expect, it } from 'vitest';
import type { PlanModel, StateResource } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { butNotCalled } from '../../src/transfer/call-count.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import { callPlan, keptTo } from '../../src/verify/calls.ts';
import { decide } from '../../src/verify/decide.ts';
import { type FunctionSettings, settingsFor, type VerifySettings } from '../../src/verify/settings.ts';
import { worldOfPlan } from '../../src/verify/world.ts';
import { functionResource, stateOf } from './state.ts';
import { arn, settings, decisionsOn, listFor, f, r, url, routes, rule, target } from './fronts.ts';

describe('the configuration', () => {
  const own = (entry: FunctionSettings): Partial<VerifySettings> => ({ functions: { f: entry } });

  it('gives an event to what nobody outside calls', () => {
    expect(f([rule, target('nightly')], own({ event: { dry: true } }))).toEqual(['{"dry":true}']);
    expect(f([], own({ invoke: true }))).toEqual(['{"source":"provision-env","check":"health"}']);
  });

  it('keeps a function from being called, also by its URL', () => {
    expect(f([url], own({ invoke: false }))).toBe('verify.functions "f" says invoke: false');
    expect(f([url], { invoke: 'all', ...own({ skip: 'sends mail' }) })).toBe(
      'sends mail (verify.functions "f")',
    );
    expect(f([url], own({ request: false }))).toBe('verify.functions "f" says request: false');
  });

  it('says which request is sent, also one that changes things, where a route takes it', () => {
    const request = { method: 'POST', path: '/hook' };
    expect(f(routes('POST /hook', 'GET /x'), own({ request }))).toEqual(['POST /hook']);
    expect(f([url], own({ request }))).toEqual(['POST /hook']);
    expect(f(routes('GET /x'), own({ request }))).toMatch(/asks for POST \/hook, and no route/);
    expect(f([], own({ request }))).toMatch(/neither a URL nor a route/);
  });

  it('is read from the most specific entry that says anything of calling it', () => {
    const entries: Record<string, FunctionSettings> = {
      'callers-*-task': { event: { from: 'task' } },
      '*': { invoke: false },
      'callers-*': { event: { from: 'callers' }, allowPlainText: true },
      'callers-t1-task': { allowPlainText: false },
    };
    expect(settingsFor(entries, ['callers-t1-task'])).toMatchObject({
      event: { from: 'task' },
      says: 'callers-*-task',
      allowPlainText: false,
    });
    expect(settingsFor(entries, ['callers-t1-x'])).toMatchObject({ says: 'callers-*', allowPlainText: true });
    expect(settingsFor(entries, ['other'])).toMatchObject({ says: '*', invoke: false });
    const wide = { '*': { event: { wide: true } }, x: { invoke: true } };
    expect(settingsFor(wide, ['x'])).toMatchObject({ says: 'x', event: { wide: true } });
  });
});

describe('a plan', () => {
  const created = (resource: StateResource, unknown: JsonObject = {}): PlanModel['changes'][number] => {
    const { address, mode, type, name, modulePath, values } = resource;
    const after = Object.fromEntries(Object.entries(values).filter(([key]) => !(key in unknown)));
    return {
      address,
      mode,
      type,
      name,
      modulePath,
      after,
      action: 'create',
      before: null,
      afterUnknown: unknown,
      afterSensitive: {},
    };
  };
  const planOf = (...changes: PlanModel['changes'][number][]): PlanModel => ({
    terraformVersion: '',
    changes,
    dataSources: [],
    variables: {},
    outputChanges: {},
  });
  const fn = functionResource('f', { arn: arn('f') });
  const [api, stage, integration, route] = routes('GET /x') as [StateResource, ...StateResource[]];
  const state = [fn, api, stage, integration, route].filter((each) => each !== undefined);
  const plan = planOf(
    ...state.map((each) =>
      created(each, { id: true, arn: true, api_id: true, target: true, integration_uri: true }),
    ),
  );
  const at = ({ address }: StateResource): string => address;
  const references = [
    { from: 'aws_apigatewayv2_stage.x', to: at(api) },
    { from: 'aws_apigatewayv2_integration.x', to: at(api) },
    { from: 'aws_apigatewayv2_integration.x', to: at(fn) },
    { from: 'aws_apigatewayv2_route.r0', to: at(api) },
    { from: 'aws_apigatewayv2_route.r0', to: 'aws_apigatewayv2_integration.x' },
  ];

  it('tells by the configuration what its values do not say yet', () => {
    const decisions = decide(worldOfPlan(plan, references, null), resourceTypes, settings());
    const list = callPlan(decisions, settings(), []);
    expect(list.calls.map(({ subject, what, url: known }) => [subject, what, known])).toEqual([
      [at(fn), 'GET /x', 'https://a.example/x'],
    ]);
  });

  it('tells it by the source where there is no configuration', () => {
    const source = stateOf(...state);
    const decisions = decide(worldOfPlan(plan, [], source), resourceTypes, settings());
    expect(callPlan(decisions, settings(), []).calls.map(({ what }) => what)).toEqual(['GET /x']);
    expect(
      callPlan(decide(worldOfPlan(plan, [], null), resourceTypes, settings()), settings(), []).calls.map(
        ({ subject }) => subject,
      ),
    ).not.toContain(at(fn));
  });

  it('is kept to after the apply: what was not listed is not called', () => {
    const listed = { invoke: 'safe', calls: [], notCalled: [] } as const;
    const kept = keptTo(decisionsOn([fn, url]), listed);
    expect(kept.functions[0]).toMatchObject({ requests: [], event: null });
    expect(kept.functions[0]?.notCalled).toMatch(/not in the list that was shown/);
    const shown = listFor([fn, url]);
    expect(keptTo(decisionsOn([fn, url]), shown).functions[0]?.notCalled).toBeNull();
  });

  it('tells instances of one declaration apart by their keys', () => {
    const instance = (key: string): StateResource => {
      const address = `aws_lambda_function.f["${key}"]`;
      return { ...functionResource(`f-${key}`), address };
    };
    const urlOf = (key: string): StateResource => ({
      ...r('aws_lambda_function_url', { authorization_type: 'NONE' }),
      address: `aws_lambda_function_url.u["${key}"]`,
    });
    const many = planOf(
      ...['a', 'b'].map((key) => created(instance(key), { arn: true })),
      created(urlOf('a'), { function_name: true }),
    );
    const refs = [{ from: 'aws_lambda_function_url.u', to: 'aws_lambda_function.f' }];
    const list = callPlan(decide(worldOfPlan(many, refs, null), resourceTypes, settings()), settings(), []);
    expect(list.calls.map(({ subject }) => subject)).toEqual(['aws_lambda_function.f["a"]']);
  });
});

describe('the verdict', () => {
  const evidence = (...statuses: ('pass' | 'skipped')[]): Parameters<typeof butNotCalled>[0] =>
    statuses.map((status, index) => ({
      layer: 1,
      check: 'function-invocable',
      subject: `f${index}`,
      status,
      observed: '',
      expected: '',
      at: '',
      durationMs: 0,
    }));

  it('counts what was not called', () => {
    expect(butNotCalled(evidence('pass', 'pass'))).toBe('');
    expect(butNotCalled(evidence('pass', 'skipped'))).toBe('; 1 of 2 functions was not called');
    expect(butNotCalled(evidence('skipped', 'skipped', 'pass'))).toBe('; 2 of 3 functions were not called');
    expect(butNotCalled([])).toBe('');
  });
});
