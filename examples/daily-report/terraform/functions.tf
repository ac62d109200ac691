# The zips are made by ../build.mjs. Their bytes depend on the sources only, so an unchanged function never
# shows up in a plan.
locals {
  build_dir = "${path.module}/../build"

  aurora_environment = {
    AURORA_HOST     = one(aws_rds_cluster.aurora[*].endpoint)
    AURORA_PORT     = "3306"
    AURORA_DATABASE = local.aurora_database
    AURORA_USER     = local.aurora_user
    AURORA_PASSWORD = var.aurora_password
  }

  common_environment = merge({
    ENVIRONMENT        = var.environment
    LOG_LEVEL          = var.log_level
    REPORT_TIMEZONE    = var.report_timezone
    REPORT_LANGUAGE    = var.report_language
    REPORT_BUCKET      = data.aws_s3_bucket.reports.bucket
    WATCHLIST_TABLE    = aws_dynamodb_table.watchlist.name
    OPENROUTER_API_KEY = var.openrouter_api_key
  }, var.aurora_enabled ? local.aurora_environment : {})

  line_environment = {
    LINE_CHANNEL_ACCESS_TOKEN = var.line_channel_access_token
    LINE_API_BASE             = var.line_api_base
  }
}

resource "aws_lambda_function" "line_bot" {
  function_name    = local.functions["line-bot"]
  description      = "Answers the messages of the LINE channel"
  role             = aws_iam_role.function["line-bot"].arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  architectures    = ["arm64"]
  memory_size      = var.lambda_memory
  timeout          = var.lambda_timeout
  filename         = "${local.build_dir}/line-bot.zip"
  source_code_hash = filebase64sha256("${local.build_dir}/line-bot.zip")

  environment {
    variables = merge(local.common_environment, local.line_environment, {
      LINE_CHANNEL_SECRET = var.line_channel_secret
      WORKFLOW_ARN        = aws_sfn_state_machine.report.arn
    })
  }

  dynamic "vpc_config" {
    for_each = length(var.lambda_subnet_ids) > 0 ? [1] : []
    content {
      subnet_ids         = var.lambda_subnet_ids
      security_group_ids = [aws_security_group.functions.id]
    }
  }

  # Otherwise Lambda makes the log group itself, without a retention and outside of the state.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy_attachment.basic_execution]
}

resource "aws_lambda_function_url" "line_bot" {
  function_name      = aws_lambda_function.line_bot.function_name
  authorization_type = "NONE" # LINE cannot sign for AWS; the function checks LINE's own signature
}

# Since October 2025 a public Function URL needs lambda:InvokeFunction beside lambda:InvokeFunctionUrl, which the
# provider grants by itself. This provider cannot yet limit it to calls through the URL: the function therefore
# trusts nothing but LINE's signature, whoever calls it.
resource "aws_lambda_permission" "line_bot_url" {
  statement_id  = "FunctionURLAllowInvoke"
  function_name = aws_lambda_function.line_bot.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

resource "aws_lambda_function" "telegram_api" {
  function_name    = local.functions["telegram-api"]
  description      = "Serves the Telegram mini app and answers the bot's messages"
  role             = aws_iam_role.function["telegram-api"].arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  architectures    = ["arm64"]
  memory_size      = var.lambda_memory
  timeout          = 30 # an HTTP API gives up after 30 seconds
  filename         = "${local.build_dir}/telegram-api.zip"
  source_code_hash = filebase64sha256("${local.build_dir}/telegram-api.zip")

  environment {
    variables = merge(local.common_environment, {
      TELEGRAM_BOT_TOKEN      = var.telegram_bot_token
      TELEGRAM_WEBHOOK_SECRET = var.telegram_webhook_secret
      TELEGRAM_API_BASE       = var.telegram_api_base
      WORKFLOW_ARN            = aws_sfn_state_machine.report.arn
    })
  }

  dynamic "vpc_config" {
    for_each = length(var.lambda_subnet_ids) > 0 ? [1] : []
    content {
      subnet_ids         = var.lambda_subnet_ids
      security_group_ids = [aws_security_group.functions.id]
    }
  }

  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy_attachment.basic_execution]
}

resource "aws_lambda_function" "report_worker" {
  function_name = local.functions["report-worker"]
  description   = "Makes the daily report for the workflow and delivers it from the queue"
  role          = aws_iam_role.function["report-worker"].arn
  architectures = ["arm64"]
  memory_size   = var.lambda_memory
  timeout       = var.lambda_timeout

  package_type     = var.report_worker_image_tag == null ? "Zip" : "Image"
  image_uri        = var.report_worker_image_tag == null ? null : "${data.aws_ecr_repository.images.repository_url}:${var.report_worker_image_tag}"
  runtime          = var.report_worker_image_tag == null ? "nodejs22.x" : null
  handler          = var.report_worker_image_tag == null ? "index.handler" : null
  filename         = var.report_worker_image_tag == null ? "${local.build_dir}/report-worker.zip" : null
  source_code_hash = var.report_worker_image_tag == null ? filebase64sha256("${local.build_dir}/report-worker.zip") : null

  environment {
    variables = merge(local.common_environment, local.line_environment, {
      REPORT_RECIPIENTS = join(",", var.report_recipients)
    })
  }

  dynamic "vpc_config" {
    for_each = length(var.lambda_subnet_ids) > 0 ? [1] : []
    content {
      subnet_ids         = var.lambda_subnet_ids
      security_group_ids = [aws_security_group.functions.id]
    }
  }

  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy_attachment.basic_execution]
}
