import type { ApplyMethod, DBCluster, DBInstance, Parameter, RDS } from '@aws-sdk/client-rds';
import { type Cloned, type CloneRequest, cloneService, type Later } from '../clone.ts';
import { clusterInstanceValues, clusterValues, instanceValues } from '../describe/rds.ts';
import { StateValues } from '../state-values.ts';
import { pick } from './pick.ts';
import { clusterInstanceRequest, clusterRequest, instanceRequest, replicaOf } from './rds-requests.ts';
import { available, passing } from './rds-waiting.ts';
import { answered } from './refusals.ts';
import { onceKnown } from './wait.ts';

/**
 * Lets the cluster use the roles that the source's may. For what, only the service knows, and only of the source: the
 * state of Terraform has no place for it.
 */
async function addRoles(
  DBClusterIdentifier: string,
  there: readonly string[],
  { values, source, signal }: CloneRequest,
  client: RDS,
): Promise<void> {
  const roles = new StateValues(values).texts('iam_roles') ?? [];
  if (roles.length === 0) return;
  const before = new StateValues(source.values).texts('iam_roles') ?? [];
  const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier: source.id });
  const features = new Map(
    (DBClusters?.[0]?.AssociatedRoles ?? []).map(({ RoleArn, FeatureName }) => [RoleArn, FeatureName]),
  );
  for (const [index, RoleArn] of roles.entries()) {
    if (there.includes(RoleArn)) continue;
    const FeatureName = features.get(before[index]);
    await onceKnown(
      () => client.addRoleToDBCluster({ DBClusterIdentifier, RoleArn, FeatureName }),
      passing,
      signal,
    );
  }
}

/** A role that it may use already is refused. */
const laterOfCluster: Later<RDS> = {
  attributes: ['iam_roles'],
  set: async ({ id, values }, request, client) =>
    addRoles(id, new StateValues(values).texts('iam_roles') ?? [], request, client),
};

async function cloneCluster({ values: given, signal }: CloneRequest, client: RDS): Promise<Cloned> {
  const request = clusterRequest(new StateValues(given));
  const id = request.DBClusterIdentifier ?? '';
  await onceKnown(() => client.createDBCluster(request), passing, signal);
  const cluster = await available<DBCluster>(`the cluster ${id}`, signal, async () => {
    const { DBClusters } = await client.describeDBClusters({ DBClusterIdentifier: id });
    return { found: DBClusters?.[0], status: DBClusters?.[0]?.Status };
  });
  const made = [
    'arn',
    'cluster_resource_id',
    'endpoint',
    'hosted_zone_id',
    'id',
    'kms_key_id',
    'master_user_secret',
    'port',
    'reader_endpoint',
  ];
  return { id, values: pick(clusterValues(cluster), made) };
}

async function availableInstance(id: string, signal: AbortSignal, client: RDS): Promise<DBInstance> {
  return available(`the database ${id}`, signal, async () => {
    const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier: id });
    return { found: DBInstances?.[0], status: DBInstances?.[0]?.DBInstanceStatus };
  });
}

async function cloneClusterInstance({ values: given, signal }: CloneRequest, client: RDS): Promise<Cloned> {
  const request = clusterInstanceRequest(new StateValues(given));
  const id = request.DBInstanceIdentifier ?? '';
  await onceKnown(() => client.createDBInstance(request), passing, signal);
  const instance = await availableInstance(id, signal, client);
  const made = ['arn', 'availability_zone', 'dbi_resource_id', 'endpoint', 'id', 'port'];
  return { id, values: pick(clusterInstanceValues(instance, undefined), made) };
}

async function cloneInstance({ values: given, signal }: CloneRequest, client: RDS): Promise<Cloned> {
  const request = instanceRequest(new StateValues(given));
  const name = request.DBInstanceIdentifier ?? '';
  await onceKnown(() => client.createDBInstance(request), passing, signal);
  const instance = await availableInstance(name, signal, client);
  const made = [
    'address',
    'arn',
    'availability_zone',
    'endpoint',
    'hosted_zone_id',
    'id',
    'kms_key_id',
    'master_user_secret',
    'port',
    'resource_id',
    'status',
  ];
  return {
    id: answered(instance.DbiResourceId, `the resource id of ${name}`),
    values: pick(instanceValues(instance), made),
  };
}

