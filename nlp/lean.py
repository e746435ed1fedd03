"""Holds less: rows that are not needed for a while lie on disk, and freed memory goes back to the machine."""

import ctypes
import mmap
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
_LOT = 4096
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


class OnDisk:
    """Vectors as they are stored (n, width, float16) that come in lots: they lie on disk and are read from there."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._file = TemporaryFile()  # noqa: SIM115 - closed with this object; what `rows` gave stays readable
        finalize(self, self._file.close)

    def add(self, numbers: bytes) -> None:
        """The next ones, end to end."""
        self._file.write(numbers)

    def rows(self) -> Halves:
        """All that came; what is looked at is in memory until `let_go`."""
        self._file.flush()
        if not self._file.tell():
            return np.zeros((0, self._width), dtype=np.float16)
        mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(mapped, dtype="<f2").reshape(-1, self._width)

    def ordered(self, order: NDArray[np.int64]) -> Halves:
        """These of them, in this order."""
        every, other = self.rows(), OnDisk(self._width)
        for at in range(0, len(order), _LOT):
            other.add(every[order[at : at + _LOT]].tobytes())
        return other.rows()


def let_go(rows: NDArray[np.generic]) -> None:
    """Rows that lie on disk as well need no memory until they are looked at again; nothing for others."""
    base: object = rows
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, memoryview):
        base = base.obj
    if isinstance(base, mmap.mmap):
        base.madvise(mmap.MADV_DONTNEED)


def give_back() -> None:
    """Returns what was freed: the C library keeps it for itself otherwise, and the next large array comes on top."""
    with suppress(OSError, AttributeError):  # only glibc knows how
        ctypes.CDLL(None).malloc_trim(0)
