"""Credentials of a function's role, and what that role may do with them.

Moto lets everybody do everything. A function whose role lacks a permission would work in the sandbox and fail on AWS,
so calls signed with a key that was issued to a function here are held against the policies of its role. Calls of
everybody else, Terraform's above all, stay free.
"""

from __future__ import annotations

import fnmatch
import json
import threading
import urllib.parse
from dataclasses import dataclass
from typing import Any

from .patching import replace


@dataclass(frozen=True)
class FunctionKey:
    access_key_id: str
    secret_access_key: str
    session_token: str
    role_arn: str
    caller_arn: str


class FunctionCredentials:
    def __init__(self) -> None:
        self._by_function: dict[tuple[str, str], FunctionKey] = {}
        self._by_id: dict[str, FunctionKey] = {}
        self._lock = threading.Lock()

    def issue(self, function: Any) -> FunctionKey:
        from moto.sts.models import sts_backends

        slot = (function.function_arn, function.role)
        with self._lock:
            if slot not in self._by_function:
                assumed = sts_backends[function.account_id][function.partition].assume_role(
                    region_name=function.region,
                    role_session_name=function.function_name,
                    role_arn=function.role,
                    policy="",
                    duration=43200,
                    external_id="",
                )
                key = FunctionKey(
                    assumed.access_key_id,
                    assumed.secret_access_key,
                    assumed.session_token,
                    function.role,
                    assumed.arn,
                )
                self._by_function[slot] = self._by_id[key.access_key_id] = key
            return self._by_function[slot]

    def find(self, access_key_id: str) -> FunctionKey | None:
        return self._by_id.get(access_key_id)


# Only what can be decided from the request is decided: the resource has to be in the parameters.
CHECKED = {"dynamodb", "s3", "sqs", "secretsmanager", "states"}


def apply(credentials: FunctionCredentials) -> None:
    from moto.core.authorization import ActionAuthenticatorMixin

    def normal_action(self: Any, resource: str = "*") -> None:
        key = credentials.find(self.get_access_key())
        service = _signed_service(self.headers)
        if key is None or service not in CHECKED:
            return original(self, resource)
        action = f"{service}:{self._get_action()}"
        asked = _resource(service, _parameters(self), self.region, self.current_account)
        if decide(role_policies(key.role_arn), action, asked) != "allowed":
            from moto.core.exceptions import JsonRESTError

            raise JsonRESTError("AccessDeniedException", _message(key, action, asked))
        return None

    def s3_action(self: Any, bucket_name: str | None = None, key_name: str | None = None) -> None:
        key = credentials.find(self.get_access_key())
        if key is None:
            return original_s3(self, bucket_name, key_name)
        action = f"s3:{_s3_action(self)}"
        asked = f"arn:aws:s3:::{bucket_name or '*'}" + (f"/{key_name}" if key_name else "")
        if decide(role_policies(key.role_arn), action, asked) != "allowed":
            from moto.s3.exceptions import S3AccessDeniedError

            raise S3AccessDeniedError()
        return None

    original = replace(
        ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action", normal_action, ["self", "resource"]
    )
    original_s3 = replace(
        ActionAuthenticatorMixin,
        "_authenticate_and_authorize_s3_action",
        s3_action,
        ["self", "bucket_name", "key_name"],
    )


def _s3_action(response: Any) -> str:
    action = str(response._get_action())
    # The API's name is not always the permission's name.
    return {
        "HeadObject": "GetObject",
        "HeadBucket": "ListBucket",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
        "CreateMultipartUpload": "PutObject",
        "UploadPart": "PutObject",
        "CompleteMultipartUpload": "PutObject",
        "CopyObject": "PutObject",
        "DeleteObjects": "DeleteObject",
    }.get(action, action)


def _signed_service(headers: Any) -> str:
    scope = str(headers.get("Authorization", "")).partition("Credential=")[2].partition(",")[0].split("/")
    return scope[3] if len(scope) > 3 else ""


