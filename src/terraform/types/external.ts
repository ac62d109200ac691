/** Types of other providers: nothing in the cloud, but some of them write files that two environments share. */
import type { ResourceTypeFacts } from './facts.ts';

/** Lives in the state alone. */
function stateOnly(type: string, title: string): ResourceTypeFacts {
  return { type, title, category: 'external', identity: [], scope: 'local', limits: [], taggable: false };
}

/** Writes a file: two environments with the same path overwrite each other's, and a destroy deletes it for both. */
function file(type: string, title: string, attribute: string): ResourceTypeFacts {
  return {
    type,
    title,
    category: 'external',
    identity: [attribute],
    scope: 'local',
    limits: [],
    taggable: false,
  };
}

export const externalTypes: readonly ResourceTypeFacts[] = [
  stateOnly('null_resource', 'Null resource'),
  stateOnly('terraform_data', 'Terraform data'),
  stateOnly('random_bytes', 'Random bytes'),
  stateOnly('random_id', 'Random id'),
  stateOnly('random_integer', 'Random integer'),
  stateOnly('random_password', 'Random password'),
  stateOnly('random_pet', 'Random pet name'),
  stateOnly('random_shuffle', 'Random order'),
  stateOnly('random_string', 'Random string'),
  stateOnly('random_uuid', 'Random UUID'),
  stateOnly('time_offset', 'Time offset'),
  stateOnly('time_rotating', 'Rotating time'),
  stateOnly('time_sleep', 'Pause'),
  stateOnly('time_static', 'Fixed time'),
  stateOnly('tls_cert_request', 'Certificate request'),
  stateOnly('tls_locally_signed_cert', 'Locally signed certificate'),
  stateOnly('tls_private_key', 'Private key'),
  stateOnly('tls_self_signed_cert', 'Self-signed certificate'),
  file('local_file', 'File', 'filename'),
  file('local_sensitive_file', 'File with a secret', 'filename'),
  file('archive_file', 'Archive', 'output_path'),
];
