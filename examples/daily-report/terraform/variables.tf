variable "environment" {
  description = "Name of the environment: dev, staging, prod or feature-<name>. It ends every resource's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.environment))
    error_message = "environment must be lower-case letters, digits and single hyphens, and start with a letter, for example \"feature-auth\"."
  }

  # dr-daily-report-report-workflow-role-<environment> has to fit into the 64 characters of an IAM role's name.
  validation {
    condition     = length(var.environment) >= 2 && length(var.environment) <= 24
    error_message = "environment must have 2 to 24 characters: a longer one would not fit into the names of IAM roles and functions."
  }
}

variable "project_name" {
  description = "Start of every resource's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,17}$", var.project_name))
    error_message = "project_name must be 2 to 18 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "owner" {
  description = "Team that answers for this environment (tag)."
  type        = string
}

variable "cost_center" {
  description = "Where the bill goes (tag)."
  type        = string
}

variable "aws_region" {
  description = "Region of everything in this module."
  type        = string
}

# --- functions -------------------------------------------------------------------------------------------------

variable "lambda_memory" {
  description = "Memory of the functions in MB."
  type        = number
  default     = 512

  validation {
    condition     = var.lambda_memory >= 128 && var.lambda_memory <= 10240
    error_message = "lambda_memory must lie between 128 and 10240 MB."
  }
}

variable "lambda_timeout" {
  description = "Time limit of the functions in seconds."
  type        = number
  default     = 120

  validation {
    condition     = var.lambda_timeout >= 1 && var.lambda_timeout <= 900
    error_message = "lambda_timeout must lie between 1 and 900 seconds."
  }
}

variable "lambda_subnet_ids" {
  description = "Private subnets (behind the shared NAT gateway) for the functions. Empty: they run outside the VPC and cannot reach Aurora."
  type        = list(string)
  default     = []
}

variable "report_worker_image_tag" {
  description = "Tag in the shared ECR repository that the report worker runs. Null: it runs the zip built from functions/report-worker."
  type        = string
  default     = null
}

variable "log_level" {
  description = "INFO or DEBUG."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO"], var.log_level)
    error_message = "log_level must be DEBUG or INFO."
  }
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the logs."
  type        = number
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365: CloudWatch Logs accepts no others up to a year."
  }
}

# --- report ----------------------------------------------------------------------------------------------------

variable "report_timezone" {
  description = "Time zone of the report's date and of the schedule."
  type        = string
  default     = "Asia/Bangkok"
}

variable "report_language" {
  description = "Language of the report."
  type        = string
  default     = "en"
}

variable "report_schedule" {
  description = "When the daily report is made, in report_timezone."
  type        = string
  default     = "cron(0 8 ? * MON-FRI *)"
}

variable "report_schedule_enabled" {
  description = "False in an environment whose users should not get a report every morning."
  type        = bool
  default     = true
}

variable "report_recipients" {
  description = "LINE user ids that get the daily report. They belong to one channel: ids of another one are unknown to it."
  type        = list(string)
  default     = []
}

# --- database --------------------------------------------------------------------------------------------------

variable "aurora_enabled" {
  description = "False makes an environment without a database: enough to try functions, policies and the API, and about 43 USD a month cheaper."
  type        = bool
  default     = true
}

variable "aurora_min_acu" {
  description = "Lower bound of the Aurora capacity units."
  type        = number
  default     = 0.5
}

variable "aurora_max_acu" {
  description = "Upper bound of the Aurora capacity units."
  type        = number
  default     = 2

  validation {
    condition     = var.aurora_max_acu >= var.aurora_min_acu && var.aurora_max_acu >= 1
    error_message = "aurora_max_acu must be at least 1 and not below aurora_min_acu."
  }
}

variable "aurora_deletion_protection" {
  description = "True for environments that nobody may destroy by mistake (prod)."
  type        = bool
  default     = false
}

variable "secret_recovery_days" {
  description = "How long a deleted secret can be restored. 0 deletes at once, so that the environment can be made again under the same name."
  type        = number
  default     = 0

  validation {
    condition     = var.secret_recovery_days == 0 || (var.secret_recovery_days >= 7 && var.secret_recovery_days <= 30)
    error_message = "secret_recovery_days must be 0, or 7 to 30."
  }
}

# --- outside services ------------------------------------------------------------------------------------------

variable "line_api_base" {
  description = "Where the LINE Messaging API is. A stand-in for tests, otherwise the real one."
  type        = string
  default     = "https://api.line.me"
}

variable "telegram_api_base" {
  description = "Where the Telegram Bot API is. A stand-in for tests, otherwise the real one."
  type        = string
  default     = "https://api.telegram.org"
}
