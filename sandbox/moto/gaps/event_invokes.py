"""Settings of Lambda for calls that nobody waits for. Moto has one per function, whatever the qualifier, and a date no client reads."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, unquote

from .patching import replace


def apply() -> None:
    from moto.awslambda.exceptions import UnknownEventConfig
    from moto.awslambda.models import EventInvokeConfig
    from moto.awslambda.responses import LambdaResponse

    def asked(self: Any) -> tuple[Any, str]:
        name = unquote(self.path.split("/event-invoke-config")[0].rsplit("/", 1)[1])
        qualifier = parse_qs(self.parsed_url.query).get("Qualifier", ["$LATEST"])[0]
        self.backend.get_function(name, None if qualifier == "$LATEST" else qualifier)
        function = self.backend.get_function(name)
        if not hasattr(function, "sandbox_event_invokes"):
            function.sandbox_event_invokes = {}
        return function, qualifier

    def put(self: Any) -> Any:
        function, qualifier = asked(self)
        arn = f"{function.function_arn}:{qualifier}"
        config = EventInvokeConfig(arn, "", json.loads(self.body)).response()
        function.sandbox_event_invokes[qualifier] = {**config, "LastModified": time.time()}
        return 200, {}, json.dumps(function.sandbox_event_invokes[qualifier])

    def get(self: Any) -> Any:
        function, qualifier = asked(self)
        if qualifier not in function.sandbox_event_invokes:
            raise UnknownEventConfig(function.function_arn)
        return 200, {}, json.dumps(function.sandbox_event_invokes[qualifier])

    def delete(self: Any) -> Any:
        get(self)
        function, qualifier = asked(self)
        del function.sandbox_event_invokes[qualifier]
        return 204, {"status": 204}, ""

    def all_of(self: Any) -> Any:
        function, _ = asked(self)
        configs = list(function.sandbox_event_invokes.values())
        return 200, {}, json.dumps({"FunctionEventInvokeConfigs": configs})

    replace(LambdaResponse, "put_function_event_invoke_config", put, ["self"])
    replace(LambdaResponse, "update_function_event_invoke_config", put, ["self"])
    replace(LambdaResponse, "get_function_event_invoke_config", get, ["self"])
    replace(LambdaResponse, "delete_function_event_invoke_config", delete, ["self"])
    replace(LambdaResponse, "list_function_event_invoke_configs", all_of, ["self"])
