"""Changes to moto, each of which first looks whether moto is still what it expects.

A patch that silently misses leaves a sandbox that lies. So whatever is replaced has to be there with the expected
parameters; otherwise the server refuses to start and says which part of moto has changed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

SUPPORTED = "5.2."


class PatchError(RuntimeError):
    """Moto is not what the sandbox was written for."""


def _label(owner: Any, name: str) -> str:
    return f"{getattr(owner, '__module__', '')}.{getattr(owner, '__qualname__', owner)}.{name}"


def check_version(version: str) -> None:
    if not version.startswith(SUPPORTED):
        raise PatchError(
            f"moto {version} is installed, the sandbox needs {SUPPORTED}x: pip install 'moto[server]=={SUPPORTED}*'"
        )


def replace(owner: Any, name: str, new: Callable[..., Any], parameters: list[str]) -> Any:
    """Puts `new` in the place of `owner.name` and returns what was there."""
    old = getattr(owner, name, None)
    if old is None:
        raise PatchError(f"moto has no {_label(owner, name)} any more")
    actual = [p for p in inspect.signature(old).parameters]
    if actual != parameters:
        raise PatchError(f"moto's {_label(owner, name)} takes {actual}, expected {parameters}")
    static = isinstance(inspect.getattr_static(owner, name), staticmethod)
    setattr(owner, name, staticmethod(new) if static else new)
    return old


def add_operation(responses: type, name: str, method: Callable[..., Any]) -> None:
    """Adds an API operation that moto lacks. One that moto has learnt since is better than ours and stays."""
    if not hasattr(responses, "dispatch"):
        raise PatchError(f"moto's {responses.__module__}.{responses.__qualname__} dispatches no operations any more")
    if not hasattr(responses, name):
        setattr(responses, name, method)


def add_paths(url_paths: dict[str, Any], dispatch: Any, *paths: str) -> None:
    """Registers URL patterns; it has to happen before moto builds its applications."""
    for path in paths:
        url_paths.setdefault("{0}" + path, dispatch)


def require(condition: bool, what: str) -> None:
    if not condition:
        raise PatchError(f"moto has changed: {what}")
