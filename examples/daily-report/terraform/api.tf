resource "aws_apigatewayv2_api" "telegram" {
  name          = local.functions["telegram-api"]
  description   = "Telegram webhook and mini app, ${var.environment}"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "telegram" {
  api_id                 = aws_apigatewayv2_api.telegram.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.telegram_api.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "telegram" {
  for_each = toset(["GET /health", "GET /watchlist", "POST /telegram/webhook"])

  api_id    = aws_apigatewayv2_api.telegram.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.telegram.id}"
}

resource "aws_apigatewayv2_stage" "telegram" {
  api_id      = aws_apigatewayv2_api.telegram.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "telegram_api" {
  statement_id  = "AllowHttpApi"
  function_name = aws_lambda_function.telegram_api.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.telegram.execution_arn}/*/*"
}
