resource "aws_iam_role" "schedule" {
  name = "${var.project_name}-schedule-role-${var.environment}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "start-report"
  role = aws_iam_role.schedule.id

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

resource "aws_scheduler_schedule" "daily_report" {
  name                         = local.schedule_name
  description                  = "Starts the daily report"
  schedule_expression          = var.report_schedule
  schedule_expression_timezone = var.report_timezone
  state                        = var.report_schedule_enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.report.arn
    role_arn = aws_iam_role.schedule.arn
    input    = jsonencode({ startedBy = "schedule", environment = var.environment })
  }
}
