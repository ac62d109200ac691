import { computeTypes } from './compute.ts';
import type { ResourceTypeFacts, ResourceTypeTable } from './facts.ts';

const all: readonly (readonly ResourceTypeFacts[])[] = [computeTypes];

/** The table of known resource types, by type. */
export const resourceTypes: ResourceTypeTable = new Map(all.flat().map((facts) => [facts.type, facts]));
