/** The configuration that `init` writes: what has to be said, and, commented out, what may be said. */
import type { FoundFunction } from './functions.ts';
import type { Found } from './look.ts';

export const configName = 'provision-env.config.ts';

/** As it stands in TypeScript, whatever the text holds. */
const literal = (text: string): string => JSON.stringify(text);

/** A line that is said, or shown only because it is found without being said. */
const line = (key: string, value: string, said: boolean): string =>
  `${said ? '' : '// '}${key}: ${literal(value)},`;

/** A comment may hold an address: its key is a word of somebody else's. */
const comment = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** Proposed, not said: an event has a function called, and only its author knows what it then does. */
function verifyText(functions: readonly FoundFunction[]): string {
  const entries = functions.map(
    ({
      address,
      why,
      called,
      handler,
      event,
    }) => `  //   // ${comment(`${called ? 'asked with a GET' : 'not called'}: ${why}${handler === null ? '' : `; handler ${handler}`}`)}
  //   ${literal(address)}: ${called ? '{ invoke: false }, // or' : ''}{ event: ${JSON.stringify(event)} },`,
  );
  return [
    '  // A verification calls Function URLs and open GET routes, and what is given an event here; `provision-env plan`',
    '  // lists it. An event that a handler knows to do nothing with makes it part of the verification. These are of the',
    '  // kind that the trigger sends; what a handler does with one, only its code says.',
    '  // verify: { functions: {',
    ...(entries.length > 0
      ? entries
      : ['  //   "*-worker-*": { event: { source: "provision-env", check: "health" } },']),
    '  // } },',
  ].join('\n');
}

/** @returns the text of the file; it loads as it is */
export function configText(found: Found): string {
  const { dir, variable, source, environments, backend, doppler, functions, told } = found;
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

${verifyText(functions)}

  // ${doppler ? 'There is a doppler.yaml: with DOPPLER_TOKEN set, Doppler is used.' : 'Where secrets are kept; the environment of the command if nothing is said.'}
  // secrets: { provider: "${doppler ? 'doppler' : 'env'}" },

  // Where records lie: in a bucket for teams and for CI${backend === 's3' ? ', for example the one of the states' : ''}.
  // store: "s3://my-bucket/provision-env",
});
`;
}
