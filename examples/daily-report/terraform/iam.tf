data "aws_iam_policy_document" "assume_lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# One role a function: what one of them may do is not what the others may do.
resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = "${var.project_name}-${each.key}-role-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.assume_lambda.json
}

resource "aws_iam_role_policy_attachment" "basic_execution" {
  for_each = local.functions

  role       = aws_iam_role.function[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "vpc_access" {
  for_each = length(var.lambda_subnet_ids) > 0 ? local.functions : {}

  role       = aws_iam_role.function[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

# --- what all functions may do ---------------------------------------------------------------------------------

data "aws_iam_policy_document" "report_data" {
  statement {
    sid       = "ReadReports"
    actions   = ["s3:GetObject"]
    resources = ["${data.aws_s3_bucket.reports.arn}/${var.environment}/*"]
  }

  statement {
    sid       = "ReadWatchlist"
    actions   = ["dynamodb:GetItem", "dynamodb:Query"]
    resources = [aws_dynamodb_table.watchlist.arn]
  }
}

resource "aws_iam_policy" "report_data" {
  name        = "${var.project_name}-report-data-${var.environment}"
  description = "Read this environment's reports and watchlist"
  policy      = data.aws_iam_policy_document.report_data.json
}

resource "aws_iam_role_policy_attachment" "report_data" {
  for_each = local.functions

  role       = aws_iam_role.function[each.key].name
  policy_arn = aws_iam_policy.report_data.arn
}

# --- what only one may do --------------------------------------------------------------------------------------

resource "aws_iam_role_policy" "line_bot" {
  name = "start-report"
  role = aws_iam_role.function["line-bot"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartReport"
      Effect   = "Allow"
      Action   = "states:StartExecution"
      Resource = aws_sfn_state_machine.report.arn
    }]
  })
}

resource "aws_iam_role_policy" "telegram_api" {
  name = "watchlist-and-report"
  role = aws_iam_role.function["telegram-api"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteWatchlist"
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem", "dynamodb:DeleteItem"]
        Resource = aws_dynamodb_table.watchlist.arn
      },
      {
        Sid      = "StartReport"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = aws_sfn_state_machine.report.arn
      },
    ]
  })
}

data "aws_iam_policy_document" "report_worker" {
  statement {
    sid       = "WriteReports"
    actions   = ["s3:PutObject"]
    resources = ["${data.aws_s3_bucket.reports.arn}/${var.environment}/*"]
  }

  statement {
    sid       = "ReadBotSettings"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.bot_settings.arn]
  }

  statement {
    sid       = "TakeDeliveries"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.delivery.arn]
  }
}

resource "aws_iam_role_policy" "report_worker" {
  name   = "make-and-deliver"
  role   = aws_iam_role.function["report-worker"].id
  policy = data.aws_iam_policy_document.report_worker.json
}
