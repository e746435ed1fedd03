"""What the measurements read that lies beside the checkout, never in it."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def beside(*parts: str) -> Path | None:
    """`../shared/...` from the checkout, or from the folder its worktree is in; None where it is absent."""
    for folder in (_ROOT.parent, _ROOT.parent.parent):
        path = folder.joinpath("shared", *parts)
        if path.exists():
            return path
    return None
