/**
 * Dependencies point one way. What is lower does not know what is above it; the proof and the costs do no I/O.
 *
 * cli → report → steps → { verify, proof, channels, secrets } → { aws, terraform, store, tools } → { environment, config }
 *     → { hcl, process, redact } → transfer
 */
const below = {
  transfer: [],
  process: ['transfer'],
  redact: ['transfer'],
  hcl: ['transfer', 'terraform/model'],
  config: ['transfer', 'environment', 'hcl', 'proof/secrets'],
  environment: ['transfer', 'redact', 'hcl', 'config', 'terraform/(model|declarations)'],
  store: ['transfer'],
  tools: ['transfer', 'process', 'store'],
};

const rule = (name, from, allowed) => ({
  name: `${name}-points-down`,
  comment: `src/${name} may only import from ${['itself', ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|sandbox)/', pathNot: [from, ...allowed.map((folder) => `^src/${folder}`)] },
});

const pure = (name, path) => ({
  name: `${name}-is-pure`,
  comment: `${name} does no I/O: it must run on any plan file.`,
  severity: 'error',
  from: { path },
  to: {
    dependencyTypes: ['core', 'npm'],
    pathNot: '^(node_modules/)?(zod|node:util|path$)',
  },
});

export default {
  forbidden: [
    ...Object.entries(below).map(([name, allowed]) => rule(name, `^src/${name}/`, allowed)),
    rule('proof', '^src/proof/', [
      'terraform/model',
      'terraform/types',
      'environment/(rename|near-names)',
      'transfer',
    ]),
    pure('proof', '^src/proof/'),
    rule('cost', '^src/cost/', ['proof/(target|values)', 'terraform/(model|types)', 'transfer']),
    pure('cost', '^src/cost/'),
    rule('sweep', '^src/sweep/', ['aws/adapter', 'environment/rename', 'transfer']),
    pure('sweep', '^src/sweep/'),
    rule('ownership', '^src/ownership/', ['terraform/types/local', 'transfer']),
    pure('ownership', '^src/ownership/'),
    rule('live', '^src/live/', [
      'proof/(values|policies)',
      'secrets/may-be-secret',
      'terraform/(model|types)',
      'transfer',
    ]),
    pure('live', '^src/live/'),
    rule('diff', '^src/diff/', ['proof', 'terraform/(model|types)', 'environment/rename', 'transfer']),
    pure('diff', '^src/diff/'),
    {
      name: 'only-the-cli-renders',
      comment: 'The library never prints: the CLI renders what it tells.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|demo|bin|report)' },
      to: { path: '^src/(cli|demo)/' },
    },
    {
      name: 'sdk-in-adapters-only',
      comment:
        'AWS clients are made in src/aws. Exceptions: the state of a backend, the secret stores, the call of a function, the demo.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(aws|secrets|demo)/|^src/terraform/s3-backend|^src/verify/invoke',
      },
      to: { path: '^node_modules/@aws-sdk/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      // Types may know each other; code may not.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
