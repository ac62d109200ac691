const sharedNetwork = 'networks are shared between environments: the copy uses that of the source';

const history =
  'a REST interface is published only after all its methods are there, which no reference tells';

/** What is described and cannot be copied, by type, with the reason in the words of a report. */
export const notCloned: Readonly<Record<string, string>> = {
  aws_api_gateway_deployment: history,
  aws_api_gateway_integration: history,
  aws_api_gateway_integration_response: history,
  aws_api_gateway_method: history,
  aws_api_gateway_method_response: history,
  aws_api_gateway_resource: history,
  aws_api_gateway_rest_api: history,
  aws_api_gateway_stage: history,
  aws_cloudfront_distribution:
    'a distribution needs domain names and a certificate of its own, and takes a quarter of an hour to come and go',
  aws_db_proxy: 'a proxy needs a secret with the password of the new database, which is not copied',
  aws_dynamodb_kinesis_streaming_destination:
    'the stream that gets the changes is not copied, and into that of the source they would mix',
  aws_eip: sharedNetwork,
  aws_internet_gateway: sharedNetwork,
  aws_nat_gateway: sharedNetwork,
  aws_route_table: sharedNetwork,
  aws_route_table_association: sharedNetwork,
  aws_subnet: sharedNetwork,
  aws_vpc: sharedNetwork,
};
