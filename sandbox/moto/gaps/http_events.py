"""Between HTTP and the events of Lambda: payload formats 2.0 and 1.0 of Function URLs and HTTP APIs."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request, Response

TEXTUAL = ("text/", "application/json", "application/xml", "application/javascript")


@dataclass(frozen=True)
class Front:
    """Where a request came in."""

    api_id: str
    account_id: str
    raw_path: str
    stage: str = "$default"
    route_key: str = "$default"
    path_parameters: dict[str, str] = field(default_factory=dict)
    stage_variables: dict[str, str] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class MalformedAnswer(ValueError):
    """The function's answer cannot be made an HTTP response."""


def _body(request: Request) -> tuple[str | None, bool]:
    data = request.get_data()
    if not data:
        return None, False
    if request.mimetype.startswith(TEXTUAL) or request.mimetype.endswith("+json"):
        try:
            return data.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(data).decode(), True


def _headers(request: Request) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        headers.setdefault(name.lower(), []).append(value)
    return headers


def _query(request: Request) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query_string.decode(), keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return query


def event_v2(request: Request, front: Front) -> dict[str, Any]:
    now = datetime.now(timezone.utc)
    body, encoded = _body(request)
    headers = _headers(request)
    cookies = headers.pop("cookie", [])
    query = _query(request)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": front.route_key,
        "rawPath": front.raw_path,
        "rawQueryString": request.query_string.decode(),
        "headers": {name: ",".join(values) for name, values in headers.items()},
        "requestContext": {
            "accountId": front.account_id,
            "apiId": front.api_id,
            "domainName": request.host,
            "domainPrefix": front.api_id,
            "http": {
                "method": request.method,
                "path": front.raw_path,
                "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": request.remote_addr or "127.0.0.1",
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": front.request_id,
            "routeKey": front.route_key,
            "stage": front.stage,
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": encoded,
    }
    if cookies:
        event["cookies"] = [part.strip() for cookie in cookies for part in cookie.split(";")]
    if query:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in query.items()}
    if front.path_parameters:
        event["pathParameters"] = front.path_parameters
    if front.stage_variables:
        event["stageVariables"] = front.stage_variables
    if body is not None:
        event["body"] = body
    return event


def event_v1(request: Request, front: Front) -> dict[str, Any]:
    body, encoded = _body(request)
    headers, query = _headers(request), _query(request)
    resource = front.route_key.partition(" ")[2] or front.route_key
    return {
        "version": "1.0",
        "resource": resource,
        "path": front.raw_path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": front.path_parameters or None,
        "stageVariables": front.stage_variables or None,
        "requestContext": {
            "accountId": front.account_id,
            "apiId": front.api_id,
            "domainName": request.host,
            "httpMethod": request.method,
            "identity": {"sourceIp": request.remote_addr, "userAgent": request.headers.get("User-Agent", "")},
            "path": front.raw_path,
            "requestId": front.request_id,
            "resourcePath": resource,
            "stage": front.stage,
        },
        "body": body,
        "isBase64Encoded": encoded,
    }


def message(status: int, text: str, key: str = "message") -> Response:
    return Response(json.dumps({key: text}), status=status, content_type="application/json")


def to_response(payload: bytes) -> Response:
    """An answer without a status code is the body itself; raises `MalformedAnswer`."""
    answer = json.loads(payload)
    if not isinstance(answer, dict) or "statusCode" not in answer:
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return Response(text, status=200, content_type="application/json")
    body = answer.get("body")
    if body is not None and not isinstance(body, str):
        raise MalformedAnswer("body is not a string")
    try:
        status = int(answer["statusCode"])
        data = base64.b64decode(body or "") if answer.get("isBase64Encoded") else (body or "").encode()
    except (TypeError, ValueError) as error:
        raise MalformedAnswer(str(error)) from error
    response = Response(data, status=status)
    headers = dict(answer.get("headers") or {})
    response.headers["Content-Type"] = "application/json"
    for name, value in headers.items():
        response.headers[name] = str(value)
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        response.headers.setlist(name, [str(value) for value in values])
    for cookie in answer.get("cookies") or []:
        response.headers.add("Set-Cookie", cookie)
    return response
