# terraform init -reconfigure -backend-config=envs/staging/backend.hcl
# One key per environment: with a shared one, the plan of a second environment replaces the first.
bucket       = "dr-daily-report-terraform-state"
key          = "dr-daily-report/staging/terraform.tfstate"
region       = "ap-southeast-1"
use_lockfile = true
