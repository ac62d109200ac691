"""Listings that moto lacks: who looks through an account must be told that there is nothing, not that it failed."""

from __future__ import annotations

from typing import Any

from .patching import add_operation, add_paths, replace

CLOUDFRONT = {
    "list_functions": ("function", "FunctionList"),
    "list_cloud_front_origin_access_identities": (
        "origin-access-identity/cloudfront",
        "CloudFrontOriginAccessIdentityList",
    ),
    "list_cache_policies": ("cache-policy", "CachePolicyList"),
    "list_origin_request_policies": ("origin-request-policy", "OriginRequestPolicyList"),
    "list_response_headers_policies": ("response-headers-policy", "ResponseHeadersPolicyList"),
}


def apply() -> None:
    _cloudfront()
    _rds()
    _dynamodb()


def _cloudfront() -> None:
    from moto.cloudfront.responses import CloudFrontResponse
    from moto.cloudfront.urls import url_paths
    from moto.core.responses import ActionResult

    def nothing(result: str) -> Any:
        # Moto cannot make any of these, so there are none.
        return lambda self: ActionResult({result: {"Quantity": 0, "MaxItems": 100}})

    for operation, (path, result) in CLOUDFRONT.items():
        add_operation(CloudFrontResponse, operation, nothing(result))
        add_paths(url_paths, CloudFrontResponse.dispatch, f"/2020-05-31/{path}$")


def _rds() -> None:
    from moto.core.responses import ActionResult
    from moto.rds.models import RDSBackend
    from moto.rds.responses import RDSResponse

    def describe_db_cluster_automated_backups(self: Any) -> Any:
        return ActionResult({"DBClusterAutomatedBackups": []})

    add_operation(
        RDSResponse, describe_db_cluster_automated_backups.__name__, describe_db_cluster_automated_backups
    )

    def describe_option_groups(self: Any, option_group_kwargs: dict[str, Any]) -> Any:
        # Moto takes a name for granted, and answers "not found" where none was asked for and there is none.
        if option_group_kwargs.get("option_group_name") is None:
            return list(self.option_groups.values())
        return before(self, option_group_kwargs)

    before = replace(RDSBackend, "describe_option_groups", describe_option_groups, ["self", "option_group_kwargs"])


def _dynamodb() -> None:
    from moto.core.responses import ActionResult
    from moto.dynamodb.responses import DynamoHandler

    def list_contributor_insights(self: Any) -> Any:
        return ActionResult({"ContributorInsightsSummaries": []})

    def describe_kinesis_streaming_destination(self: Any) -> Any:
        return ActionResult({"TableName": self.body.get("TableName"), "KinesisDataStreamDestinations": []})

    for operation in (list_contributor_insights, describe_kinesis_streaming_destination):
        add_operation(DynamoHandler, operation.__name__, operation)
