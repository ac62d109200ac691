# Every environment has a cluster of its own: about 43 USD a month at 0.5 capacity units.
locals {
  aurora_database = "daily_report"
  aurora_user     = "report_admin"
}

resource "aws_db_subnet_group" "aurora" {
  count = var.aurora_enabled ? 1 : 0

  name        = local.aurora_name
  description = "Subnets of the shared default VPC for ${local.aurora_name}"
  subnet_ids  = data.aws_subnets.default.ids
}

resource "aws_rds_cluster_parameter_group" "aurora" {
  count = var.aurora_enabled ? 1 : 0

  name        = local.aurora_name
  family      = "aurora-mysql8.0"
  description = "Thai and emoji in company names need four-byte characters"

  parameter {
    name  = "character_set_server"
    value = "utf8mb4"
  }
}

resource "aws_rds_cluster" "aurora" {
  count = var.aurora_enabled ? 1 : 0

  cluster_identifier              = local.aurora_name
  engine                          = "aurora-mysql"
  engine_mode                     = "provisioned" # Serverless v2 is a way to run provisioned instances
  engine_version                  = "8.0.mysql_aurora.3.08.2"
  database_name                   = local.aurora_database
  master_username                 = local.aurora_user
  master_password                 = var.aurora_password
  db_subnet_group_name            = aws_db_subnet_group.aurora[0].name
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.aurora[0].name
  vpc_security_group_ids          = [aws_security_group.aurora[0].id]
  storage_encrypted               = true
  backup_retention_period         = 1
  deletion_protection             = var.aurora_deletion_protection
  apply_immediately               = true

  # What is in it can be made again from the market data: destroying leaves nothing behind that costs money.
  skip_final_snapshot = true

  serverlessv2_scaling_configuration {
    min_capacity = var.aurora_min_acu
    max_capacity = var.aurora_max_acu
  }
}

resource "aws_rds_cluster_instance" "aurora" {
  count = var.aurora_enabled ? 1 : 0

  identifier           = "${var.project_name}-aurora-1-${var.environment}"
  cluster_identifier   = aws_rds_cluster.aurora[0].id
  engine               = aws_rds_cluster.aurora[0].engine
  engine_version       = aws_rds_cluster.aurora[0].engine_version
  instance_class       = "db.serverless"
  db_subnet_group_name = aws_db_subnet_group.aurora[0].name
}
