"""Runs one invocation of a function in a child process of its own.

The child talks over a pipe: `ready` once the handler is loaded, then `result` or `error`. Its standard output and
standard error are one stream, as in Lambda, and become log lines.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Starting an interpreter on a busy machine takes seconds; Lambda does not count it against the function's time-out.
INIT_LIMIT_S = 30.0

_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True)
class Job:
    command: list[str]
    code_dir: Path
    environment: dict[str, str]
    request: dict[str, Any]
    """What the bootstrap reads from standard input."""
    timeout_s: float
    on_line: Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    kind: str
    """`result`, `error`, `timeout` or `exit`"""
    payload: str
    duration_ms: float
    init_ms: float
    memory_mb: int


def kill_all() -> None:
    for child in list(_running):
        _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _read_messages(fd: int, messages: queue.Queue[dict[str, Any] | None]) -> None:
    with os.fdopen(fd, encoding="utf-8") as channel:
        for line in channel:
            messages.put(json.loads(line))
    messages.put(None)


def _read_lines(stream: Any, on_line: Callable[[str], None]) -> None:
    for line in iter(stream.readline, b""):
        on_line(line.decode("utf-8", "replace").rstrip("\n"))


def run(job: Job) -> Outcome:
    receive, send = os.pipe()
    started = time.monotonic()
    try:
        child = subprocess.Popen(
            [*job.command, str(send)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=job.code_dir,
            env=job.environment,
            pass_fds=(send,),
            start_new_session=True,
        )
    except OSError:
        os.close(receive)
        raise
    finally:
        os.close(send)
    _running.add(child)
    messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
    readers = [
        threading.Thread(target=_read_messages, args=(receive, messages), daemon=True),
        threading.Thread(target=_read_lines, args=(child.stdout, job.on_line), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        return _supervise(job, child, messages, started)
    finally:
        # The group, not the child alone: what a handler started must not outlive the invocation.
        _kill(child)
        child.wait()
        for reader in readers:
            reader.join(timeout=2)
        _running.discard(child)


def _supervise(
    job: Job, child: subprocess.Popen[bytes], messages: queue.Queue[dict[str, Any] | None], started: float
) -> Outcome:
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(job.request).encode())
        child.stdin.close()
    except BrokenPipeError:
        pass  # It died at once; the end of its channel says so below.
    begun = started
    ready = False
    while True:
        limit = job.timeout_s if ready else INIT_LIMIT_S
        try:
            message = messages.get(timeout=max(0.0, begun + limit - time.monotonic()))
        except queue.Empty:
            return Outcome("timeout", "", limit * 1000, (begun - started) * 1000, 0)
        if message is not None and message["type"] == "ready":
            begun, ready = time.monotonic(), True
            continue
        duration, init = (time.monotonic() - begun) * 1000, (begun - started) * 1000
        if message is None:
            return Outcome("exit", _exit_reason(child), duration, init, 0)
        _wait_briefly(child)
        return Outcome(message["type"], message["payload"], duration, init, message.get("memoryMb", 0))


def _wait_briefly(child: subprocess.Popen[bytes]) -> None:
    """The bootstrap ends by itself once its output is written; a handler that left a thread behind does not."""
    try:
        child.wait(timeout=2)
    except subprocess.TimeoutExpired:
        pass


def _exit_reason(child: subprocess.Popen[bytes]) -> str:
    _wait_briefly(child)
    code = child.poll()
    if code is not None and code < 0:
        return f"signal: {signal.Signals(-code).name}"
    return f"exit status {code}"
