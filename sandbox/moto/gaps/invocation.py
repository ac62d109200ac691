"""Invokes a function of moto's Lambda for real: its code, its environment variables, its log lines."""

from __future__ import annotations

import json
import threading
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .authorization import FunctionCredentials
from .code_store import CodeStore
from .process import Job, Outcome, run
from .settings import Settings

BOOTSTRAPS = Path(__file__).resolve().parent.parent / "runtime"
MAX_AT_ONCE = 32
MAX_WAITING_EVENTS = 200
MAX_RESPONSE_BYTES = 6 * 1024 * 1024


class TooManyEvents(RuntimeError):
    """More asynchronous invocations are waiting than the sandbox takes."""


@dataclass(frozen=True)
class Invocation:
    request_id: str
    payload: bytes
    failed: bool
    log: str


@dataclass
class Log:
    """The log lines of one invocation, in the order in which they came."""

    group: str
    stream: str
    events: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def line(self, message: str) -> None:
        with self._lock:
            self.events.append({"timestamp": int(time.time() * 1000), "message": message})

    def text(self) -> str:
        with self._lock:
            return "".join(event["message"] + "\n" for event in self.events)

    def store(self, backend: Any) -> None:
        # Lambda makes the log group itself where there is none. It is a leaving that no Terraform state knows of.
        backend.ensure_log_group(self.group)
        backend.ensure_log_stream(self.group, self.stream)
        with self._lock:
            backend.put_log_events(self.group, self.stream, list(self.events))


class Invoker:
    def __init__(self, settings: Settings, credentials: FunctionCredentials):
        self._settings = settings
        self._credentials = credentials
        self._code = CodeStore(settings.code_dir)
        self._slots = threading.BoundedSemaphore(MAX_AT_ONCE)
        self._background = ThreadPoolExecutor(max_workers=4, thread_name_prefix="event")
        self._waiting = threading.BoundedSemaphore(MAX_WAITING_EVENTS)

    def invoke_later(self, function: Any, event: str) -> str:
        """An asynchronous invocation. Lambda would repeat a failed one after minutes; the sandbox does not."""
        if not self._waiting.acquire(blocking=False):
            raise TooManyEvents
        request_id = str(uuid.uuid4())

        def work() -> None:
            try:
                self.invoke(function, event, request_id)
            finally:
                self._waiting.release()

        self._background.submit(work)
        return request_id

    def invoke(self, function: Any, event: str, request_id: str | None = None) -> Invocation:
        request_id = request_id or str(uuid.uuid4())
        today = datetime.now(timezone.utc).strftime("%Y/%m/%d")
        log = Log(function.logs_group_name, f"{today}/[{function.version}]{uuid.uuid4().hex}")
        log.line(f"START RequestId: {request_id} Version: {function.version}")
        with self._slots:
            outcome, error = self._run(function, event, request_id, log)
        log.line(f"END RequestId: {request_id}")
        log.line(_report(function, request_id, outcome))
        if outcome.kind == "timeout":
            stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            log.line(f"{stamp} {request_id} Task timed out after {function.timeout:.2f} seconds")
        log.store(_logs_backend(function))
        payload = json.dumps(error) if error else outcome.payload
        return Invocation(request_id, payload.encode(), bool(error) or outcome.kind == "error", log.text())

    def _run(
        self, function: Any, event: str, request_id: str, log: Log
    ) -> tuple[Outcome, dict[str, Any] | None]:
        nothing = Outcome("error", "", 0, 0, 0)
        refusal = _why_not(function)
        if refusal:
            log.line(refusal["errorMessage"])
            return nothing, refusal
        try:
            root = self._code.unpack(function.code_bytes)
            layers = self._layers(function)
        except zipfile.BadZipFile:
            return nothing, {
                "errorType": "Sandbox.InvalidCode",
                "errorMessage": f"The code of {function.function_name} is no zip archive",
            }
        is_node = function.run_time.startswith("nodejs")
        command = (
            [self._settings.node, str(BOOTSTRAPS / "bootstrap.mjs")]
            if is_node
            else [self._settings.python, "-u", "-B", str(BOOTSTRAPS / "bootstrap.py")]
        )
        request = {
            "root": str(root),
            "handler": function.handler,
            "event": event,
            "timeoutMs": function.timeout * 1000,
            "context": {
                "requestId": request_id,
                "functionName": function.function_name,
                "functionVersion": str(function.version),
                "invokedFunctionArn": function.function_arn,
                "memoryLimitInMB": str(function.memory_size),
                "logGroupName": log.group,
                "logStreamName": log.stream,
            },
        }
        environment = self._environment(function, root, layers, log)
        try:
            outcome = run(Job(command, root, environment, request, function.timeout, log.line))
        except OSError as error:
            return nothing, {"errorType": "Sandbox.NotStarted", "errorMessage": f"{command[0]}: {error.strerror}"}
        return outcome, _as_error(outcome, function, request_id)

    def _layers(self, function: Any) -> list[Path]:
        from moto.awslambda.models import lambda_backends

        backend = lambda_backends[function.account_id][function.region]
        found = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
        return [self._code.unpack(layer.code_bytes) for layer in found if layer and layer.code_bytes]

    def _environment(self, function: Any, root: Path, layers: list[Path], log: Log) -> dict[str, str]:
        """What Lambda sets, and what Terraform set. Nothing of the environment of this server."""
        key = self._credentials.issue(function)
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "NODE_PATH": ":".join(str(layer / "nodejs" / "node_modules") for layer in layers),
            "PYTHONPATH": ":".join(str(layer / "python") for layer in layers),
            # Functions reach AWS where Terraform reached it. An application may have its own idea, so it can be
            # overridden by a variable of the function; what Lambda reserves, below, can not.
            "AWS_ENDPOINT_URL": self._settings.endpoint,
            **{name: str(value) for name, value in function.environment_vars.items()},
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": log.group,
            "AWS_LAMBDA_LOG_STREAM_NAME": log.stream,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_ACCESS_KEY_ID": key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
            "AWS_SESSION_TOKEN": key.session_token,
            "_HANDLER": function.handler,
            "LAMBDA_TASK_ROOT": str(root),
        }
        return {name: value for name, value in environment.items() if value or name in function.environment_vars}


