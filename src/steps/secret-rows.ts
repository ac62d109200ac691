/**
 * Mapping rows for what functions are given in their environment and may not be copied as it is: secrets, and values
 * that come from other resources of the environment.
 */
import { classifySecret } from '../secrets/classify.ts';
import { isJsonObject } from '../transfer/json.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import { block } from './functions.ts';
import type { Sides } from './pairing.ts';
