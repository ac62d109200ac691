# terraform/terraform.staging.tfvars
# Purpose: last stop before prod, close to its settings

# Project Configuration
environment  = "staging"
project_name = "dr-daily-report"
owner        = "data-team"
cost_center  = "engineering"

# AWS Configuration
aws_region = "ap-southeast-1"

# Lambda Configuration
lambda_memory      = 1024
lambda_timeout     = 120
log_retention_days = 30

# Report: the morning's report goes out from prod only
report_schedule_enabled = false

# Aurora Configuration
aurora_min_acu = 0.5 # about $43/month
aurora_max_acu = 4

# Secrets are not here: doppler run passes them as TF_VAR_line_channel_secret and so on
