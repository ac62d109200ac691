/** What is described and cannot be copied, by type, with the reason in the words of a report. */
export const notCloned: Readonly<Record<string, string>> = {
  aws_api_gateway_api_key: 'its value is a credential, which those who call the copy have to be given anew',
  aws_api_gateway_usage_plan: 'it belongs to the keys of those who call, which are not copied',
  aws_apigatewayv2_integration_response: 'how a WebSocket API changes answers is not copied',
  aws_dynamodb_kinesis_streaming_destination:
    'the stream that gets the changes is not copied, and into that of the source they would mix',
};
