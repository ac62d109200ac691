resource "aws_iam_role" "workflow" {
  name = "${var.project_name}-report-workflow-role-${var.environment}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
    }]
  })
}

data "aws_iam_policy_document" "workflow" {
  statement {
    sid       = "MakeReport"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.report_worker.arn]
  }

  statement {
    sid       = "QueueDelivery"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.delivery.arn]
  }

  # Log delivery is set up per account, these actions know no narrower resource.
  statement {
    sid = "WriteLogs"
    actions = [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "workflow" {
  name   = "run-report"
  role   = aws_iam_role.workflow.id
  policy = data.aws_iam_policy_document.workflow.json
}

resource "aws_sfn_state_machine" "report" {
  name     = local.workflow_name
  role_arn = aws_iam_role.workflow.arn

  definition = jsonencode({
    Comment = "Makes the daily report and queues it for delivery"
    StartAt = "MakeReport"
    States = {
      MakeReport = {
        Type     = "Task"
        Resource = "arn:aws:states:::lambda:invoke"
        Parameters = {
          FunctionName = aws_lambda_function.report_worker.arn
          Payload      = { action = "make-report", "startedAt.$" = "$$.Execution.StartTime" }
        }
        OutputPath = "$.Payload"
        Retry = [{
          ErrorEquals     = ["Lambda.ServiceException", "Lambda.TooManyRequestsException"]
          IntervalSeconds = 2
          MaxAttempts     = 3
          BackoffRate     = 2
        }]
        Next = "QueueDelivery"
      }
      QueueDelivery = {
        Type     = "Task"
        Resource = "arn:aws:states:::sqs:sendMessage"
        Parameters = {
          QueueUrl        = aws_sqs_queue.delivery.url
          "MessageBody.$" = "$"
        }
        End = true
      }
    }
  })

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.workflow.arn}:*"
    level                  = "ERROR"
    include_execution_data = false # the report names people
  }

  # The service tries the role when the state machine is made.
  depends_on = [aws_iam_role_policy.workflow]
}
