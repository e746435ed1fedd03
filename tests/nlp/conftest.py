"""What the tests of the reading machine share."""

from pathlib import Path

import pytest

from nlp.evaluate import starter_specs
from nlp.pipeline import Reader, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return load(
        starter_specs(ROOT / "voc" / "analysis" / "starter_themes.toml"), known_names=["Contoso Ltd", "Weber"]
    )


@pytest.fixture(scope="session")
def labelled() -> Path:
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the labelled sets are not beside the checkout (../shared/data)")
    return folder
