/** A proxy that signs in with the secret that RDS keeps for its cluster. */
import { expect, it } from 'vitest';
import { clonerOf } from '../../src/aws/clone/index.ts';
import { identifiersOf, searchFor } from '../../src/direct/identifiers.ts';
import type { LiveResource } from '../../src/direct/live-state.ts';
import { dependenciesOf } from '../../src/direct/order.ts';
import { directPlan } from '../../src/direct/plan.ts';
import { factsOf, rename, stateOf } from './support.ts';

const arn = (rest: string): string => `arn:aws:rds:eu-west-1:123456789012:${rest}`;
const managed = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-0a1b2c3d-AbCdEf';

const cluster: LiveResource = {
  type: 'aws_rds_cluster',
  id: 'shop-dev',
  values: {
    id: 'shop-dev',
    arn: arn('cluster:shop-dev'),
    cluster_identifier: 'shop-dev',
    manage_master_user_password: true,
    master_user_secret: [{ secret_arn: managed, secret_status: 'active', kms_key_id: '' }],
  },
};
const instance: LiveResource = {
  type: 'aws_rds_cluster_instance',
  id: 'shop-dev-1',
  values: { id: 'shop-dev-1', arn: arn('db:shop-dev-1'), cluster_identifier: 'shop-dev' },
};
const proxy: LiveResource = {
  type: 'aws_db_proxy',
  id: 'shop-dev',
  values: {
    id: 'shop-dev',
    name: 'shop-dev',
    arn: arn('db-proxy:prx-0123456789'),
    auth: [{ auth_scheme: 'SECRETS', secret_arn: managed }],
  },
};
const target: LiveResource = {
  type: 'aws_db_proxy_target',
  id: 'shop-dev/default/TRACKED_CLUSTER/shop-dev',
  values: {
    id: 'shop-dev/default/TRACKED_CLUSTER/shop-dev',
    db_proxy_name: 'shop-dev',
    db_cluster_identifier: 'shop-dev',
    target_group_name: 'default',
  },
};

const isPart = (type: string): boolean => type === 'aws_db_proxy_target';

const state = stateOf([target, proxy, instance, cluster]);
const search = searchFor(identifiersOf(state.resources, rename, isPart));
const addressOf = (type: string): string =>
  state.resources.find((resource) => resource.type === type)?.address ?? '';

it('waits for the cluster, and its target for the instances too', () => {
  const order = dependenciesOf(state.resources, search, {
    neededBy: (type) => (isPart(type) ? ['aws_db_proxy'] : []),
    after: (type) => clonerOf(type)?.after ?? [],
  });
  expect(order.get(addressOf('aws_db_proxy'))).toEqual([addressOf('aws_rds_cluster')]);
  expect(new Set(order.get(addressOf('aws_db_proxy_target')))).toEqual(
    new Set([addressOf('aws_db_proxy'), addressOf('aws_rds_cluster'), addressOf('aws_rds_cluster_instance')]),
  );
});

it('signs in with the secret of the new cluster, never with that of the source', () => {
  const authOf = (actual: ReadonlyMap<string, string>): string => {
    const facts = factsOf(state, { search, actual });
    const { changes } = directPlan({ cloned: state.resources, existing: null, facts, tags: {} });
    return JSON.stringify(changes.find(({ type }) => type === 'aws_db_proxy')?.after?.['auth']);
  };
  expect(authOf(new Map())).toBe('[{"auth_scheme":"SECRETS"}]');
  const own = managed.replace('0a1b2c3d-AbCdEf', '9z8y7x6w-UvWxYz');
  expect(authOf(new Map([[managed, own]]))).toBe(`[{"auth_scheme":"SECRETS","secret_arn":"${own}"}]`);
});
