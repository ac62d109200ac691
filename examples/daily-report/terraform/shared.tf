# What all environments use together. It is only read here: ../shared makes it, and destroying an environment
# must leave it alone.

data "aws_caller_identity" "current" {}

data "aws_s3_bucket" "reports" {
  bucket = "line-bot-pdf-reports-${data.aws_caller_identity.current.account_id}"
}

data "aws_ecr_repository" "images" {
  name = var.project_name
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}
