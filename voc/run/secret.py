"""The installation's secret, made once and kept with its data."""

import os
import secrets
from pathlib import Path

_NAME = "secret.key"
_BYTES = 48


def secret_key(data_dir: Path) -> str:
    """The secret in `data_dir`, readable by its owner alone; made when there is none."""
    place = data_dir / _NAME
    try:
        return place.read_text("ascii")
    except FileNotFoundError:
        _write_whole(place, secrets.token_urlsafe(_BYTES))
    return place.read_text("ascii")


def _write_whole(place: Path, text: str) -> None:
    """Appears complete or not at all, and never replaces one that was there first."""
    draft = place.with_suffix(f".{secrets.token_hex(4)}")
    draft.touch(mode=0o600, exist_ok=False)
    with draft.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        place.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
