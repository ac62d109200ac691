import type { ResourceTypeFacts } from './facts.ts';
import { limit, wordAndHyphen } from './limits.ts';

const batchName = (attribute: string, operation: string) =>
  limit(attribute, 128, `batch/latest/APIReference/API_${operation}.html`, wordAndHyphen);

export const workflowTypes: readonly ResourceTypeFacts[] = [
  {
    // The service allows more characters, but then cannot write logs; the provider allows only these.
    type: 'aws_sfn_state_machine',
    title: 'Step Functions state machine',
    category: 'workflow',
    identity: ['name'],
    scope: 'region',
    generated: ['name'],
    limits: [
      limit('name', 80, 'step-functions/latest/apireference/API_CreateStateMachine.html', wordAndHyphen),
    ],
    taggable: true,
  },
  {
    type: 'aws_sfn_alias',
    title: 'Step Functions alias',
    category: 'workflow',
    identity: ['name', 'routing_configuration.0.state_machine_version_arn'],
    scope: 'parent',
    limits: [
      limit('name', 80, 'step-functions/latest/apireference/API_CreateStateMachineAlias.html', {
        pattern: '(?=.*[A-Za-z_.-])[A-Za-z0-9_.-]+',
        allowed: 'letters, digits, _ . and -, not digits alone',
      }),
    ],
    taggable: false,
  },
  {
    type: 'aws_sfn_activity',
    title: 'Step Functions activity',
    category: 'workflow',
    identity: ['name'],
    scope: 'region',
    limits: [limit('name', 80, 'step-functions/latest/apireference/API_CreateActivity.html')],
    taggable: true,
  },
  {
    type: 'aws_codebuild_project',
    title: 'CodeBuild project',
    category: 'workflow',
    identity: ['name'],
    scope: 'region',
    limits: [
      limit('name', 150, 'codebuild/latest/APIReference/API_CreateProject.html', {
        minLength: 2,
        pattern: '[A-Za-z0-9][A-Za-z0-9_-]+',
        allowed: 'letters, digits, - and _; a letter or digit first',
      }),
    ],
    taggable: true,
    servicesLogGroup: '/aws/codebuild/{name}',
    servicesLogGroupIf: { attribute: 'logs_config.0.cloudwatch_logs.0.status', when: { not: 'DISABLED' } },
    servicesLogGroupAttribute: 'logs_config.0.cloudwatch_logs.0.group_name',
  },
  {
    type: 'aws_codepipeline',
    title: 'CodePipeline pipeline',
    category: 'workflow',
    identity: ['name'],
    scope: 'region',
    limits: [
      limit('name', 100, 'codepipeline/latest/APIReference/API_PipelineDeclaration.html', {
        pattern: '[A-Za-z0-9.@_-]+',
        allowed: 'letters, digits and . @ _ -',
      }),
    ],
    taggable: true,
  },
  {
    // A second state with the same name adds revisions to it.
    type: 'aws_batch_job_definition',
    title: 'Batch job definition',
    category: 'workflow',
    identity: ['name'],
    scope: 'region',
    limits: [batchName('name', 'RegisterJobDefinition')],
    taggable: true,
  },
  {
    type: 'aws_batch_job_queue',
    title: 'Batch job queue',
    category: 'workflow',
    identity: ['name'],
    scope: 'region',
    limits: [batchName('name', 'CreateJobQueue')],
    taggable: true,
  },
  {
    type: 'aws_batch_compute_environment',
    title: 'Batch compute environment',
    category: 'workflow',
    identity: ['compute_environment_name'],
    scope: 'region',
    generated: ['compute_environment_name'],
    limits: [batchName('compute_environment_name', 'CreateComputeEnvironment')],
    taggable: true,
  },
];
