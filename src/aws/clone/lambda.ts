import type {
  Architecture,
  FunctionCode,
  FunctionUrlAuthType,
  InvokeMode,
  Lambda,
  Runtime,
} from '@aws-sdk/client-lambda';
import { ProvisionError } from '../../transfer/errors.ts';
import { type CloneRequest, cloneService, type Cloned, type Later } from '../clone.ts';
import { functionName, invokeArn } from '../function-arn.ts';
import { StateValues } from '../state-values.ts';
import { downloadCode } from './code.ts';
import { corsOf, newFunction, newMapping } from './lambda-requests.ts';
import { afterAlias, lambdaSettings, ofVersion, qualifiedName } from './lambda-settings.ts';
import { answered, cannotBeCopied } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

/** A role, a policy of it, or a key that was made a moment ago. */
const notYetKnown: readonly Passing[] = [
  {
    code: 'InvalidParameterValueException',
    message: /cannot be assumed|does not have permission|not authorized|KMS/i,
  },
];

const stillChanging: readonly Passing[] = [
  { code: 'ResourceConflictException', message: /in progress|pending/i },
];

async function codeOf(
  { source, signal }: CloneRequest,
  values: StateValues,
  client: Lambda,
): Promise<FunctionCode> {
  const image = values.text('image_uri');
  if (image !== undefined) return { ImageUri: image };
  const { Code } = await client.getFunction({ FunctionName: source.id });
  if (Code?.ImageUri !== undefined) return { ImageUri: Code.ImageUri };
  const what = `the code of the function ${source.id}`;
  const location = answered(Code?.Location, `the place of ${what}`);
  return {
    ZipFile: await downloadCode(location, what, signal),
    SourceKMSKeyArn: values.text('source_kms_key_arn'),
  };
}

async function cloneFunction(request: CloneRequest, client: Lambda): Promise<Cloned> {
  const { signal } = request;
  const values = new StateValues(request.values);
  const creation = newFunction(values, await codeOf(request, values, client));
  const FunctionName = values.needed('function_name');
  const made = await onceKnown(() => client.createFunction(creation), notYetKnown, signal);
  await waitFor(
    async () => {
      const { State, StateReasonCode } = await client.getFunctionConfiguration({ FunctionName });
      if (State === 'Failed')
        throw new ProvisionError('apply-failed', `the function ${FunctionName} failed: ${StateReasonCode}`);
      return State === undefined || State === 'Active' || State === 'Inactive' ? true : undefined;
    },
    { what: `the function ${FunctionName} to become active`, signal },
  );
  const arn = answered(made.FunctionArn, `the ARN of the function ${FunctionName}`).replace(
    // Of the version that was published with it.
    /^((?:[^:]*:){6}[^:]*):.*$/,
    '$1',
  );
  return {
    id: FunctionName,
    values: { arn, id: FunctionName, invoke_arn: invokeArn(arn), version: made.Version ?? '$LATEST' },
  };
}

const laterOfFunction: Later<Lambda> = {
  attributes: ['reserved_concurrent_executions'],
  async set({ id: FunctionName }, { values, signal }, client) {
    const reserved = new StateValues(values).number('reserved_concurrent_executions');
    if (reserved !== undefined && reserved >= 0)
      await onceKnown(
        () => client.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved }),
        stillChanging,
        signal,
      );
  },
};

/**
 * A version of a function is its code and settings at one moment. The new function has no past: where the alias points to a
 * version that is what the source is now, one is published; otherwise the alias would mean something else.
 */
async function versionFor(
  { source, signal }: CloneRequest,
  values: StateValues,
  client: Lambda,
): Promise<string> {
  const wanted = values.needed('function_version');
  if (wanted === '$LATEST') return wanted;
  const FunctionName = functionName(values.needed('function_name'));
  const sourceValues = new StateValues(source.values);
  const frozen = await client.getFunctionConfiguration({
    FunctionName: sourceValues.needed('function_name'),
    Qualifier: sourceValues.text('function_version') ?? wanted,
  });
  const now = await client.getFunctionConfiguration({ FunctionName });
  if (frozen.CodeSha256 !== now.CodeSha256)
    throw cannotBeCopied(
      `the alias ${values.needed('name')} of ${FunctionName}`,
      `it points to version ${wanted}, whose code is not that of the function now`,
    );
  const { Version } = await onceKnown(() => client.publishVersion({ FunctionName }), stillChanging, signal);
  return answered(Version, 'the version that was published');
}

async function cloneAlias(request: CloneRequest, client: Lambda): Promise<Cloned> {
  const values = new StateValues(request.values);
  const FunctionName = functionName(values.needed('function_name'));
  const Name = values.needed('name');
  const { AliasArn } = await client.createAlias({
    FunctionName,
    Name,
    FunctionVersion: await versionFor(request, values, client),
    Description: values.text('description'),
  });
  const arn = answered(AliasArn, 'the ARN of the alias');
  return { id: arn, values: { arn, id: arn, invoke_arn: invokeArn(arn) } };
}