async function cloneSubnetGroup({ values: given }: CloneRequest, client: RDS): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('name');
  const { DBSubnetGroup: group } = await client.createDBSubnetGroup({
    DBSubnetGroupName: id,
    DBSubnetGroupDescription: values.text('description') ?? id,
    SubnetIds: values.texts('subnet_ids') ?? [],
    Tags: values.tagList,
  });
  const arn = answered(group?.DBSubnetGroupArn, `the ARN of the subnet group ${id}`);
  return { id, values: { arn, id, ...(group?.VpcId === undefined ? {} : { vpc_id: group.VpcId }) } };
}

/** So many parameters are taken in one request. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html */
const atOnce = 20;

function parametersOf(values: StateValues): Parameter[][] {
  const parameters = values.blocks('parameter').map((each) => ({
    ParameterName: each.needed('name'),
    ParameterValue: each.text('value') ?? '',
    ApplyMethod: each.word<ApplyMethod>('apply_method'),
  }));
  return Array.from({ length: Math.ceil(parameters.length / atOnce) }, (_, index) =>
    parameters.slice(index * atOnce, (index + 1) * atOnce),
  );
}

async function cloneParameterGroup({ values: given }: CloneRequest, client: RDS): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('name');
  const { DBParameterGroup: group } = await client.createDBParameterGroup({
    DBParameterGroupName: id,
    DBParameterGroupFamily: values.needed('family'),
    Description: values.text('description') ?? id,
    Tags: values.tagList,
  });
  return { id, values: { arn: answered(group?.DBParameterGroupArn, `the ARN of ${id}`), id } };
}

const laterOfParameterGroup: Later<RDS> = {
  attributes: ['parameter'],
  async set({ id: DBParameterGroupName }, { values }, client) {
    for (const Parameters of parametersOf(new StateValues(values)))
      await client.modifyDBParameterGroup({ DBParameterGroupName, Parameters });
  },
};

const laterOfClusterParameterGroup: Later<RDS> = {
  attributes: ['parameter'],
  async set({ id: DBClusterParameterGroupName }, { values }, client) {
    for (const Parameters of parametersOf(new StateValues(values)))
      await client.modifyDBClusterParameterGroup({ DBClusterParameterGroupName, Parameters });
  },
};

async function cloneClusterParameterGroup({ values: given }: CloneRequest, client: RDS): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('name');
  const { DBClusterParameterGroup: group } = await client.createDBClusterParameterGroup({
    DBClusterParameterGroupName: id,
    DBParameterGroupFamily: values.needed('family'),
    Description: values.text('description') ?? id,
    Tags: values.tagList,
  });
  return { id, values: { arn: answered(group?.DBClusterParameterGroupArn, `the ARN of ${id}`), id } };
}

const databaseActions = ['rds:AddTagsToResource', 'iam:PassRole', 'iam:CreateServiceLinkedRole'];

/** Databases without their data. Snapshots are not copied, nor is anything restored. */
export const rds = cloneService('rds', {
  aws_rds_cluster: {
    actions: [
      'rds:CreateDBCluster',
      'rds:DescribeDBClusters',
      'rds:AddRoleToDBCluster',
      'secretsmanager:CreateSecret',
      ...databaseActions,
    ],
    leavesToParts: ['cluster_members'],
    later: laterOfCluster,
    refuses: replicaOf,
    clone: cloneCluster,
  },
  aws_rds_cluster_instance: {
    actions: ['rds:CreateDBInstance', 'rds:DescribeDBInstances', ...databaseActions],
    clone: cloneClusterInstance,
  },
  aws_db_instance: {
    actions: [
      'rds:CreateDBInstance',
      'rds:DescribeDBInstances',
      'secretsmanager:CreateSecret',
      ...databaseActions,
    ],
    leavesToParts: ['replicas'],
    refuses: replicaOf,
    clone: cloneInstance,
  },
  aws_db_subnet_group: {
    actions: ['rds:CreateDBSubnetGroup', 'rds:AddTagsToResource'],
    clone: cloneSubnetGroup,
  },
  aws_db_parameter_group: {
    actions: ['rds:CreateDBParameterGroup', 'rds:ModifyDBParameterGroup', 'rds:AddTagsToResource'],
    later: laterOfParameterGroup,
    clone: cloneParameterGroup,
  },
  aws_rds_cluster_parameter_group: {
    actions: [
      'rds:CreateDBClusterParameterGroup',
      'rds:ModifyDBClusterParameterGroup',
      'rds:AddTagsToResource',
    ],
    later: laterOfClusterParameterGroup,
    clone: cloneClusterParameterGroup,
  },
});
