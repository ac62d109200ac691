/** The configuration that `init` writes: what has to be said, and, commented out, what may be said. */
import type { Found } from './look.ts';

export const configName = 'provision-env.config.ts';

/** As it stands in TypeScript, whatever the text holds. */
const literal = (text: string): string => JSON.stringify(text);

/** A line that is said, or shown only because it is found without being said. */
const line = (key: string, value: string, said: boolean): string =>
  `${said ? '' : '// '}${key}: ${literal(value)},`;

/** @returns the text of the file; it loads as it is */
export function configText({ dir, variable, source, environments, backend, doppler, told }: Found): string {
  return `import { defineConfig } from 'provision-env';

// What is commented out is found without being said, or is not needed; every key is described in the package's
// schema/config.json. Environments found: ${environments.join(', ') || 'none yet'}.
export default defineConfig({
  terraform: {
    // The root module.
    ${line('dir', dir, told.dir !== undefined)}
    // The variable that names the environment.
    ${line('variable', variable, told.variable !== undefined)}
  },

  // The environment that is copied where none is named with from=….
  ${line('defaultSource', source, told.source !== undefined)}

  // Where the var-file of an environment lies, where it is not found: relative to the root module.
  ${told.varFile === undefined ? '// ' : ''}environments: { varFile: ${literal(told.varFile ?? 'config/{env}.tfvars')} },

  // Resources that all environments share: they are never copied, changed or destroyed.
  // shared: ["aws_ecr_repository.*"],

  // Environments that are never destroyed, beside dev, staging and prod.
  // protected: ["live"],

  // How long environments live that are not protected; \`provision-env gc\` destroys what has expired.
  // ttl: { default: "3d", max: "14d" },

  // ${doppler ? 'There is a doppler.yaml: with DOPPLER_TOKEN set, Doppler is used.' : 'Where secrets are kept; the environment of the command if nothing is said.'}
  // secrets: { provider: "${doppler ? 'doppler' : 'env'}" },

  // Where records lie: in a bucket for teams and for CI${backend === 's3' ? ', for example the one of the states' : ''}.
  // store: "s3://my-bucket/provision-env",
});
`;
}