def _parameters(response: Any) -> dict[str, Any]:
    if isinstance(response.body, dict):  # DynamoDB's has been read by then
        return response.body
    try:
        parsed = json.loads(response.body)
    except (TypeError, ValueError):
        return {key: value[0] for key, value in response.querystring.items() if isinstance(value, list) and value}
    return parsed if isinstance(parsed, dict) else {}


def _resource(service: str, parameters: dict[str, Any], region: str, account: str) -> str:
    """The ARN that a request is about; `*` where it names none."""

    def arn(value: str, kind: str) -> str:
        return value if value.startswith("arn:") else f"arn:aws:{service}:{region}:{account}:{kind}{value}"

    if service == "dynamodb" and "TableName" in parameters:
        table = arn(parameters["TableName"], "table/")
        return f"{table}/index/{parameters['IndexName']}" if "IndexName" in parameters else table
    if service == "dynamodb" and "RequestItems" in parameters:
        return arn(next(iter(parameters["RequestItems"]), "*"), "table/")
    if service == "sqs" and "QueueUrl" in parameters:
        return arn(urllib.parse.urlparse(parameters["QueueUrl"]).path.rsplit("/", 1)[-1], "")
    if service == "secretsmanager" and "SecretId" in parameters:
        return _secret_arn(parameters["SecretId"], region, account)
    if service == "states":
        return str(parameters.get("stateMachineArn") or parameters.get("executionArn") or "*")
    return "*"


def _secret_arn(secret_id: str, region: str, account: str) -> str:
    """Policies name a secret by its ARN with six random characters, callers by its name."""
    from moto.secretsmanager.models import secretsmanager_backends

    if secret_id.startswith("arn:"):
        return secret_id
    secret = secretsmanager_backends[account][region].secrets.get(secret_id)
    return secret.arn if secret else f"arn:aws:secretsmanager:{region}:{account}:secret:{secret_id}-??????"


def _message(key: FunctionKey, action: str, asked: str) -> str:
    return (
        f"User: {key.caller_arn} is not authorized to perform: {action} on resource: {asked} "
        f"because no identity-based policy allows the {action} action"
    )


def role_policies(role_arn: str) -> list[dict[str, Any]]:
    """The documents of the inline and attached policies of a role; none if the role is gone."""
    from moto.iam.exceptions import NotFoundException
    from moto.iam.models import iam_backends

    account = role_arn.split(":")[4]
    backend = iam_backends[account]["aws"]
    try:
        role = backend.get_role_by_arn(role_arn)
    except NotFoundException:
        return []
    texts = list(role.policies.values()) + [policy.document for policy in role.managed_policies.values()]
    return [text if isinstance(text, dict) else json.loads(text) for text in texts]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _matches(patterns: Any, value: str) -> bool:
    # Brackets are no wildcards in a policy.
    lowered = value.lower()
    return any(fnmatch.fnmatchcase(lowered, str(p).lower().replace("[", "[[]")) for p in _as_list(patterns))


def _concerns(statement: dict[str, Any], action: str, resource: str) -> bool:
    named = statement.get("Action", [])
    if not (_matches(named, action) if named else not _matches(statement.get("NotAction", "*"), action)):
        return False
    if "NotResource" in statement:
        return not _matches(statement["NotResource"], resource)
    return resource == "*" or _matches(statement.get("Resource", []), resource)


def decide(documents: list[dict[str, Any]], action: str, resource: str) -> str:
    """`allowed`, `explicitDeny` or `implicitDeny`, as IAM's simulator calls them. Deny wins over Allow.

    Conditions are not read: a conditional Allow allows, a conditional Deny does not deny.
    """
    decision = "implicitDeny"
    for document in documents:
        for statement in _as_list(document.get("Statement", [])):
            if not _concerns(statement, action, resource):
                continue
            if statement.get("Effect") == "Deny" and not statement.get("Condition"):
                return "explicitDeny"
            if statement.get("Effect") == "Allow":
                decision = "allowed"
    return decision
