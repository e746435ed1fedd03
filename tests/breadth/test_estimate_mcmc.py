"""The fast estimate against long chains on the same model; `python -m bench.breadth_mcmc` makes the fixtures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voc.breadth.estimate import Audit, Estimate, fit_counts

CHAINS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("breadth_mcmc.json").read_text(encoding="utf-8")
)
COUNTS = ("weeks_mentioned", "mentions", "others", "segments", "answers", "staff")


@pytest.fixture(scope="module")
def found() -> list[Estimate]:
    return [
        fit_counts(**{name: chain[name] for name in COUNTS}, audit=Audit(*chain["audit"])) for chain in CHAINS
    ]


def test_the_expected_share_is_that_of_the_chains(found: list[Estimate]) -> None:
    far = [abs(one.prevalence - chain["mean"]) for one, chain in zip(found, CHAINS, strict=True)]
    assert np.mean(far) <= 0.005


def test_the_ends_of_the_intervals_are_those_of_the_chains(found: list[Estimate]) -> None:
    far = [
        (abs(one.lo - chain["low"]) + abs(one.hi - chain["high"])) / 2
        for one, chain in zip(found, CHAINS, strict=True)
    ]
    assert np.mean(far) <= 0.02