async function cloneUrl({ values: given, signal }: CloneRequest, client: Lambda): Promise<Cloned> {
  const values = new StateValues(given);
  const named = qualifiedName(values);
  const { FunctionName, Qualifier } = named;
  const made = await onceKnown(
    () =>
      client.createFunctionUrlConfig({
        ...named,
        AuthType: values.word<FunctionUrlAuthType>('authorization_type'),
        Cors: corsOf(values),
        InvokeMode: values.word<InvokeMode>('invoke_mode'),
      }),
    stillChanging,
    signal,
  );
  const id = Qualifier === undefined ? FunctionName : `${FunctionName}/${Qualifier}`;
  const url = answered(made.FunctionUrl, `the URL of the function ${FunctionName}`);
  return {
    id,
    values: {
      function_arn: made.FunctionArn ?? '',
      function_url: url,
      id,
      url_id: new URL(url).hostname.split('.')[0] ?? '',
    },
  };
}

async function clonePermission({ values: given, signal }: CloneRequest, client: Lambda): Promise<Cloned> {
  const values = new StateValues(given);
  const id = values.needed('statement_id');
  const named = qualifiedName(values);
  await onceKnown(
    () =>
      client.addPermission({
        ...named,
        StatementId: id,
        Action: values.needed('action'),
        Principal: values.needed('principal'),
        EventSourceToken: values.text('event_source_token'),
        FunctionUrlAuthType: values.word<FunctionUrlAuthType>('function_url_auth_type'),
        InvokedViaFunctionUrl: values.flag('invoked_via_function_url'),
        PrincipalOrgID: values.text('principal_org_id'),
        SourceAccount: values.text('source_account'),
        SourceArn: values.text('source_arn'),
      }),
    // A principal that was made a moment ago.
    [...stillChanging, { code: 'InvalidParameterValueException', message: /principal/i }],
    signal,
  );
  return { id, values: { id } };
}

async function cloneMapping({ values: given, signal }: CloneRequest, client: Lambda): Promise<Cloned> {
  const request = newMapping(new StateValues(given));
  const made = await onceKnown(() => client.createEventSourceMapping(request), notYetKnown, signal);
  const id = answered(made.UUID, 'the id of the event source mapping');
  await waitFor(
    async () => {
      const { State } = await client.getEventSourceMapping({ UUID: id });
      return State === 'Enabled' || State === 'Disabled' ? true : undefined;
    },
    { what: `the event source mapping ${id} to be set up`, signal },
  );
  return {
    id,
    values: {
      arn: made.EventSourceMappingArn ?? '',
      function_arn: made.FunctionArn ?? '',
      id,
      uuid: id,
    },
  };
}

async function cloneLayer({ values: given, source, signal }: CloneRequest, client: Lambda): Promise<Cloned> {
  const values = new StateValues(given);
  const LayerName = values.needed('layer_name');
  const sourceValues = new StateValues(source.values);
  const { Content } = await client.getLayerVersion({
    LayerName: sourceValues.needed('layer_name'),
    VersionNumber: Number(sourceValues.needed('version')),
  });
  const what = `the code of the layer ${source.id}`;
  const made = await client.publishLayerVersion({
    LayerName,
    Description: values.text('description'),
    LicenseInfo: values.text('license_info'),
    CompatibleArchitectures: values.words<Architecture>('compatible_architectures'),
    CompatibleRuntimes: values.words<Runtime>('compatible_runtimes'),
    Content: {
      ZipFile: await downloadCode(answered(Content?.Location, `the place of ${what}`), what, signal),
    },
  });
  const id = answered(made.LayerVersionArn, `the ARN of the layer ${LayerName}`);
  return {
    id,
    values: { arn: id, id, layer_arn: made.LayerArn ?? '', version: String(made.Version ?? '') },
  };
}

export const lambda = cloneService('lambda', {
  aws_lambda_function: {
    actions: [
      'lambda:CreateFunction',
      'lambda:GetFunction',
      'lambda:GetFunctionConfiguration',
      'lambda:PutFunctionConcurrency',
      'lambda:TagResource',
      'iam:PassRole',
    ],
    later: laterOfFunction,
    clone: cloneFunction,
  },
  aws_lambda_alias: {
    actions: ['lambda:CreateAlias', 'lambda:GetFunctionConfiguration', 'lambda:PublishVersion'],
    refuses(values) {
      if (values.block('routing_config')?.numbers('additional_version_weights') !== undefined)
        return 'it shares its calls out among versions, and a copy has only one';
      const changed = values.texts('function_version_differs_in');
      return changed === undefined
        ? null
        : `it points to version ${values.text('function_version')}, which is not what the function is now (${changed.join(', ')})`;
    },
    clone: cloneAlias,
  },
  aws_lambda_function_url: {
    actions: ['lambda:CreateFunctionUrlConfig'],
    after: afterAlias,
    clone: cloneUrl,
  },
  aws_lambda_permission: {
    actions: ['lambda:AddPermission'],
    after: afterAlias,
    refuses: ofVersion,
    clone: clonePermission,
  },
  aws_lambda_event_source_mapping: {
    actions: ['lambda:CreateEventSourceMapping', 'lambda:GetEventSourceMapping', 'lambda:TagResource'],
    clone: cloneMapping,
  },
  aws_lambda_layer_version: {
    actions: ['lambda:PublishLayerVersion', 'lambda:GetLayerVersion'],
    clone: cloneLayer,
  },
  ...lambdaSettings,
});
