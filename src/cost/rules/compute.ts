import { isJsonObject, type Json } from '../../transfer/json.ts';
import { hoursPerMonth } from '../money.ts';
import { type Reader, Unpriced } from '../reader.ts';
import {
  beyond,
  type CostRules,
  month,
  onlyOne,
  type Part,
  type RuleContext,
  some,
  times,
  together,
} from './rule.ts';

/** @param block path of the block that describes it, with its dot; '' where that is the resource itself */
function volume(at: Reader, context: RuleContext, kind: string, size: string, block = ''): Part {
  if (kind !== 'gp2' && kind !== 'gp3') throw new Unpriced(`no price of ${kind} volumes is in the table`);
  const storage = times(context, `ebs.${kind}`, [at.number(size), 'GB']);
  if (kind === 'gp2') return storage;
  // What comes with it: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
  const iops = beyond(at, `${block}iops`, 3000);
  const throughput = beyond(at, `${block}throughput`, 125);
  return together(
    storage,
    ...(iops > 0 ? [times(context, 'ebs.gp3-iops', [iops, 'IOPS more'])] : []),
    ...(throughput > 0 ? [times(context, 'ebs.gp3-throughput', [throughput, 'MiB/s more'])] : []),
  );
}

function blockVolumes(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const extra = at.isUnknown('ebs_block_device') ? [] : at.list('ebs_block_device');
  const sized = (path: string) => (): Part =>
    volume(at, context, at.text(`${path}.volume_type`, 'gp2'), `${path}.volume_size`, `${path}.`);
  return [
    () => {
      // Where the configuration does not size it, the image does.
      const given = !at.isUnknown('root_block_device') && at.list('root_block_device').length > 0;
      if (!given) throw new Unpriced('the size of its root volume comes from the image');
      return sized('root_block_device.0')();
    },
    ...extra.map((_device, index) => sized(`ebs_block_device.${index}`)),
  ];
}

function instance(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const tenancy = at.isUnknown('tenancy') ? 'default' : at.text('tenancy', 'default');
  if (tenancy !== 'default') throw new Unpriced(`no prices of ${tenancy} tenancy are in the table`);
  const market = at.isUnknown('instance_market_options') ? [] : at.list('instance_market_options');
  if (market.length > 0) throw new Unpriced('spot prices change from hour to hour');
  return [
    () => times(context, `ec2:${at.text('instance_type')}`, month),
    ...blockVolumes(at, context),
    ...addressOf(at, context),
    ...(at.isUnknown('monitoring') || !at.flag('monitoring', false)
      ? []
      : [refusal('no price of detailed monitoring is in the table')]),
  ];
}

const refusal = (why: string) => (): Part => {
  throw new Unpriced(why);
};

/** A public address of AWS. One of an `aws_eip` takes its place, and is priced by itself. */
function addressOf(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const path = 'associate_public_ip_address';
  const address = (): Part => times(context, 'ipv4.hour', [1, 'public IPv4'], month);
  if (at.isUnknown(path)) {
    const subnet = subnetOf(at, context);
    const given = subnet && !subnet.isUnknown('map_public_ip_on_launch');
    if (!given) return [refusal('whether it gets a public IPv4 is up to its subnet')];
    return subnet.flag('map_public_ip_on_launch', false) ? [address] : [];
  }
  if (!at.flag(path, false)) return [];
  const { id } = at.resource.values;
  const elastic = context.all.some(
    ({ resource: { type, values } }) =>
      (type === 'aws_eip' && values['instance'] === id) ||
      (type === 'aws_eip_association' && values['instance_id'] === id),
  );
  return id !== undefined && elastic ? [] : [address];
}

function subnetOf(at: Reader, context: RuleContext): Reader | undefined {
  if (at.isUnknown('subnet_id')) return onlyOne(context, at.resource, ['aws_subnet']);
  const id = at.text('subnet_id', '');
  return context.all.find(({ resource: { type, values } }) => type === 'aws_subnet' && values['id'] === id);
}

/** The function that a name, an ARN or a qualified ARN means. */
function functionOf(at: Reader, context: RuleContext): Reader {
  const functions = context.all.filter(({ resource }) => resource.type === 'aws_lambda_function');
  if (at.isUnknown('function_name')) {
    const only = onlyOne(context, at.resource, ['aws_lambda_function']);
    if (only) return only;
    throw new Unpriced('which function it is for is known only after the apply');
  }
  const named = at.text('function_name');
  const name = /:function:([^:]+)/.exec(named)?.[1] ?? named;
  const found = functions.find(
    (one) => !one.isUnknown('function_name') && one.text('function_name', '') === name,
  );
  if (!found)
    throw new Unpriced(`the memory of ${name} is not known: the function is not among the resources`);
  return found;
}

