resource "aws_dynamodb_table" "watchlist" {
  name         = local.watchlist_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "user_id"
  range_key    = "ticker"

  attribute {
    name = "user_id"
    type = "S"
  }

  attribute {
    name = "ticker"
    type = "S"
  }
}
