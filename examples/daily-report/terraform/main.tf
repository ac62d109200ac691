provider "aws" {
  region = var.aws_region

  default_tags {
    tags = {
      Project     = var.project_name
      Environment = var.environment
      Owner       = var.owner
      CostCenter  = var.cost_center
      ManagedBy   = "terraform"
    }
  }
}

# Every name ends with the environment, so that two environments can live side by side in one account.
# A resource whose name lacks it belongs to all environments and is made in ../shared instead.
locals {
  functions = {
    line-bot      = "${var.project_name}-line-bot-${var.environment}"
    telegram-api  = "${var.project_name}-telegram-api-${var.environment}"
    report-worker = "${var.project_name}-report-worker-${var.environment}"
  }

  aurora_name    = "${var.project_name}-aurora-${var.environment}"
  watchlist_name = "${var.project_name}-telegram-watchlist-${var.environment}"
  workflow_name  = "${var.project_name}-report-workflow-${var.environment}"
  delivery_name  = "${var.project_name}-report-delivery-${var.environment}"
  schedule_name  = "${var.project_name}-daily-report-${var.environment}"
}
