"""What the modules of the sandbox need to know about the server they run in."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    endpoint: str
    work_dir: Path
    """Unpacked code lies here; removed when the server ends."""
    node: str = "node"
    python: str = field(default_factory=lambda: sys.executable)

    @property
    def code_dir(self) -> Path:
        return self.work_dir / "code"
