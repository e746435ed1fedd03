"""The client list from files, on both databases."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories
from voc.access.models import Membership, User
from voc.accounts.files.importing import import_accounts
from voc.accounts.files.usage import import_usage
from voc.accounts.models import Account, AccountService, Contact, UsageReading
from voc.accounts.queries import counts
from voc.core.principal import SYSTEM, Role
from voc.core.tables.outcome import Outcome
from voc.db.session import Database

HEADER = "import_id,name,group,segment,services,yearly_value,currency,owner,owner_email,contact_name,contact_email,contact_phone"
ACME = "A1,Acme,Acme Group,health,Sterile supply from 2024-03-01; Invoicing from 2023-01-01 to 2026-06-30,12500.50,EUR,Ana Leal,ana@us.example,Bo Lind,bo@acme.example,"
ACME_2 = "A1,Acme,,,,,,,,Cy Moss,cy@acme.example,+31 1"
BIRCH = "B1,Birch,,public,,,,,,,,"


def bring(database: Database, folder: Path, *lines: str, header: str = HEADER, **how: Any) -> Outcome:
    path = folder / "clients.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return import_accounts(database, path, currency="EUR", **how)


def names(database: Database) -> dict[str, Account]:
    with database.reading(SYSTEM) as session:
        found = {account.name: account for account in session.scalars(select(Account))}
        session.expunge_all()
        return found


def test_a_list_brings_clients_groups_people_services_and_owners(database: Database, tmp_path: Path) -> None:
    outcome = bring(database, tmp_path, ACME, ACME_2, BIRCH)
    assert (outcome.rows, outcome.new, outcome.refused) == (3, 2, 0)
    found = names(database)
    assert set(found) == {"Acme", "Acme Group", "Birch"}
    assert found["Acme"].group_id == found["Acme Group"].id
    assert found["Acme"].yearly_value_cents == 1_250_050
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Contact.name).order_by(Contact.name)).all() == ["Bo Lind", "Cy Moss"]
        ends = session.scalars(select(AccountService.ends_on).order_by(AccountService.starts_on)).all()
        assert ends == [date(2026, 7, 1), None]
        owner = session.scalars(select(User)).one()
        assert (owner.name, owner.password_hash) == ("Ana Leal", None)
        assert session.scalars(select(Membership.role)).all() == [Role.AGENT]
        assert counts(session).groups == 2
        assert counts(session).never_said == 2
        assert counts(session).unreachable == 1


def test_the_same_list_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, ACME, ACME_2, BIRCH)
    outcome = bring(database, tmp_path, ACME, ACME_2, BIRCH)
    assert (outcome.new, outcome.updated, outcome.known) == (0, 0, 2)
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 2


def test_a_changed_line_updates_and_a_blank_leaves_alone(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, ACME)
    outcome = bring(database, tmp_path, "A1,Acme Care,,,,20000,EUR,,,,,")
    assert (outcome.new, outcome.updated) == (0, 1)
    found = names(database)
    assert (found["Acme Care"].yearly_value_cents, found["Acme Care"].segment) == (2_000_000, "health")


def test_what_a_contact_asked_of_us_outlives_the_list(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, ACME)
    with database.writing(SYSTEM) as session:
        session.scalars(select(Contact)).one().may_be_asked = False
    bring(database, tmp_path, ACME.replace("Bo Lind", "Bo Lindt"))
    with database.reading(SYSTEM) as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.name, contact.may_be_asked) == ("Bo Lindt", False)


def test_a_client_seen_only_in_a_comment_becomes_listed(database: Database, tmp_path: Path) -> None:
    with database.writing(SYSTEM) as session:
        factories.account(session, name="BIRCH", is_listed=False)
    assert bring(database, tmp_path, BIRCH).updated == 1
    assert names(database)["Birch"].is_listed


@pytest.mark.parametrize(
    "line",
    ["C1,Cedar,,,,100,USD,,,,,", "C1,Cedar,,,,abc,EUR,,,,,", "C1,Cedar,,,,1.000,EUR,,,,,", "C1,,,,,,,,,,,",
     "C1,Cedar,,,Invoicing from soon,,,,,,,", "C1,Cedar,,,,,,,,Di,not-an-address,", "C1,Cedar,,,,,,,,,,+31 1",
     "C1,Cedar,,,,,,Unknown Person,,,,", "C1,Birch,,,,,,,,,,", "B1,Acme,,,,,,,,,,", "C1,Cedar", "C1,Ce\x00dar,,,,,,,,,,"],
)  # fmt: skip
def test_a_line_that_cannot_be_taken_is_refused_alone(database: Database, tmp_path: Path, line: str) -> None:
    bring(database, tmp_path, ACME, BIRCH)
    outcome = bring(database, tmp_path, line, "D1,Dune,,,,,,,,,,")
    assert (outcome.new, outcome.refused) == (1, 1)
    assert set(names(database)) == {"Acme", "Acme Group", "Birch", "Dune"}


def test_a_site_of_a_site_is_refused(database: Database, tmp_path: Path) -> None:
    outcome = bring(database, tmp_path, ACME, "N1,Acme North,Acme,,,,,,,,,")
    assert outcome.refused == 1


def test_a_new_owner_takes_over_and_the_one_before_is_let_go(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, ACME)
    bring(database, tmp_path, "A1,Acme,,,,,,Max Ode,max@us.example,,,")
    with database.reading(SYSTEM) as session:
        looking = select(User.name).join(Membership, Membership.user_id == User.id)
        assert session.scalars(looking).all() == ["Max Ode"]


def test_usage_is_kept_by_week_and_the_newer_amount_stands(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, ACME)
    path = tmp_path / "usage.csv"
    path.write_text(
        "client,service,date,amount\nAcme,Invoicing,2026-03-04,10\nA1,Invoicing,2026-03-12,4.5\nElm,Invoicing,2026-03-04,1\nAcme,Invoicing,2026-03-04,nan\n"
    )
    outcome = import_usage(database, path)
    assert (outcome.rows, outcome.new, outcome.refused) == (4, 2, 2)
    again = import_usage(database, path)
    assert (again.new, again.updated, again.known) == (0, 0, 2)
    with database.reading(SYSTEM) as session:
        assert set(session.execute(select(UsageReading.week_on, UsageReading.amount))) == {
            (date(2026, 3, 2), 10.0), (date(2026, 3, 9), 4.5)}  # fmt: skip
