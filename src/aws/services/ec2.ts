import { defineService } from '../adapter.ts';
import { machines } from '../ec2-instances.ts';
import { networks } from '../ec2-networks.ts';
import { routes } from '../ec2-routes.ts';
import { securityGroups } from '../ec2-security-groups.ts';

export const ec2 = defineService('ec2', {
  scope: 'regional',
  inUse: [
    'DependencyViolation',
    'IncorrectState',
    'InvalidIPAddress.InUse',
    'InvalidParameterValue',
    'ResourceInUse',
    'OperationNotPermitted',
  ],
  notFound: [
    'InvalidAllocationID.NotFound',
    'InvalidAssociationID.NotFound',
    'InvalidGroup.NotFound',
    'InvalidInstanceID.NotFound',
    'InvalidInternetGatewayID.NotFound',
    'InvalidKeyPair.NotFound',
    'InvalidLaunchTemplateId.NotFound',
    'InvalidNetworkAclID.NotFound',
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidRouteTableID.NotFound',
    'InvalidSecurityGroupRuleId.NotFound',
    'InvalidSubnetID.NotFound',
    'InvalidVpcEndpointId.NotFound',
    'InvalidVpcID.NotFound',
    'NatGatewayNotFound',
  ],
  types: { ...securityGroups, ...networks, ...machines, ...routes },
});