const isArm = (list: readonly Json[]): boolean => list.includes('arm64');

function provisionedConcurrency(at: Reader, context: RuleContext): Part {
  const lambda = functionOf(at, context);
  const gb = lambda.number('memory_size', 128) / 1024;
  const arm = isArm(lambda.isUnknown('architectures') ? [] : lambda.list('architectures'));
  return times(
    context,
    arm ? 'lambda.provisioned-arm-gb-second' : 'lambda.provisioned-gb-second',
    [at.number('provisioned_concurrent_executions'), 'provisioned'],
    [gb, 'GB'],
    [hoursPerMonth * 3600, 's'],
  );
}

function taskOf(at: Reader, context: RuleContext): Reader {
  const type = 'aws_ecs_task_definition';
  if (at.isUnknown('task_definition')) {
    const only = onlyOne(context, at.resource, [type]);
    if (only) return only;
    throw new Unpriced('which task definition it runs is known only after the apply');
  }
  const named = at.text('task_definition');
  const family = named.replace(/^.*task-definition\//, '').replace(/:\d+$/, '');
  const found = context.all.find(
    (one) => one.resource.type === type && !one.isUnknown('family') && one.text('family', '') === family,
  );
  if (!found) throw new Unpriced(`the task definition ${family} is not among the resources`);
  return found;
}

/** Launch type and capacity providers, the upper-case words by which ECS is told where tasks run. */
function placement(at: Reader): string {
  const strategy = at.isUnknown('capacity_provider_strategy') ? [] : at.list('capacity_provider_strategy');
  const providers = strategy.map((one) => (isJsonObject(one) ? one['capacity_provider'] : null));
  if (providers.length === 0) return at.isUnknown('launch_type') ? 'EC2' : at.text('launch_type', 'EC2');
  if (providers.every((provider) => provider === 'FARGATE')) return 'FARGATE';
  throw new Unpriced('where its tasks run, and so their price, is decided by its capacity providers');
}

function service(at: Reader, context: RuleContext): readonly (() => Part)[] {
  // On instances the tasks cost nothing by themselves: the instances do.
  if (placement(at) !== 'FARGATE') return [];
  const task = taskOf(at, context);
  const arm = task.text('runtime_platform.0.cpu_architecture', 'X86_64') === 'ARM64';
  const system = task.text('runtime_platform.0.operating_system_family', 'LINUX');
  if (system !== 'LINUX') throw new Unpriced(`no prices of ${system} on Fargate are in the table`);
  const tasks = some(at.number('desired_count', 0), 'task');
  const address = at.flag('network_configuration.0.assign_public_ip', false);
  const cpu = (): Part =>
    times(
      context,
      arm ? 'fargate.arm-vcpu' : 'fargate.vcpu',
      tasks,
      [task.number('cpu') / 1024, 'vCPU'],
      month,
    );
  const memory = (): Part =>
    times(context, arm ? 'fargate.arm-gb' : 'fargate.gb', tasks, [task.number('memory') / 1024, 'GB'], month);
  const ipv4 = (): Part => times(context, 'ipv4.hour', [tasks[0], 'public IPv4'], month);
  return address ? [cpu, memory, ipv4] : [cpu, memory];
}

export const computeRules: CostRules = {
  aws_instance: { kind: 'priced', fixed: instance },
  aws_ebs_volume: {
    kind: 'priced',
    fixed: (at, context) => [
      () => {
        const kind = at.isUnknown('type') ? 'gp2' : at.text('type', 'gp2');
        return volume(at, context, kind, 'size');
      },
    ],
  },
  aws_lambda_function: {
    kind: 'priced',
    meters: (at) => [
      { id: 'requests', key: 'lambda.requests', unit: 'requests', per: 1_000_000 },
      {
        id: 'gbSeconds',
        key:
          !at.isUnknown('architectures') && isArm(at.list('architectures'))
            ? 'lambda.arm-gb-second'
            : 'lambda.gb-second',
        unit: 'GB-seconds',
      },
    ],
    meterIds: ['requests', 'gbSeconds'],
  },
  aws_lambda_provisioned_concurrency_config: {
    kind: 'priced',
    fixed: (at, context) => [() => provisionedConcurrency(at, context)],
  },
  aws_ecs_service: { kind: 'priced', fixed: service },
  aws_eks_cluster: { kind: 'priced', fixed: (_at, context) => [() => times(context, 'eks.cluster', month)] },
};
