/** All that can be asked by HTTP from outside. */
import type { Thing, World } from '../world.ts';
import type { Front } from './front.ts';
import { httpApiFronts } from './http-api.ts';
import { loadBalancerFronts } from './load-balancer.ts';
import { restApiFronts } from './rest-api.ts';

export function frontsOf(world: World, functions: readonly Thing[]): readonly Front[] {
  return [
    ...functionUrls(world, functions),
    ...httpApiFronts(world, functions),
    ...restApiFronts(world, functions),
    ...loadBalancerFronts(world, functions),
    ...stagesOfOthers(world),
  ];
}

/** Stages whose API lies elsewhere: what its routes lead to is not known here. */
function stagesOfOthers(world: World): Front[] {
  const owners = [
    ['aws_apigatewayv2_stage', 'api_id', 'aws_apigatewayv2_api'],
    ['aws_api_gateway_stage', 'rest_api_id', 'aws_api_gateway_rest_api'],
  ] as const;
  return owners.flatMap(([type, attribute, owner]) =>
    world
      .of(type)
      .filter((stage) => !world.of(owner).some((api) => world.refers(stage, attribute, api)))
      .map((thing): Front => {
        const closed = 'its API is not one of this environment: what its routes lead to is not known';
        return { thing, title: 'API', url: null, routes: [], closed, open: false };
      }),
  );
}

function functionUrls(world: World, functions: readonly Thing[]): Front[] {
  return world.of('aws_lambda_function_url').map((thing): Front => {
    const { function_url: url, authorization_type: type } = thing.values;
    const signed = type === 'AWS_IAM';
    return {
      thing,
      title: 'Function URL',
      url: typeof url === 'string' && url !== '' ? url : null,
      routes: [
        {
          method: 'ANY',
          path: '$default',
          functions: functions.filter((each) => world.refers(thing, 'function_name', each)),
          wants: signed ? 'a signature (AWS_IAM)' : null,
          name: 'its Function URL',
        },
      ],
      closed: null,
      open: type === 'NONE',
    };
  });
}
