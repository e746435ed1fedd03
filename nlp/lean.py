"""Holds less: rows that are not needed for a while lie on disk, and freed memory goes back to the machine."""

import ctypes
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MANY = 64 << 20
"""From so many bytes rows are worth setting aside: writing and reading 150 MB takes a third of a second."""


class SetAside:
    """Rows that nobody needs until `again`; the caller lets go of its own."""

    def __init__(self, rows: Floats) -> None:
        self._shape = rows.shape
        self._rows: Floats | None = None
        self._file: IO[bytes] | None = None
        if rows.nbytes < MANY:
            self._rows = rows
            return
        self._file = TemporaryFile()  # noqa: SIM115 - closed, and so gone, in `again`
        rows.tofile(self._file)

    def again(self) -> Floats:
        """The same rows."""
        if self._rows is not None:
            return self._rows
        assert self._file is not None  # noqa: S101 - one of both is there
        with self._file as file:
            file.seek(0)
            return np.fromfile(file, dtype=np.float32).reshape(self._shape)


def give_back() -> None:
    """Returns what was freed: the C library keeps it for itself otherwise, and the next large array comes on top."""
    with suppress(OSError, AttributeError):  # only glibc knows how
        ctypes.CDLL(None).malloc_trim(0)
