"""Step Functions that run their definitions, more than once, and the operations moto lacks."""

from __future__ import annotations

import copy
import inspect
import time
import types
import uuid
from typing import Any

from .patching import add_operation, replace, require

SYNC_LIMIT_S = 300.0


def apply() -> None:
    from moto.core.config import default_user_config

    default_user_config["stepfunctions"]["execute_state_machine"] = True
    _make_executions_repeatable()
    _keep_type()
    _add_operations()


def _make_executions_repeatable() -> None:
    from moto.stepfunctions.parser import models

    source = inspect.getsource(models)
    require(source.count("copy.") == 1 and "copy.deepcopy(state_machine)" in source, "copies in its Step Functions")
    # A deep copy reaches the threads and locks of earlier executions and fails on the second one.
    models.copy = types.SimpleNamespace(deepcopy=copy.copy)

    def start_execution(
        self: Any, state_machine_arn: str, name: Any = None, execution_input: Any = None, trace_header: Any = None
    ) -> Any:
        # Without a name moto calls every execution "None"; the second one "already exists".
        return original(self, state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header)

    original = replace(
        models.StepFunctionsParserBackend,
        "start_execution",
        start_execution,
        ["self", "state_machine_arn", "name", "execution_input", "trace_header"],
    )


def _keep_type() -> None:
    """Moto forgets that a state machine is an express one, and Terraform would replace it in every plan."""
    from moto.stepfunctions.responses import StepFunctionResponse

    def create_state_machine(self: Any) -> Any:
        result = original(self)
        machine = self.stepfunction_backend.describe_state_machine(result.result["stateMachineArn"])
        machine.type = machine.sm_type = self._get_param("type") or "STANDARD"
        return result

    original = replace(StepFunctionResponse, "create_state_machine", create_state_machine, ["self"])


def _add_operations() -> None:
    from moto.core.responses import ActionResult, EmptyResult
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
    from moto.stepfunctions.responses import StepFunctionResponse

    def validate_state_machine_definition(self: Any) -> Any:
        try:
            AmazonStateLanguageParser.parse(self._get_param("definition"))
        except Exception as error:  # The parser raises whatever its steps raise; each means: not valid.
            diagnostic = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": str(error)}
            return ActionResult({"result": "FAIL", "diagnostics": [diagnostic], "truncated": False})
        return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})

    def list_state_machine_versions(self: Any) -> Any:
        machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        versions = [
            {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
            for version in reversed(list(machine.versions.values()))
        ]
        return ActionResult({"stateMachineVersions": versions})

    def publish_state_machine_version(self: Any) -> Any:
        machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        machine.publish(self._get_param("description"))
        version = machine.latest_version
        return ActionResult({"stateMachineVersionArn": version.arn, "creationDate": version.creation_date})

    def delete_state_machine_version(self: Any) -> Any:
        arn, _, number = self._get_param("stateMachineVersionArn").rpartition(":")
        machine = self.stepfunction_backend.describe_state_machine(arn)
        machine.versions.pop(int(number), None)
        return EmptyResult()

    def start_sync_execution(self: Any) -> Any:
        execution = self.stepfunction_backend.start_execution(
            self._get_param("stateMachineArn"), self._get_param("name"), self._get_param("input", if_none="{}")
        )
        deadline = time.monotonic() + SYNC_LIMIT_S
        while execution.status == "RUNNING" and time.monotonic() < deadline:
            time.sleep(0.02)
        described = execution.to_describe_output()
        if execution.status == "RUNNING":
            described["status"] = "TIMED_OUT"
        described["billingDetails"] = {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
        return ActionResult(described)

    for operation in (
        validate_state_machine_definition,
        list_state_machine_versions,
        publish_state_machine_version,
        delete_state_machine_version,
        start_sync_execution,
    ):
        add_operation(StepFunctionResponse, operation.__name__, operation)
