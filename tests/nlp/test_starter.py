"""What a new installation knows before anybody taught it anything, on a labelled set of our own."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.encoder.static import encoder
from nlp.evaluate import STARTER, starter_specs
from nlp.evaluating.labelled import read_labelled
from nlp.evaluating.starter import starter_figures
from nlp.features import BUCKETS, WordFeatures, WordHasher
from nlp.pipeline import Reader, load, starter_bank
from nlp.pooling import pooled
from nlp.theme_bank import pairs_of
from nlp.train import column_of, slate_of, teach_head

LABELS = Path(__file__).parent / "labels"
FROZEN = "54482890e6af761de49dc38202b86cbd5f0389d45f71208d3c4603c10dfdebab"


def test_the_labelled_half_that_judges_is_the_one_that_was_frozen() -> None:
    assert hashlib.sha256((LABELS / "themes_test.jsonl").read_bytes()).hexdigest() == FROZEN


@pytest.mark.parametrize(
    ("figure", "least"),
    [("said_of_them", 0.71), ("first_precision", 0.86), ("silent_of_the_others", 0.83), ("f1", 0.68)],
)
def test_a_new_installation_reads_comments_it_has_never_seen(
    reader: Reader, figure: str, least: float
) -> None:
    figures = starter_figures(read_labelled(LABELS / "themes_test.jsonl"), reader)
    value = figures[figure]
    assert isinstance(value, float)
    assert value >= least


def test_one_correction_counts_beside_a_hundred_sentences() -> None:
    specs = starter_specs(STARTER)
    start = column_of(starter_bank(specs), next(spec for spec in specs if spec.key == "delivery"))
    text = "The otters were fed at dusk."
    slate = slate_of([text], [1], [one for spec in specs for one in spec.examples])
    head = teach_head(start, slate, np.array([True]), np.array([1.0])).head
    said = [[theme.key for theme in load(specs, heads).read([text])[0].themes] for heads in ((), (head,))]
    assert said == [[], ["delivery"]]


def test_a_word_in_passing_does_not_outweigh_what_a_comment_is_about() -> None:
    scores = np.array([[0.7, 0.4], [0.05, 0.6], [0.05, 0.6]], dtype=np.float32)
    best = pooled(scores, np.array([0]), np.array([4.0, 9.0, 9.0], dtype=np.float32))
    assert best[0].argmax() == 1


def test_a_comment_of_one_sentence_has_the_score_of_that_sentence() -> None:
    scores = np.array([[0.7, 0.4], [0.2, 0.6]], dtype=np.float32)
    best = pooled(scores, np.array([0, 1]), np.array([4.0, 9.0], dtype=np.float32))
    assert np.abs(best - scores).max() < 1e-6


def test_products_of_pairs_are_those_of_whole_matrices() -> None:
    said = [one for spec in starter_specs(STARTER)[:4] for one in spec.examples]
    pairs = pairs_of(encoder(), WordHasher(), said, wordy=2)
    words = 2 * _matrix(WordHasher().features(encoder(), encoder().lines(said)))
    whole = pairs.vectors @ pairs.vectors.T + words @ words.T
    weights = np.random.default_rng(3).normal(size=(len(said), 2)).astype(np.float32)
    assert pairs @ weights == pytest.approx(whole @ weights, abs=1e-3)
    left, taught = np.arange(0, len(said), 5), np.arange(1, len(said), 3)
    some = pairs.some(left).beside(pairs.some(taught), weights[taught])
    assert some == pytest.approx(whole[np.ix_(left, taught)] @ weights[taught], abs=1e-3)
    assert pairs.weights(weights)[1] == pytest.approx(2 * words.T @ weights, abs=1e-3)


def _matrix(features: WordFeatures) -> NDArray[np.float32]:
    whole = np.zeros((features.count, BUCKETS), dtype=np.float32)
    whole[features.texts, features.buckets] = features.values
    return whole
