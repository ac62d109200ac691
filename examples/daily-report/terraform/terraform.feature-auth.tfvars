# terraform/terraform.dev.tfvars
# Purpose: what everybody develops against, and the source of feature environments

# Project Configuration (environment is the only line that a copy of this file has to change)
environment  = "feature-auth"
project_name = "dr-daily-report"
owner        = "data-team"
cost_center  = "engineering"

# AWS Configuration
aws_region = "ap-southeast-1"

# Lambda Configuration
lambda_memory      = 512
lambda_timeout     = 120
log_retention_days = 14

# Aurora Configuration
aurora_min_acu = 0.5 # about $43/month

# Secrets are not here: doppler run passes them as TF_VAR_line_channel_secret and so on
