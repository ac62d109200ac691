"""Starts moto's server with its gaps filled, and ends with the process that started it.

One JSON line on standard output says when it is ready, and where. Standard input stays open as long as the parent
lives; when it closes, the server ends.
"""

from __future__ import annotations

import argparse
import atexit
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is any free port")
    parser.add_argument("--node", default="node", help="the Node that runs Node functions")
    parser.add_argument("--node-modules", default="", help="a folder with the @aws-sdk scope, for Node functions")
    return parser.parse_args()


def _prepare_environment() -> None:
    """Moto reads these while it is imported."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    # Moto calls itself; a proxy of the machine must not stand between.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    # It must never take the caller's credentials or profile for its own.
    for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_CA_BUNDLE"]:
        del os.environ[name]


def _end_with_parent() -> None:
    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def _offer_sdk(work_dir: Path, node_modules: str) -> None:
    """Lambda's Node runtimes bring the AWS SDK; functions find it where Node looks: in a folder above their code."""
    if node_modules and Path(node_modules, "@aws-sdk").is_dir():
        (work_dir / "node_modules").mkdir()
        (work_dir / "node_modules" / "@aws-sdk").symlink_to(Path(node_modules, "@aws-sdk"))


def main() -> int:
    arguments = _arguments()
    _prepare_environment()
    try:
        import moto
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import WSGIRequestHandler, make_server
    except ImportError as error:
        print(f"moto[server] is not installed for {sys.executable}: {error}", file=sys.stderr)
        return 3

    from gaps import (
        apigateway,
        authorization,
        event_invokes,
        lambda_api,
        listings,
        patching,
        provisioned,
        simulation,
        stepfunctions,
    )
    from gaps.gateway import Gateway
    from gaps.invocation import Invoker
    from gaps.process import kill_all
    from gaps.settings import Settings

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, code: Any = "-", size: Any = "-") -> None:
            logging.info("%s %s", self.requestline, code)

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    work_dir = Path(tempfile.mkdtemp(prefix="provision-env-sandbox-"))
    atexit.register(shutil.rmtree, work_dir, True)
    atexit.register(kill_all)
    try:
        patching.check_version(moto.__version__)
        server_app = DomainDispatcherApplication(create_backend_app)
        server = make_server("127.0.0.1", arguments.port, lambda *_: [], threaded=True, request_handler=Handler)
        settings = Settings(f"http://127.0.0.1:{server.server_port}", work_dir, arguments.node)
        os.environ["MOTO_PORT"] = str(server.server_port)
        credentials = authorization.FunctionCredentials()
        invoker = Invoker(settings, credentials)
        authorization.apply(credentials)
        lambda_api.apply(settings, invoker)
        provisioned.apply()
        event_invokes.apply()
        apigateway.apply(settings)
        listings.apply()
        simulation.apply()
        stepfunctions.apply()
    except (patching.PatchError, OSError, ImportError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 3
    server.app = Gateway(server_app, invoker)
    settings.code_dir.mkdir()
    _offer_sdk(work_dir, arguments.node_modules)

    def stop(*_: Any) -> None:
        # In a thread: `shutdown` waits for `serve_forever`, which this handler has interrupted.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _end_with_parent()
    print(json.dumps({"ready": True, "endpoint": settings.endpoint}), flush=True)
    server.serve_forever()
    server.server_close()
    return 0


if __name__ == "__main__":
    code = main()
    atexit._run_exitfuncs()
    # Threads of moto and of running functions must not hold the process.
    os._exit(code)
