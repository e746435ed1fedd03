"""Whether the frozen half of the risk labels is untouched."""

import hashlib
from pathlib import Path

LABELS = Path(__file__).parent / "labels"
FROZEN = "5267c293db12202c229271af490098504270789fb195b588555939c93b5f43be"


def test_frozen_half_is_the_one_written_before_the_rules_were_seen() -> None:
    assert hashlib.sha256((LABELS / "risk_test.jsonl").read_bytes()).hexdigest() == FROZEN
