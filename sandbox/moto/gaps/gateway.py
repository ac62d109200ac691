"""The WSGI application in front of moto: Function URLs, HTTP APIs and the download of code."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from .apigateway import find_api, find_function, match_route
from .http_events import Front, MalformedAnswer, event_v1, event_v2, message, to_response
from .invocation import Invoker
from .lambda_api import code_archive, function_for_url

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Gateway:
    def __init__(self, moto: Wsgi, invoker: Invoker):
        self._moto = moto
        self._invoker = invoker
        self._fronts = {
            "lambda-url": self._function_url,
            "execute-api": self._http_api,
            "lambda-code": self._code,
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # The raw path: a function sees what the client sent, percent signs included.
        path = urlsplit(environ.get("RAW_URI") or environ.get("PATH_INFO", "/")).path
        _, first, *rest = [*path.split("/", 3), "", ""]
        front = self._fronts.get(first)
        if front is None:
            return self._moto(environ, start_response)
        response = front(Request(environ), rest[0], "/" + rest[1])
        return response(environ, start_response)

    def _code(self, _request: Request, digest: str, _path: str) -> Response:
        archive = code_archive(digest)
        if archive is None:
            return message(404, "Not Found")
        return Response(archive, content_type="application/zip")

    def _function_url(self, request: Request, url_id: str, path: str) -> Response:
        function = function_for_url(url_id)
        if function is None:
            return message(404, "Not Found", "Message")
        # With AWS_IAM a signature is wanted; whose it is does not matter here.
        signed = "Authorization" in request.headers
        auth_type = function.url_config.config.get("AuthType")
        if not (signed if auth_type == "AWS_IAM" else _open_to_all(function)):
            return message(403, "Forbidden", "Message")
        front = Front(api_id=url_id, account_id=function.account_id, raw_path=path)
        return self._answer(function, event_v2(request, front), failure=502)

    def _http_api(self, request: Request, api_id: str, path: str) -> Response:
        found = find_api(api_id)
        match = found and match_route(found.api, request.method, path)
        if not found or not match:
            return message(404, "Not Found")
        function = find_function(match.integration)
        if function is None or not _may_invoke(function, found.source_arn(match, request.method)):
            return message(500, "Internal Server Error")
        front = Front(
            api_id=api_id,
            account_id=found.account_id,
            raw_path=path,
            stage=match.stage.name,
            route_key=match.route.route_key,
            path_parameters=match.parameters,
            stage_variables=match.stage.stage_variables,
        )
        event = (event_v2 if match.integration.payload_format_version == "2.0" else event_v1)(request, front)
        response = self._answer(function, event, failure=500)
        response.headers["apigw-requestid"] = front.request_id
        return response

    def _answer(self, function: Any, event: dict[str, Any], failure: int) -> Response:
        invocation = self._invoker.invoke(function, json.dumps(event))
        if invocation.failed:
            return message(failure, "Internal Server Error")
        try:
            return to_response(invocation.payload)
        except MalformedAnswer:
            return message(failure, "Internal Server Error")


def _allows(function: Any, action: str) -> Iterable[dict[str, Any]]:
    for statement in function.policy.statements:
        if statement.get("Effect") == "Allow" and statement.get("Action") in (action, "lambda:*", "*"):
            yield statement


def _open_to_all(function: Any) -> bool:
    """A URL without authentication answers only if the function's policy lets everybody in, as on AWS."""
    return any(
        statement.get("Principal") in ("*", {"AWS": "*"})
        for statement in _allows(function, "lambda:InvokeFunctionUrl")
    )


def _may_invoke(function: Any, source_arn: str) -> bool:
    """Does the function's policy let API Gateway in, from this API and route?"""
    for statement in _allows(function, "lambda:InvokeFunction"):
        if statement.get("Principal") not in ("*", {"Service": "apigateway.amazonaws.com"}):
            continue
        pattern = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "*")
        if fnmatch.fnmatchcase(source_arn, pattern):
            return True
    return False


