terraform {
  # 1.10 is the first version whose S3 backend can lock with a file beside the state.
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # Partial on purpose: bucket and key come from envs/<environment>/backend.hcl, one state per environment.
  backend "s3" {}
}