def _logs_backend(function: Any) -> Any:
    """Looked up, not taken from the function: moto makes deep copies of functions, and of what hangs on them."""
    from moto.logs.models import logs_backends

    return logs_backends[function.account_id][function.region]


def _why_not(function: Any) -> dict[str, Any] | None:
    """Functions that the sandbox cannot run say so; they must not look as if they had worked."""
    name, runtime = function.function_name, function.run_time or ""
    if function.package_type == "Image":
        return {
            "errorType": "Sandbox.ContainerImage",
            "errorMessage": f"{name} is a container image; the sandbox runs zip packages only",
        }
    if not runtime.startswith(("nodejs", "python3")):
        return {
            "errorType": "Sandbox.UnsupportedRuntime",
            "errorMessage": f"The runtime of {name} is {runtime or 'unknown'}; the sandbox runs Node and Python",
        }
    if not function.code_bytes:
        return {"errorType": "Sandbox.NoCode", "errorMessage": f"{name} has no code: its object in S3 does not exist"}
    return None


def _as_error(outcome: Outcome, function: Any, request_id: str) -> dict[str, Any] | None:
    """The payloads that Lambda itself makes; those of the function's own errors come from its bootstrap."""
    if outcome.kind == "timeout":
        message = f"RequestId: {request_id} Error: Task timed out after {function.timeout:.2f} seconds"
        return {"errorType": "Sandbox.Timedout", "errorMessage": message}
    if outcome.kind == "exit":
        silent = outcome.payload == "exit status 0"
        reason = "without providing a reason" if silent else f"with error: {outcome.payload}"
        message = f"RequestId: {request_id} Error: Runtime exited {reason}"
        return {"errorType": "Runtime.ExitError", "errorMessage": message}
    if outcome.kind == "result" and len(outcome.payload.encode()) > MAX_RESPONSE_BYTES:
        message = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
        return {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
    return None


def _report(function: Any, request_id: str, outcome: Outcome) -> str:
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {outcome.duration_ms:.2f} ms",
        f"Billed Duration: {int(outcome.duration_ms) + 1} ms",
        f"Memory Size: {function.memory_size} MB",
        f"Max Memory Used: {outcome.memory_mb} MB",
        f"Init Duration: {outcome.init_ms:.2f} ms",
    ]
    if outcome.kind == "timeout":
        parts.append("Status: timeout")
    elif outcome.kind != "result":
        parts.append("Status: error")
    return "\t".join(parts)
