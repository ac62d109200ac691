"""Runs one invocation of a Python function the way Lambda's own runtime does.

Finds the handler, calls it, and reports over the pipe whose number is the last argument. The request comes on
standard input.
"""

import importlib
import json
import logging
import os
import resource
import sys
import time
import traceback

channel = int(sys.argv[-1])
request = json.loads(sys.stdin.buffer.read())
# The folder of this file is no part of the function's world, the folder of its code is.
sys.path[0] = request["root"]
sys.argv = [request["handler"]]


class RuntimeFault(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = f"Runtime.{kind}"


class Context:
    def __init__(self, facts, deadline):
        self.aws_request_id = facts["requestId"]
        self.function_name = facts["functionName"]
        self.function_version = facts["functionVersion"]
        self.invoked_function_arn = facts["invokedFunctionArn"]
        self.memory_limit_in_mb = facts["memoryLimitInMB"]
        self.log_group_name = facts["logGroupName"]
        self.log_stream_name = facts["logStreamName"]
        self.client_context = None
        self.identity = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self):
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class LogHandler(logging.Handler):
    def emit(self, record):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        # One event for one call: Lambda keeps line breaks inside an event as carriage returns.
        text = self.format(record).replace("\n", "\r")
        level, request_id = record.levelname, request["context"]["requestId"]
        print(f"[{level}]\t{stamp}.{int(record.msecs):03d}Z\t{request_id}\t{text}", flush=True)


def send(message):
    data = (json.dumps(message) + "\n").encode()
    while data:
        data = data[os.write(channel, data) :]


def memory_mb():
    # Not `ru_maxrss` where it can be helped: it counts the memory of the process that this one was forked from.
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def finish(message):
    message["memoryMb"] = memory_mb()
    sys.stdout.flush()
    sys.stderr.flush()
    send(message)
    # Threads that a handler left behind are frozen in Lambda; they must not hold this process.
    os._exit(0)


def fail(error, frames_to_skip):
    if isinstance(error, RuntimeFault):
        kind, trace = error.kind, []
    else:
        kind = type(error).__name__
        trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[frames_to_skip:])
    report = {
        "errorMessage": str(error),
        "errorType": kind,
        "requestId": request["context"]["requestId"],
        "stackTrace": trace,
    }
    text = f"[ERROR] {kind}: {error}\nTraceback (most recent call last):\n{''.join(trace)}".rstrip("\n")
    print(text.replace("\n", "\r"), flush=True)
    finish({"type": "error", "payload": json.dumps(report)})


def load():
    module_name, _, name = request["handler"].rpartition(".")
    if not module_name:
        raise RuntimeFault("MalformedHandlerName", f"Bad handler '{request['handler']}': not enough values to unpack")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault("ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise RuntimeFault("UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}") from error
    handler = getattr(module, name, None)
    if handler is None:
        raise RuntimeFault("HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'")
    return handler


def main():
    logging.getLogger().addHandler(LogHandler())
    try:
        handler = load()
    except Exception as error:
        fail(error, 2)
    send({"type": "ready"})
    try:
        context = Context(request["context"], time.monotonic() + request["timeoutMs"] / 1000)
        payload = json.dumps(handler(json.loads(request["event"]), context))
    except SystemExit:
        raise
    except BaseException as error:
        fail(error, 1)
    finish({"type": "result", "payload": payload})


main()
