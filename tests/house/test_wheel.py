"""What is built can be installed, and shows a page far from the checkout."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.house.code import ROOT

PROGRAM = """
import sys
from pathlib import Path
import voc
from voc.app import create_app
from voc.core.config import Settings
from voc.db.migrate import upgrade
from voc.db.session import make_engine
home = Path(sys.argv[1])
url = f"sqlite:///{home / 'voc.sqlite'}"
upgrade(make_engine(url))
app = create_app(Settings(url, "unix:///nowhere", home, "k" * 48, public_url="http://localhost"))
answer = app.test_client().get("/sign-in")
sheet = app.test_client().get("/static/app.css")
print(voc.__file__, answer.status_code, sheet.status_code, "<html" in answer.text)
"""


@pytest.mark.slow
def test_the_wheel_shows_a_page_where_there_is_no_checkout(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("voc", "nlp", "workers", "templates"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    (source / "README.md").write_text("A client speaks.\n", encoding="utf-8")
    _run(["-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist"], at=source)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    python = _environment(tmp_path / "venv", wheel)
    answer = _run(["-c", PROGRAM, tmp_path], at=tmp_path, python=python).split()
    assert answer == [
        str(next((tmp_path / "venv").glob("lib/*/site-packages/voc/__init__.py"))),
        "200",
        "200",
        "True",
    ]
    version = subprocess.run(
        [tmp_path / "venv" / "bin" / "voc", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert version.stdout.startswith("voc")


def _environment(home: Path, wheel: Path) -> Path:
    """A new environment with the wheel alone; what it needs is seen in ours, so that no network is asked."""
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/*/site-packages")
    _run(
        ["-m", "uv", "pip", "install", "--offline", "--no-deps", "--python", home / "bin" / "python", wheel],
        at=home,
    )
    theirs = [path for path in sys.path if path.endswith("site-packages")]
    (site / "needed.pth").write_text("\n".join(theirs), encoding="utf-8")
    return home / "bin" / "python"


def _run(arguments: list[str | Path], *, at: Path, python: Path | None = None) -> str:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python or sys.executable, *arguments], cwd=at, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
