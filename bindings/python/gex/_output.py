# SPDX-License-Identifier: Apache-2.0
"""Files that appear whole or not at all."""
from __future__ import annotations

import os
import stat


class StagedFile:
    """Written under a temporary name in the same folder, renamed when complete.

    A target that is not a regular file (a pipe, a device) is written directly.
    """

    def __init__(self, path: str):
        self.path, self._target = path, path
        self._temporary: str | None = None
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            self._stage(0o666)
            return
        if not stat.S_ISREG(mode):
            self._file = open(path, "wb", buffering=0)
            return
        if not os.access(path, os.W_OK):  # rename() would replace even a file that may not be written
            raise PermissionError(13, os.strerror(13), path)
        self._target = os.path.realpath(path)  # through a link, not over it
        self._stage(0o666)
        os.fchmod(self._file.fileno(), stat.S_IMODE(mode))

    def _stage(self, mode: int) -> None:
        for attempt in range(1000):
            name = f"{self._target}.part-{os.getpid()}-{attempt}"
            try:
                descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
            except FileExistsError:
                continue
            self._temporary, self._file = name, open(descriptor, "wb", buffering=0)
            return
        raise FileExistsError(17, os.strerror(17), self.path)

    def write(self, content: bytes) -> None:
        """All of it; the bytes are with the system afterwards."""
        write_bytes(self._file.fileno(), content)
        self._file.close()

    def commit(self) -> None:
        """Give the file its name."""
        if self._temporary is not None:
            os.rename(self._temporary, self._target)
            self._temporary = None

    def discard(self) -> None:
        """Leave nothing behind that was not committed."""
        self._file.close()
        if self._temporary is not None:
            os.unlink(self._temporary)
            self._temporary = None


def write_bytes(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view):]


def write_standard(text: str) -> None:
    """To standard output, past Python's buffer, so that a failure is known here."""
    write_bytes(1, text.encode())


def fill_standard() -> None:
    """No file may be opened as descriptor 0, 1 or 2 because the caller had closed it."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)
