# What all environments share. It has a state of its own, so that no environment's plan can change it and no
# environment's destroy can take it away.

provider "aws" {
  region = "ap-southeast-1"

  default_tags {
    tags = {
      Project   = "dr-daily-report"
      ManagedBy = "terraform"
      Shared    = "true"
    }
  }
}

data "aws_caller_identity" "current" {}

resource "aws_s3_bucket" "reports" {
  bucket = "line-bot-pdf-reports-${data.aws_caller_identity.current.account_id}"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket                  = aws_s3_bucket.reports.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_ecr_repository" "images" {
  name                 = "dr-daily-report"
  image_tag_mutability = "IMMUTABLE" # environments share the images, so a tag must mean one image

  lifecycle {
    prevent_destroy = true
  }
}

output "report_bucket" {
  description = "Bucket of the reports; every environment writes under its own name."
  value       = aws_s3_bucket.reports.bucket
}

output "ecr_repository_url" {
  description = "Repository of the images."
  value       = aws_ecr_repository.images.repository_url
}
