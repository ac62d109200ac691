"""Moto's Lambda API: invoking, downloadable code, Function URLs, and the operations it lacks."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any
from urllib.parse import parse_qs, unquote

from .invocation import Invocation, Invoker, TooManyEvents
from .patching import add_operation, add_paths, replace
from .settings import Settings

TAIL_BYTES = 4096
REQUEST_ID = "x-sandbox-request-id"


def function_for_url(url_id: str) -> Any | None:
    """The function behind the last part of a Function URL, in whatever account and region it lives."""
    for function in _functions():
        config = function.url_config
        if config is not None and config.url_id == url_id:
            return function
    return None


def code_archive(sha_256: str) -> bytes | None:
    for function in _functions():
        if getattr(function, "code_digest", None) == sha_256 and function.code_bytes:
            return function.code_bytes
    for layer in _layer_versions():
        if layer.code_digest == sha_256 and layer.code_bytes:
            return layer.code_bytes
    return None


def _layer_versions() -> list[Any]:
    from moto.awslambda.models import lambda_backends

    return [
        version
        for account in list(lambda_backends.values())
        for backend in list(account.values())
        for layer in list(backend._layers._layers.values())
        for version in list(layer.layer_versions.values())
    ]


def _functions() -> list[Any]:
    from moto.awslambda.models import lambda_backends

    # Not `_lambdas.all()`: it gives deep copies, whose log groups are copies too.
    return [
        function
        for account in list(lambda_backends.values())
        for backend in list(account.values())
        for group in list(backend._lambdas._functions.values())
        for function in [group["latest"], *group["versions"]]
        if function is not None
    ]


def apply(settings: Settings, invoker: Invoker) -> None:
    _patch_invoke(invoker)
    _patch_configuration(settings)
    _patch_urls(settings)
    _add_operations()


def _patch_invoke(invoker: Invoker) -> None:
    from moto.awslambda.models import LambdaFunction
    from moto.awslambda.responses import LambdaResponse

    def function_invoke(self: Any, body: Any, request_headers: Any, response_headers: Any) -> bytes:
        """Other services of moto come in here: event source mappings, SNS, log subscriptions."""
        event = body.decode() if isinstance(body, bytes) else body
        invocation = invoker.invoke(self, event or "{}")
        if invocation.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return invocation.payload

    def invoke(self: Any) -> Any:
        from moto.core.exceptions import JsonRESTError

        name = unquote(self.path.rstrip("/").rsplit("/", 2)[-2])
        qualifier = parse_qs(self.parsed_url.query).get("Qualifier", [None])[0]
        function = self.backend.get_function(name, qualifier)
        event = self.body or "{}"
        try:
            json.loads(event)
        except ValueError as error:
            message = f"Could not parse request body into json: {error}"
            raise JsonRESTError("InvalidRequestContentException", message) from error
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind == "DryRun":
            return 204, {"status": 204}, ""
        if kind == "Event":
            try:
                return 202, {"status": 202, REQUEST_ID: invoker.invoke_later(function, event)}, ""
            except TooManyEvents as error:
                busy = JsonRESTError("TooManyRequestsException", "Rate Exceeded.")
                busy.code = 429
                raise busy from error
        invocation = invoker.invoke(function, event)
        tail = self.headers.get("X-Amz-Log-Type") == "Tail"
        return 200, _invoke_headers(function, invocation, tail), invocation.payload

    def enrich(headers: Any, body: Any) -> Any:
        # Moto gives every answer a request id of its own; here it has to be the one of the log lines.
        request_id = headers.pop(REQUEST_ID, None)
        headers, body = original_enrich(headers, body)
        if request_id:
            headers["x-amzn-requestid"] = request_id
        return headers, body

    replace(LambdaFunction, "invoke", function_invoke, ["self", "body", "request_headers", "response_headers"])
    replace(LambdaResponse, "invoke", invoke, ["self"])
    original_enrich = replace(LambdaResponse, "_enrich_response", enrich, ["headers", "body"])


def _invoke_headers(function: Any, invocation: Invocation, tail: bool) -> dict[str, Any]:
    headers: dict[str, Any] = {
        "status": 200,
        "content-type": "application/json",
        "x-amz-executed-version": str(function.version),
        REQUEST_ID: invocation.request_id,
    }
    if invocation.failed:
        headers["x-amz-function-error"] = "Unhandled"
    if tail:
        headers["x-amz-log-result"] = base64.b64encode(invocation.log.encode()[-TAIL_BYTES:]).decode()
    return headers


def _patch_configuration(settings: Settings) -> None:
    from moto.awslambda.models import LambdaFunction, LayerVersion

    def init(self: Any, account_id: str, spec: dict[str, Any], region: str, version: Any = 1) -> None:
        original_init(self, account_id, spec, region, version)
        _set_logging(self, spec.get("LoggingConfig"))

    def update_configuration(self: Any, config_updates: dict[str, Any]) -> dict[str, Any]:
        if "LoggingConfig" in config_updates:
            _set_logging(self, config_updates["LoggingConfig"])
        original_update(self, config_updates)
        return self.get_configuration()

    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        config = original_configuration(self, on_create)
        config["LoggingConfig"] = self.sandbox_logging
        # A revision is what tells whether somebody changed a function; moto has none.
        stable = {key: value for key, value in config.items() if key != "LastUpdateStatus"}
        text = json.dumps(stable, sort_keys=True, default=str)
        config["RevisionId"] = str(uuid.uuid5(uuid.NAMESPACE_URL, text))
        return config

    def get_code(self: Any) -> dict[str, Any]:
        answer = original_code(self)
        if getattr(self, "code_bytes", b""):
            location = f"{settings.endpoint}/lambda-code/{self.code_digest}/{self.function_name}.zip"
            answer["Code"] = {"RepositoryType": "S3", "Location": location}
        return answer

    def get_layer_version(self: Any) -> dict[str, Any]:
        answer = original_layer(self)
        if self.code_bytes:
            location = f"{settings.endpoint}/lambda-code/{self.code_digest}/{self.name}.zip"
            answer["Content"]["Location"] = location
        return answer

    original_layer = replace(LayerVersion, "get_layer_version", get_layer_version, ["self"])
    original_init = replace(LambdaFunction, "__init__", init, ["self", "account_id", "spec", "region", "version"])
    original_update = replace(
        LambdaFunction, "update_configuration", update_configuration, ["self", "config_updates"]
    )
    original_configuration = replace(
        LambdaFunction, "get_configuration", get_configuration, ["self", "on_create"]
    )
    original_code = replace(LambdaFunction, "get_code", get_code, ["self"])


def _set_logging(function: Any, config: dict[str, Any] | None) -> None:
    given = {key: value for key, value in (config or {}).items() if value}
    default_group = f"/aws/lambda/{function.function_name}"
    function.sandbox_logging = {"LogFormat": "Text", "LogGroup": default_group, **given}
    function.logs_group_name = function.sandbox_logging["LogGroup"]


def _patch_urls(settings: Settings) -> None:
    from moto.awslambda.models import FunctionUrlConfig

    def init(self: Any, function: Any, config: dict[str, Any]) -> None:
        original(self, function, config)
        self.url_id = uuid.uuid4().hex
        self.url = f"{settings.endpoint}/lambda-url/{self.url_id}/"

    original = replace(FunctionUrlConfig, "__init__", init, ["self", "function", "config"])


def _add_operations() -> None:
    from moto.awslambda.responses import LambdaResponse
    from moto.awslambda.urls import url_paths

    def list_function_url_configs(self: Any) -> str:
        function = self.backend.get_function(unquote(self.path.rstrip("/").split("/")[-2]))
        configs = [function.url_config.to_dict()] if function.url_config else []
        return json.dumps({"FunctionUrlConfigs": configs})

    def get_account_settings(self: Any) -> str:
        functions = list(self.backend.list_functions())
        reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
        return json.dumps(
            {
                "AccountLimit": {
                    "TotalCodeSize": 80530636800,
                    "CodeSizeUnzipped": 262144000,
                    "CodeSizeZipped": 52428800,
                    "ConcurrentExecutions": 1000,
                    "UnreservedConcurrentExecutions": 1000 - reserved,
                },
                "AccountUsage": {
                    "TotalCodeSize": sum(function.code_size for function in functions),
                    "FunctionCount": len(functions),
                },
            }
        )

    add_operation(LambdaResponse, "list_function_url_configs", list_function_url_configs)
    add_operation(LambdaResponse, "get_account_settings", get_account_settings)
    add_paths(
        url_paths,
        LambdaResponse.dispatch,
        r"/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/urls/?$",
        r"/(?P<api_version>[^/]+)/account-settings/?$",
    )
