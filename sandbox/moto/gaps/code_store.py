"""Unpacks the code of functions and layers, once for every content."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import threading
import uuid
import zipfile
from pathlib import Path


class CodeStore:
    def __init__(self, root: Path):
        self._root = root
        self._lock = threading.Lock()

    def unpack(self, archive: bytes) -> Path:
        """The folder with the content of a zip archive. Raises `zipfile.BadZipFile` if it is none."""
        target = self._root / hashlib.sha256(archive).hexdigest()[:32]
        with self._lock:
            if target.is_dir():
                return target
            # Unpacked beside the target and renamed: a broken archive must not leave a folder that looks complete.
            partial = self._root / f"partial-{uuid.uuid4().hex}"
            try:
                with zipfile.ZipFile(io.BytesIO(archive)) as packed:
                    for entry in packed.infolist():
                        path = packed.extract(entry, partial)
                        mode = (entry.external_attr >> 16) & 0o777
                        if mode and not entry.is_dir():
                            os.chmod(path, mode | 0o400)
                partial.mkdir(exist_ok=True, parents=True)
                partial.rename(target)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            return target
