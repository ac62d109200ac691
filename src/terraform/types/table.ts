import { apiTypes } from './api.ts';
import { computeTypes } from './compute.ts';
import { relationalDatabaseTypes } from './database-relational.ts';
import { databaseTypes } from './database.ts';
import { externalTypes } from './external.ts';
import type { ResourceTypeFacts, ResourceTypeTable } from './facts.ts';
import { iamTypes } from './iam.ts';
import { logsTypes } from './logs.ts';
import { messagingTypes } from './messaging.ts';
import { networkEdgeTypes } from './network-edge.ts';
import { networkTypes } from './network.ts';
import { registryTypes } from './registry.ts';
import { scheduleTypes } from './schedule.ts';
import { storageTypes } from './storage.ts';
import { workflowTypes } from './workflow.ts';

/** Every row, in the order of the files. */
export const resourceTypeRows: readonly ResourceTypeFacts[] = [
  ...computeTypes,
  ...iamTypes,
  ...storageTypes,
  ...databaseTypes,
  ...relationalDatabaseTypes,
  ...networkTypes,
  ...networkEdgeTypes,
  ...apiTypes,
  ...workflowTypes,
  ...logsTypes,
  ...scheduleTypes,
  ...messagingTypes,
  ...registryTypes,
  ...externalTypes,
];

/** The table of known resource types, by type. */
export const resourceTypes: ResourceTypeTable = new Map(resourceTypeRows.map((facts) => [facts.type, facts]));
