"""The lookup of names lasts until a name changes, whatever else is written to a client."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from tests import factories
from voc.accounts.names import known_names
from voc.core.principal import Principal
from voc.db.scope import open_for


def test_names_stay_the_same_when_a_client_says_something(session: Session) -> None:
    accounts = [factories.account(session, name=f"Client number {n}") for n in range(4)]
    before = known_names(session)
    accounts[1].last_said_at = datetime(2026, 11, 2, tzinfo=UTC)
    session.flush()
    assert known_names(session) is before


def test_names_are_others_when_one_changes(session: Session) -> None:
    account = factories.account(session, name="Client before")
    before = known_names(session)
    account.name = "Client after"
    session.flush()
    assert known_names(session) is not before


def test_who_reads_for_one_client_gets_the_name_of_that_one(session: Session) -> None:
    factories.account(session, name="Hillcrest Nursing")
    seen = factories.account(session, name="Waterside Laundry")
    open_for(session, Principal(kind="user", account_ids=frozenset([seen.id])))
    kept = known_names(session).known.clients
    assert any("waterside" in one for one in kept)
    assert not any("hillcrest" in one for one in kept)
