"""Rows set aside come back as they were."""

import numpy as np
import pytest

from nlp import lean


@pytest.mark.parametrize("many", [0, 1 << 30])
def test_rows_set_aside_come_back_the_same(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(lean, "MANY", many)
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    assert np.array_equal(lean.SetAside(rows.copy()).again(), rows)
    lean.give_back()
