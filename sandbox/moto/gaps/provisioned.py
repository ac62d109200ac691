"""Provisioned concurrency of Lambda: kept and given back, always ready at once."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs, unquote

from .patching import add_operation, add_paths


def apply() -> None:
    from moto.awslambda.exceptions import LambdaClientError
    from moto.awslambda.responses import LambdaResponse
    from moto.awslambda.urls import url_paths

    class NotFound(LambdaClientError):
        code = 404

    def configs(self: Any) -> dict[str, dict[str, Any]]:
        function = self.backend.get_function(unquote(self.path.rstrip("/").split("/")[-2]))
        if not hasattr(function, "sandbox_provisioned"):
            function.sandbox_provisioned = {}
        return function.sandbox_provisioned

    def query(self: Any) -> dict[str, list[str]]:
        return parse_qs(self.parsed_url.query)

    def put_provisioned_concurrency_config(self: Any) -> Any:
        qualifier = query(self)["Qualifier"][0]
        name = unquote(self.path.rstrip("/").split("/")[-2])
        self.backend.get_function(name, qualifier)
        wanted = json.loads(self.body)["ProvisionedConcurrentExecutions"]
        configs(self)[qualifier] = {
            "RequestedProvisionedConcurrentExecutions": wanted,
            "AvailableProvisionedConcurrentExecutions": wanted,
            "AllocatedProvisionedConcurrentExecutions": wanted,
            "Status": "READY",
            "LastModified": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        }
        return 202, {"status": 202}, json.dumps(configs(self)[qualifier])

    def get_provisioned_concurrency_config(self: Any) -> Any:
        # Both operations have one path; only the query tells them apart, and moto's routing does not look at it.
        if "List" in query(self):
            arn = self.backend.get_function(unquote(self.path.rstrip("/").split("/")[-2])).function_arn
            listed = [{"FunctionArn": f"{arn}:{key}", **config} for key, config in configs(self).items()]
            return 200, {}, json.dumps({"ProvisionedConcurrencyConfigs": listed})
        config = configs(self).get(query(self).get("Qualifier", [""])[0])
        if config is None:
            message = "No Provisioned Concurrency Config found for this function"
            raise NotFound("ProvisionedConcurrencyConfigNotFoundException", message)
        return 200, {}, json.dumps(config)

    def delete_provisioned_concurrency_config(self: Any) -> Any:
        configs(self).pop(query(self).get("Qualifier", [""])[0], None)
        return 204, {"status": 204}, ""

    for operation in (
        put_provisioned_concurrency_config,
        get_provisioned_concurrency_config,
        delete_provisioned_concurrency_config,
    ):
        add_operation(LambdaResponse, operation.__name__, operation)
    path = r"/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$"
    add_paths(url_paths, LambdaResponse.dispatch, path)
