"""The installation's secret is made once and kept to its owner."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voc.run.secret import secret_key


def test_the_secret_stays_the_same(tmp_path: Path) -> None:
    assert secret_key(tmp_path) == secret_key(tmp_path)


def test_two_folders_have_two_secrets(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert secret_key(tmp_path / "a") != secret_key(tmp_path / "b")


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    assert len(secret_key(tmp_path)) >= 48
    assert [place.stat().st_mode & 0o777 for place in tmp_path.iterdir()] == [0o600]


def test_two_that_make_it_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(secret_key, [tmp_path] * 8))) == 1
