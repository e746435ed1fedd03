"""Which encoder this process reads with: the static one, or MiniLM where the setting says accurate."""

import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.encoder.static import StaticEncoder

ENCODERS = ("static", "accurate")


@dataclass(slots=True)
class _Chosen:
    name: str = "static"
    folder: Path = Path()


_chosen = _Chosen()


def choose(name: str, folder: Path) -> None:
    """Read with this encoder from now on; called before anything is loaded. `folder` keeps MiniLM's file.

    onnxruntime must be there before usearch: the other way round it ends the process (1.31 after usearch 2.26).
    """
    if name not in ENCODERS:
        raise ValueError(f"There is no encoder “{name}”; there are {' and '.join(ENCODERS)}.")
    if name == "accurate" and "onnxruntime" not in sys.modules:
        if "usearch" in sys.modules:
            raise RuntimeError("The accurate encoder was chosen after the index was loaded; choose it first.")
        import_module("onnxruntime")
    _chosen.name, _chosen.folder = name, folder


def encoder() -> "StaticEncoder":
    """The one encoder of this process."""
    if _chosen.name == "static":
        from nlp.encoder.static import encoder as static  # noqa: PLC0415 - who only chooses stays without numpy

        return static()
    return _accurate(_chosen.folder)


def mark() -> str:
    """What the chosen encoder adds to a version: vectors with and without it are never compared."""
    return "" if _chosen.name == "static" else f"-{_chosen.name}"


@cache
def _accurate(folder: Path) -> "StaticEncoder":
    from nlp.encoder.accurate import AccurateEncoder  # noqa: PLC0415 - onnxruntime only where it was chosen

    return AccurateEncoder(folder)
