"""A client is loud or quiet against its own rhythm and its kind, never by its number alone."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.accounts.models import Account
from voc.breadth.loudness import loudness, quiet_groups


def say(session: Session, account: Account, *days_ago: float) -> None:
    for days in days_ago:
        factories.comment(session, account, said_at=NOW - timedelta(days=days))


def test_every_client_stands_there_those_who_say_nothing_too(session: Session) -> None:
    loud, silent = factories.account(session), factories.account(session)
    say(session, loud, 1, 2, 3)
    rows = {row.public_id: row for row in loudness(session)}
    assert (rows[loud.public_id].comments, rows[silent.public_id].comments) == (3, 0)


def test_a_client_that_speaks_up_is_louder_than_before(session: Session) -> None:
    account = factories.account(session)
    say(session, account, 1, 2, 3, 4, 100)
    (row,) = loudness(session)
    assert row.against_own == "louder than before"


def test_a_client_that_goes_quiet_is_quieter_than_before(session: Session) -> None:
    account = factories.account(session)
    say(session, account, *range(30, 170, 10))
    (row,) = loudness(session)
    assert row.against_own == "quieter than before"


def test_a_site_speaks_for_its_group(session: Session) -> None:
    group = factories.account(session)
    say(session, factories.account(session, group=group), 5)
    (row,) = loudness(session)
    assert (row.public_id, row.comments) == (group.public_id, 1)


def test_with_nobody_of_its_kind_there_is_nothing_to_compare_with(session: Session) -> None:
    factories.account(session, segment="alone")
    (row,) = loudness(session)
    assert row.against_kind == "we do not know"


def test_only_clients_that_said_a_little_are_quiet_ones(session: Session) -> None:
    little, much, nothing = (factories.account(session) for _ in range(3))
    say(session, little, 5)
    say(session, much, *range(1, 9))
    assert quiet_groups(session, [little.id, much.id, nothing.id]) == {little.id}
