"""The story is told once for all tests that only read it."""

import pytest

from voc.demo.story import Story, tell


@pytest.fixture(scope="session")
def story() -> Story:
    return tell()
