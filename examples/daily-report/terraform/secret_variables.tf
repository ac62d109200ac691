# Secrets come from the environment (TF_VAR_<name>; doppler run sets them) and have no place in a var-file.
# The LINE and Telegram ones belong to one channel and one bot: every environment needs its own.

variable "line_channel_access_token" {
  description = "Long-lived access token of this environment's LINE channel."
  type        = string
  sensitive   = true
}

variable "line_channel_secret" {
  description = "Secret with which this environment's LINE channel signs its webhooks."
  type        = string
  sensitive   = true
}

variable "telegram_bot_token" {
  description = "Token of this environment's Telegram bot."
  type        = string
  sensitive   = true
}

variable "telegram_webhook_secret" {
  description = "secret_token given to setWebhook. Empty: updates are not checked."
  type        = string
  sensitive   = true
  default     = ""
}

variable "openrouter_api_key" {
  description = "OpenRouter key; all environments may share it."
  type        = string
  sensitive   = true
}

variable "aurora_password" {
  description = "Master password of this environment's Aurora cluster."
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.aurora_password) >= 8 && length(var.aurora_password) <= 41 && !can(regex("[/@\" ]", var.aurora_password))
    error_message = "aurora_password must have 8 to 41 characters, none of them a slash, an at sign, a double quote or a space."
  }
}
