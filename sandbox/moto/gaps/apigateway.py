"""HTTP APIs of API Gateway v2: endpoints that answer, routing, and the operations moto lacks."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote

from .patching import add_operation, add_paths, replace
from .settings import Settings

FUNCTION_ARN = re.compile(r"arn:[^:]+:lambda:(?P<region>[^:]+):(?P<account>\d+):function:(?P<name>[^:/]+)(:[^/]+)?")


@dataclass(frozen=True)
class Match:
    route: Any
    integration: Any
    stage: Any
    parameters: dict[str, str]


@dataclass(frozen=True)
class FoundApi:
    api: Any
    account_id: str
    region: str

    def source_arn(self, match: Match, method: str) -> str:
        """Who API Gateway says it is, when it calls a function."""
        verb, _, path = match.route.route_key.partition(" ")
        route = "/$default" if verb == "$default" else f"/{'*' if verb == 'ANY' else method}{path}"
        return f"arn:aws:execute-api:{self.region}:{self.account_id}:{self.api.api_id}/{match.stage.name}{route}"


def find_api(api_id: str) -> FoundApi | None:
    from moto.apigatewayv2.models import apigatewayv2_backends

    for account_id, account in list(apigatewayv2_backends.items()):
        for region, backend in list(account.items()):
            if api_id in backend.apis:
                return FoundApi(backend.apis[api_id], account_id, region)
    return None


def find_function(integration: Any) -> Any | None:
    """The Lambda function behind an integration; none if it is another kind, or the function is gone."""
    from moto.awslambda.exceptions import UnknownFunctionException
    from moto.awslambda.models import lambda_backends

    found = FUNCTION_ARN.search(integration.integration_uri or "")
    if integration.integration_type != "AWS_PROXY" or not found:
        return None
    qualifier = (found[4] or "").lstrip(":") or None
    try:
        return lambda_backends[found["account"]][found["region"]].get_function(found["name"], qualifier)
    except UnknownFunctionException:
        return None


def match_route(api: Any, method: str, path: str) -> Match | None:
    stage, inner = _stage(api, path)
    if stage is None:
        return None
    candidates = []
    for route in list(api.routes.values()):
        parameters = _match_key(route.route_key, method, inner)
        integration = api.integrations.get((route.target or "").removeprefix("integrations/"))
        if parameters is not None and integration is not None:
            candidates.append((_vagueness(route.route_key), route, integration, parameters))
    if not candidates:
        return None
    _, route, integration, parameters = min(candidates, key=lambda candidate: candidate[0])
    return Match(route, integration, stage, parameters)


def _stage(api: Any, path: str) -> tuple[Any | None, str]:
    first, _, rest = path.lstrip("/").partition("/")
    if first in api.stages and first != "$default":
        return api.stages[first], "/" + rest
    return api.stages.get("$default"), path


def _match_key(route_key: str, method: str, path: str) -> dict[str, str] | None:
    if route_key == "$default":
        return {}
    verb, _, pattern = route_key.partition(" ")
    if verb not in ("ANY", method):
        return None
    expression = "".join(_as_regex(part) for part in re.split(r"(\{[^}]+\})", pattern))
    found = re.fullmatch(expression, path)
    return {name: unquote(value) for name, value in found.groupdict().items()} if found else None


def _as_regex(part: str) -> str:
    if part.endswith("+}"):
        return f"(?P<{part[1:-2]}>.+)"
    return f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part)


def _vagueness(route_key: str) -> tuple[bool, bool, int, bool]:
    """The most exact route wins: no variable before one, one before a greedy one, `$default` last."""
    return route_key == "$default", "+}" in route_key, route_key.count("{"), route_key.startswith("ANY")


def apply(settings: Settings) -> None:
    from moto.apigatewayv2.models import Api, Stage

    def api_json(self: Any) -> dict[str, Any]:
        # Not in the constructor: moto's importer and its copies make APIs in more than one way.
        return {**original_api_json(self), "apiEndpoint": f"{settings.endpoint}/execute-api/{self.api_id}"}

    def stage_init(self: Any, api: Any, config: dict[str, Any]) -> None:
        original_stage_init(self, api, config)
        self.api = api
        self.arn = f"{api.arn}/stages/{self.name}"
        self.deployment_id = config.get("deploymentId")
        api.backend.tag_resource(self.arn, config.get("tags") or {})
        if self.auto_deploy:
            _deploy(api, self, "Automatic deployment triggered by changes to the Api configuration", True)

    def stage_json(self: Any) -> dict[str, Any]:
        answer = {**original_stage_json(self), "tags": self.api.backend.get_tags(self.arn)}
        if self.deployment_id:
            answer["deploymentId"] = self.deployment_id
        return answer

    original_api_json = replace(Api, "to_json", api_json, ["self"])
    original_stage_init = replace(Stage, "__init__", stage_init, ["self", "api", "config"])
    original_stage_json = replace(Stage, "to_json", stage_json, ["self"])
    _add_operations()


def _deploy(api: Any, stage: Any | None, description: str | None, automatic: bool) -> dict[str, Any]:
    deployment = {
        "autoDeployed": automatic,
        "createdDate": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "deploymentId": uuid.uuid4().hex[:6],
        "deploymentStatus": "DEPLOYED",
        "description": description or "",
    }
    _deployments(api)[deployment["deploymentId"]] = deployment
    if stage is not None:
        stage.deployment_id = deployment["deploymentId"]
    return deployment


def _deployments(api: Any) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "sandbox_deployments"):
        api.sandbox_deployments = {}
    return api.sandbox_deployments


STAGE_FIELDS = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "deploymentId": "deployment_id",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}


def _add_operations() -> None:
    from moto.apigateway.urls import url_paths as paths_v1
    from moto.apigatewayv2.exceptions import APIGatewayV2Error
    from moto.apigatewayv2.responses import ApiGatewayV2Response
    from moto.apigatewayv2.urls import url_paths

    class DeploymentNotFound(APIGatewayV2Error):
        code = 404

    def api_of(self: Any) -> Any:
        return self.apigatewayv2_backend.get_api(self.path.split("/apis/")[1].split("/")[0])

    def last(self: Any) -> str:
        return unquote(self.path.rstrip("/").split("/")[-1])

    def deployment_of(self: Any) -> dict[str, Any]:
        deployment = _deployments(api_of(self)).get(last(self))
        if deployment is None:
            raise DeploymentNotFound("NotFoundException", f"Invalid Deployment identifier specified {last(self)}")
        return deployment

    def update_stage(self: Any) -> Any:
        stage = api_of(self).get_stage(last(self))
        for name, value in json.loads(self.body).items():
            if name in STAGE_FIELDS:
                setattr(stage, STAGE_FIELDS[name], value)
        stage.updated = datetime.now()
        return 200, {}, json.dumps(stage.to_json())

    def create_deployment(self: Any) -> Any:
        body = json.loads(self.body or "{}")
        api = api_of(self)
        stage = api.get_stage(body["stageName"]) if body.get("stageName") else None
        return 201, {"status": 201}, json.dumps(_deploy(api, stage, body.get("description"), False))

    def get_deployments(self: Any) -> Any:
        return 200, {}, json.dumps({"items": list(_deployments(api_of(self)).values())})

    def get_deployment(self: Any) -> Any:
        return 200, {}, json.dumps(deployment_of(self))

    def update_deployment(self: Any) -> Any:
        deployment = deployment_of(self)
        deployment["description"] = json.loads(self.body or "{}").get("description", deployment["description"])
        return 200, {}, json.dumps(deployment)

    def delete_deployment(self: Any) -> Any:
        _deployments(api_of(self)).pop(deployment_of(self)["deploymentId"])
        return 204, {"status": 204}, ""

    def get_authorizers(self: Any) -> Any:
        found = [authorizer.to_json() for authorizer in api_of(self).authorizers.values()]
        return 200, {}, json.dumps({"items": found})

    operations = [
        get_authorizers,
        update_stage,
        create_deployment,
        get_deployments,
        get_deployment,
        update_deployment,
        delete_deployment,
    ]
    for operation in operations:
        add_operation(ApiGatewayV2Response, operation.__name__, operation)
    api = "/v2/apis/(?P<api_id>[^/]+)"
    # Both APIs of the gateway sign alike, so moto serves them from one table, made when it was imported.
    for paths in (url_paths, paths_v1):
        add_paths(
            paths,
            ApiGatewayV2Response.dispatch,
            api + "/deployments$",
            api + "/deployments/(?P<deployment_id>[^/]+)$",
            "/v2/tags/(?P<resource_arn_pt1>[^/]+)/apis/(?P<resource_arn_pt2>[^/]+)/stages/(?P<stage_name>[^/]+)$",
        )
