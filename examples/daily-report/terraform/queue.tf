# Between the report and the chat service: a service that is down for an hour delays the report, it does not lose it.
resource "aws_sqs_queue" "delivery" {
  name                       = local.delivery_name
  visibility_timeout_seconds = 6 * var.lambda_timeout # what Lambda asks for, so that its own retries fit in
  message_retention_seconds  = 86400                  # yesterday's report interests nobody
}

resource "aws_lambda_event_source_mapping" "delivery" {
  event_source_arn        = aws_sqs_queue.delivery.arn
  function_name           = aws_lambda_function.report_worker.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  # Lambda asks the role for its rights on the queue when the mapping is made.
  depends_on = [aws_iam_role_policy.report_worker]
}
