# The network itself is shared; only the doors in it belong to the environment.

resource "aws_security_group" "functions" {
  name        = "${var.project_name}-functions-${var.environment}"
  description = "Functions of ${var.project_name} ${var.environment}"
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_vpc_security_group_egress_rule" "functions" {
  security_group_id = aws_security_group.functions.id
  description       = "Chat services and AWS"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_security_group" "aurora" {
  count = var.aurora_enabled ? 1 : 0

  name        = local.aurora_name
  description = "Aurora of ${var.project_name} ${var.environment}"
  vpc_id      = data.aws_vpc.default.id
}

# MySQL from this environment's functions only.
resource "aws_vpc_security_group_ingress_rule" "aurora" {
  count = var.aurora_enabled ? 1 : 0

  security_group_id            = aws_security_group.aurora[0].id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
  referenced_security_group_id = aws_security_group.functions.id
}
