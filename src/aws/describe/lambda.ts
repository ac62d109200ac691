import { describeService, known } from '../describe.ts';
import { sorted } from '../state-values.ts';
import { aliasesOf, urlsOf } from './lambda-entries.ts';
import { functionItself } from './lambda-function.ts';
import { mappingOf } from './lambda-mapping.ts';
import { permissionsOf } from './lambda-permissions.ts';
import { eventInvokesOf, provisionedOf } from './lambda-settings.ts';

export const lambda = describeService('lambda', ['ResourceNotFoundException'], {
  aws_lambda_function: {
    actions: [
      'lambda:GetFunction',
      'lambda:GetFunctionConfiguration',
      'lambda:ListAliases',
      'lambda:ListFunctionUrlConfigs',
      'lambda:GetPolicy',
      'lambda:ListFunctionEventInvokeConfigs',
      'lambda:ListProvisionedConcurrencyConfigs',
    ],
    describe: async (subject, client) => {
      const name = subject.id;
      const itself = await functionItself(name, client);
      if (itself.length === 0) return [];
      const aliases = await aliasesOf(name, client);
      const urls = await urlsOf(name, client);
      const permissions = [await permissionsOf(name, '', client)];
      // Each alias has a policy of its own.
      for (const { values } of aliases) {
        const alias = values['name'];
        if (typeof alias === 'string') permissions.push(await permissionsOf(name, alias, client));
      }
      const settings = [...(await eventInvokesOf(name, client)), ...(await provisionedOf(name, client))];
      return [...itself, ...aliases, ...urls, ...permissions.flat(), ...settings];
    },
  },
  aws_lambda_event_source_mapping: {
    actions: ['lambda:GetEventSourceMapping', 'lambda:ListTags'],
    describe: ({ id }, client) => mappingOf(id, client),
  },
  aws_lambda_layer_version: {
    actions: ['lambda:GetLayerVersion'],
    describe: async (subject, client) => {
      const [layer, version] = subject.lastPart(':');
      const name = layer.slice(layer.lastIndexOf(':') + 1);
      const found = await client.getLayerVersion({ LayerName: name, VersionNumber: Number(version) });
      return [
        {
          type: 'aws_lambda_layer_version',
          id: subject.id,
          values: known({
            arn: found.LayerVersionArn,
            code_sha256: found.Content?.CodeSha256,
            compatible_architectures: sorted(found.CompatibleArchitectures),
            compatible_runtimes: sorted(found.CompatibleRuntimes),
            created_date: found.CreatedDate,
            description: found.Description ?? '',
            id: subject.id,
            layer_arn: found.LayerArn,
            layer_name: name,
            license_info: found.LicenseInfo ?? '',
            source_code_size: found.Content?.CodeSize,
            version,
          }),
        },
      ];
    },
  },
});
