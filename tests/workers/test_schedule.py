"""On Mondays the leadership page is kept by itself, once, whatever runs beside."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.reports.models import Edition
from workers.schedule import keep_edition
from workers.scope import Scope

At = Callable[[datetime], None]


@pytest.fixture
def here(settings: Settings, database: Database) -> Scope:
    return Scope(settings, database, None, QuietDoorbell())  # type: ignore[arg-type]  # nothing rings here


def kept(here: Scope) -> list[tuple[str, int | None]]:
    with here.database.reading(SYSTEM) as session:
        rows = session.scalars(select(Edition).order_by(Edition.id))
        return [(row.week_on.isoformat(), row.made_by_id) for row in rows]


def test_mondays_page_is_kept_once_and_nobody_made_it(here: Scope) -> None:
    keep_edition(here)
    keep_edition(here)
    assert kept(here) == [("2026-05-04", None)]


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 5, 5, 9, tzinfo=UTC), datetime(2026, 5, 4, 3, 30, tzinfo=UTC), datetime(2026, 5, 10, 12, tzinfo=UTC)],
)  # fmt: skip
def test_nothing_is_kept_on_other_days_or_before_six(here: Scope, at: At, moment: datetime) -> None:
    at(moment)
    keep_edition(here)
    assert kept(here) == []


def test_the_next_monday_has_an_edition_of_its_own(here: Scope, at: At) -> None:
    keep_edition(here)
    at(datetime(2026, 5, 11, 6, 30, tzinfo=UTC))
    keep_edition(here)
    assert [week for week, _ in kept(here)] == ["2026-05-04", "2026-05-11"]
