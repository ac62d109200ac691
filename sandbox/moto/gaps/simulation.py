"""IAM's policy simulator, for roles and for policies given in the request."""

from __future__ import annotations

import json
from typing import Any

from .authorization import decide, role_policies
from .patching import add_operation


def apply() -> None:
    from moto.core.responses import ActionResult
    from moto.iam.exceptions import NotFoundException
    from moto.iam.responses import IamResponse

    def evaluate(self: Any, documents: list[dict[str, Any]]) -> Any:
        documents = documents + [json.loads(text) for text in self._get_param("PolicyInputList") or []]
        results = [
            {"EvalActionName": action, "EvalResourceName": arn, "EvalDecision": decide(documents, action, arn)}
            for action in self._get_param("ActionNames") or []
            for arn in self._get_param("ResourceArns") or ["*"]
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})

    def simulate_principal_policy(self: Any) -> Any:
        source = self._get_param("PolicySourceArn")
        if ":role/" not in source:
            raise NotFoundException(f"The sandbox simulates roles only, not {source}")
        self.backend.get_role_by_arn(source)
        return evaluate(self, role_policies(source))

    def simulate_custom_policy(self: Any) -> Any:
        return evaluate(self, [])

    add_operation(IamResponse, "simulate_principal_policy", simulate_principal_policy)
    add_operation(IamResponse, "simulate_custom_policy", simulate_custom_policy)
