# Settings that the team changes between two deployments. Credentials of the channels are not among them: those
# come from the secrets provider and end in the functions' environment.
resource "aws_secretsmanager_secret" "bot_settings" {
  name                    = "${var.project_name}-bot-settings-${var.environment}"
  description             = "Settings of the LINE and Telegram bots, ${var.environment}"
  recovery_window_in_days = var.secret_recovery_days
}

resource "aws_secretsmanager_secret_version" "bot_settings" {
  secret_id = aws_secretsmanager_secret.bot_settings.id

  secret_string = jsonencode({
    environment = var.environment
    language    = var.report_language
    greeting    = "Good morning! Here is your daily report."
  })
}
