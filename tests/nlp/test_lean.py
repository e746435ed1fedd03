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


def test_vectors_on_disk_are_the_same_in_any_order_and_after_they_were_let_go() -> None:
    numbers = np.arange(24, dtype=np.float16).reshape(8, 3)
    lying = lean.OnDisk(3)
    assert lying.rows().shape == (0, 3)
    for lot in (numbers[:5], numbers[5:]):
        lying.add(lot.tobytes())
    every, turned = lying.rows(), lying.ordered(np.array([7, 0, 3]))
    del lying
    lean.let_go(every[2:4])
    assert np.array_equal(every, numbers)
    assert np.array_equal(turned, numbers[[7, 0, 3]])
    lean.let_go(numbers)
