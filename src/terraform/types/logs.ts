import type { ResourceTypeFacts } from './facts.ts';
import { limit, wordAndHyphen } from './limits.ts';
import { skipDestroy } from './obstacles.ts';

const logsPage = (operation: string): string =>
  `AmazonCloudWatchLogs/latest/APIReference/API_${operation}.html`;
const metricsPage = (operation: string): string =>
  `AmazonCloudWatch/latest/APIReference/API_${operation}.html`;

const noColonOrStar = { pattern: '[^:*]+', allowed: 'any characters but : and *' };

export const logsTypes: readonly ResourceTypeFacts[] = [
  {
    type: 'aws_cloudwatch_log_group',
    title: 'Log group',
    category: 'logs',
    identity: ['name'],
    scope: 'region',
    generated: ['name'],
    limits: [
      limit('name', 512, logsPage('CreateLogGroup'), {
        pattern: '[.\\-_\\/#A-Za-z0-9]+',
        allowed: 'letters, digits and . - _ / #',
      }),
    ],
    holdsData: true,
    taggable: true,
    obstacles: [skipDestroy('the log group')],
  },
  {
    type: 'aws_cloudwatch_log_stream',
    title: 'Log stream',
    category: 'logs',
    identity: ['name', 'log_group_name'],
    scope: 'parent',
    limits: [limit('name', 512, logsPage('CreateLogStream'), noColonOrStar)],
    taggable: false,
  },
  {
    type: 'aws_cloudwatch_log_metric_filter',
    title: 'Metric filter of a log group',
    category: 'logs',
    identity: ['name', 'log_group_name'],
    scope: 'parent',
    limits: [limit('name', 512, logsPage('PutMetricFilter'), noColonOrStar)],
    taggable: false,
  },
  {
    // A group takes two at most, so one of ours on another's group is one less for its owner.
    type: 'aws_cloudwatch_log_subscription_filter',
    title: 'Subscription of a log group',
    category: 'logs',
    identity: ['name', 'log_group_name'],
    scope: 'parent',
    limits: [limit('name', 512, logsPage('PutSubscriptionFilter'), noColonOrStar)],
    modifies: 'log_group_name',
    taggable: false,
  },
  {
    type: 'aws_cloudwatch_log_resource_policy',
    title: 'Resource policy of CloudWatch Logs',
    category: 'logs',
    identity: ['policy_name'],
    scope: 'region',
    limits: [],
    policies: ['policy_document'],
    taggable: false,
  },
  {
    type: 'aws_cloudwatch_log_data_protection_policy',
    title: 'Data protection of a log group',
    category: 'logs',
    identity: ['log_group_name'],
    scope: 'parent',
    limits: [],
    modifies: 'log_group_name',
    taggable: false,
  },
  {
    type: 'aws_cloudwatch_query_definition',
    title: 'Saved query of CloudWatch Logs',
    category: 'logs',
    identity: [],
    scope: 'server',
    nameAttribute: 'name',
    limits: [limit('name', 255, logsPage('PutQueryDefinition'))],
    taggable: false,
  },
  {
    // Made by a call that silently replaces an alarm of the same name.
    type: 'aws_cloudwatch_metric_alarm',
    title: 'Alarm',
    category: 'logs',
    identity: ['alarm_name'],
    scope: 'region',
    limits: [limit('alarm_name', 255, metricsPage('PutMetricAlarm'))],
    taggable: true,
  },
  {
    type: 'aws_cloudwatch_composite_alarm',
    title: 'Composite alarm',
    category: 'logs',
    identity: ['alarm_name'],
    scope: 'region',
    limits: [limit('alarm_name', 255, metricsPage('PutCompositeAlarm'))],
    taggable: true,
  },
  {
    // Dashboards are of the account, not of a region; the call replaces one of the same name.
    type: 'aws_cloudwatch_dashboard',
    title: 'Dashboard',
    category: 'logs',
    identity: ['dashboard_name'],
    scope: 'account',
    limits: [limit('dashboard_name', 255, metricsPage('PutDashboard'), wordAndHyphen)],
    taggable: false,
  },
  {
    type: 'aws_xray_group',
    title: 'X-Ray group',
    category: 'logs',
    identity: ['group_name'],
    scope: 'region',
    limits: [limit('group_name', 32, 'xray/latest/api/API_CreateGroup.html')],
    taggable: true,
  },
  {
    type: 'aws_cloudtrail',
    title: 'CloudTrail trail',
    category: 'logs',
    identity: ['name'],
    scope: 'region',
    limits: [
      limit('name', 128, 'awscloudtrail/latest/APIReference/API_CreateTrail.html', {
        minLength: 3,
        pattern: '(?!\\d+\\.\\d+\\.\\d+\\.\\d+$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*',
        allowed: 'letters, digits and single . _ -; a letter or digit first and last',
      }),
    ],
    taggable: true,
  },
];
