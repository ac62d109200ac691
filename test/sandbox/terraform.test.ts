import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { awsJson, logEvents } from './aws.ts';
import { terraformIn, type Terraform } from './terraform.ts';
import { zip } from './zip.ts';

const CONFIGURATION = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region            = "ap-southeast-1"
  s3_use_path_style = true
}
resource "aws_iam_role" "function" {
  name = "sandbox-function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
      Principal = { Service = ["lambda.amazonaws.com", "states.amazonaws.com"] } }]
  })
}
resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/sandbox-function"
  retention_in_days = 7
}
resource "aws_lambda_function" "function" {
  function_name    = "sandbox-function"
  role             = aws_iam_role.function.arn
  runtime          = "nodejs20.x"
  handler          = "index.handler"
  filename         = "function.zip"
  source_code_hash = filebase64sha256("function.zip")
  environment { variables = { GREETING = "sawasdee" } }
  depends_on = [aws_cloudwatch_log_group.function]
}
resource "aws_lambda_function_url" "function" {
  function_name      = aws_lambda_function.function.function_name
  authorization_type = "NONE"
}
resource "aws_apigatewayv2_api" "api" {
  name          = "sandbox-api"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "function" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.function.invoke_arn
  payload_format_version = "2.0"
}
resource "aws_apigatewayv2_route" "hello" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "GET /hello"
  target    = "integrations/\${aws_apigatewayv2_integration.function.id}"
}
resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
  tags        = { Environment = "sandbox" }
}
resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.function.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "\${aws_apigatewayv2_api.api.execution_arn}/*/*"
}
resource "aws_sfn_state_machine" "machine" {
  name     = "sandbox-machine"
  role_arn = aws_iam_role.function.arn
  definition = jsonencode({
    StartAt = "Call"
    States  = { Call = { Type = "Task", Resource = aws_lambda_function.function.arn, End = true } }
  })
}
output "url" { value = aws_lambda_function_url.function.function_url }
output "api" { value = aws_apigatewayv2_api.api.api_endpoint }
output "machine" { value = aws_sfn_state_machine.machine.arn }
`;

const HANDLER = `export const handler = async (event) => {
  console.log('called');
  return { statusCode: 200, body: process.env.GREETING + (event.rawPath ?? '') };
};`;

const Outputs = z.record(z.string(), z.object({ value: z.string() }));

let sandbox: Sandbox;
let folder: string;
let terraform: Terraform;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sandbox-terraform-'));
  await writeFile(path.join(folder, 'main.tf'), CONFIGURATION);
  await writeFile(path.join(folder, 'function.zip'), zip({ 'index.mjs': HANDLER }));
  sandbox = await startSandbox();
  terraform = await terraformIn(folder, sandbox.env);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the real Terraform', () => {
  it('applies to the sandbox, plans no changes afterwards, and destroys again', async () => {
    await terraform.run('init');
    await terraform.run('apply', '-auto-approve');
    const outputs = Outputs.parse(JSON.parse((await terraform.run('output', '-json')).stdout));

    expect(await (await fetch(`${outputs['url']?.value}x`)).text()).toBe('sawasdee/x');
    expect(await (await fetch(`${outputs['api']?.value}/hello`)).text()).toBe('sawasdee/hello');
    const logged = await logEvents(sandbox, '/aws/lambda/sandbox-function');
    expect(logged.filter(({ message }) => message.endsWith('\tINFO\tcalled'))).toHaveLength(2);

    const again = await terraform.run('plan', '-detailed-exitcode');
    expect({ exitCode: again.exitCode, text: again.stdout }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('No changes'),
    });

    await terraform.run('destroy', '-auto-approve');
    expect((await fetch(outputs['url']?.value ?? '')).status).toBe(404);
    const machines = await awsJson(sandbox, 'states', 'AWSStepFunctions.ListStateMachines', {});
    expect(machines.body['stateMachines']).toEqual([]);
  });
});
