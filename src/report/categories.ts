/** What people call the categories of resources. */
import type { Category } from '../terraform/types/facts.ts';

export const categoryTitles: Readonly<Record<Category, string>> = {
  compute: 'Compute',
  iam: 'IAM',
  storage: 'Storage',
  database: 'Database',
  network: 'Network',
  api: 'API',
  workflow: 'Workflow',
  logs: 'Logs',
  schedule: 'Schedule',
  messaging: 'Messaging',
  registry: 'Registry',
  external: 'External services',
};
