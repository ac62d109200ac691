output "function_names" {
  description = "Names of the functions by role."
  value       = local.functions
}

output "line_bot_function_url" {
  description = "Webhook URL for the LINE channel of this environment."
  value       = aws_lambda_function_url.line_bot.function_url
}

output "telegram_api_endpoint" {
  description = "Base URL of the HTTP API."
  value       = aws_apigatewayv2_api.telegram.api_endpoint
}

output "telegram_webhook_url" {
  description = "Webhook URL for the Telegram bot of this environment."
  value       = "${aws_apigatewayv2_api.telegram.api_endpoint}/telegram/webhook"
}

output "aurora_endpoint" {
  description = "Goes into the secrets as AURORA_HOST. Null without a database."
  value       = one(aws_rds_cluster.aurora[*].endpoint)
}

output "watchlist_table_name" {
  description = "Name of the watchlist table."
  value       = aws_dynamodb_table.watchlist.name
}

output "report_workflow_arn" {
  description = "ARN of the state machine that makes the daily report."
  value       = aws_sfn_state_machine.report.arn
}

output "report_queue_url" {
  description = "URL of the queue between report and delivery."
  value       = aws_sqs_queue.delivery.url
}

output "report_bucket" {
  description = "Shared bucket of the reports."
  value       = data.aws_s3_bucket.reports.bucket
}
