terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  backend "s3" {
    bucket       = "dr-daily-report-terraform-state"
    key          = "dr-daily-report/shared/terraform.tfstate"
    region       = "ap-southeast-1"
    use_lockfile = true
  }
}
