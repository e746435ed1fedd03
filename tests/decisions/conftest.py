"""Leaders at work, an issue some clients told us about, and the day it is."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.reports.conftest import Told, executive, told  # noqa: F401 - fixtures of the stage before
from voc.access.models import User
from voc.core.principal import Role
from voc.decisions.forms import CommitmentForm, DecisionForm
from voc.issues.models import Issue

TODAY = date(2026, 5, 4)
Form = Callable[..., DecisionForm]


@pytest.fixture
def owner(session: Session) -> User:
    """Whoever answers for it."""
    return factories.user(session, Role.LEAD, name="Ines Corr")


@pytest.fixture
def issue(session: Session, told: Told) -> Issue:  # noqa: F811 - the fixture
    """Three clients told us."""
    made = factories.issue(session, name="Late invoices")
    told(made, 3)
    return made


@pytest.fixture
def form(owner: User) -> Form:
    """`form(choice="keep")`: a decision as its form gives it."""

    def make(**wanted: object) -> DecisionForm:
        facts: dict[str, object] = {
            "choice": "change", "words": "Send them on time.", "message": "Invoices come on time from June.",
            "owner": owner.public_id, "due_on": date(2026, 6, 1), "look_again_on": date(2026, 8, 3),
        }  # fmt: skip
        return DecisionForm(**(facts | wanted))  # type: ignore[arg-type]  # facts by name

    return make


@pytest.fixture
def promise(owner: User) -> Callable[..., CommitmentForm]:
    """`promise(client=…)`: a promise as its form gives it."""

    def make(**wanted: object) -> CommitmentForm:
        facts: dict[str, object] = {
            "words": "Your driver stays.", "proof": "The driver's name on each sheet.", "owner": owner.public_id,
            "next_due_on": TODAY, "every_weeks": None, "client": "", "issue": "", "service": "",
        }  # fmt: skip
        return CommitmentForm(**(facts | wanted))  # type: ignore[arg-type]  # facts by name

    return make
