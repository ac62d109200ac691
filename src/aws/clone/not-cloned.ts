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
  aws_db_proxy: 'a proxy needs a secret with the password of the new database, which is not copied',
};
