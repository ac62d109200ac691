#!/usr/bin/env node
// Starts main.ts: Node itself reads no TypeScript yet.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
