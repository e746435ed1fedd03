"""Editions and an issue's clients as files: types, guards, masks, who may, and a trace of it."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.core.tables.sheets import cells_of, sheet_names
from tests.reports.conftest import Told
from voc.access.models import Audit
from voc.core.principal import Role
from voc.issues.models import Issue

Client = Callable[..., FlaskClient]


@pytest.fixture
def issue(session: Session, told: Told) -> Issue:
    made = factories.issue(session, name='=cmd|"/c calc"!A1')
    account = factories.account(session, name="@Evil Ltd", yearly_value_cents=12_345_600)
    factories.contact(session, account, name="Marek Olin")
    told(made, accounts=(account,), text="=1+1 and Marek Olin saw it.")
    told(made, 1, text="The invoice came late again and again.")
    return made


def rows_of(text: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(text.decode("utf-8-sig"))))


def test_client_by_client_as_csv_is_guarded_and_masked(client: Client, issue: Issue) -> None:
    answer = client(Role.LEAD).get(f"/issues/{issue.public_id}/clients.csv")
    assert answer.mimetype == "text/csv"
    head, *rows = rows_of(answer.data)
    by_name = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    evil = by_name["'@Evil Ltd"]
    assert evil["Yearly value, EUR"] == "123456.0"
    assert evil["State"] == "has it, a problem"
    assert evil["In their words"] == "'=1+1 and [name] saw it."
    assert len(rows) == 2


def test_client_by_client_as_workbook_keeps_numbers(client: Client, issue: Issue) -> None:
    answer = client(Role.EXECUTIVE).get(f"/issues/{issue.public_id}/clients.xlsx")
    cells = cells_of(answer.data)
    assert {cell.kind for cell in cells.values()} == {"text", "number"}
    names = {place: cell.value for place, cell in cells.items() if place.startswith("A")}
    (row,) = [place[1:] for place, name in names.items() if name == "'@Evil Ltd"]
    assert (cells[f"C{row}"].kind, cells[f"C{row}"].value) == ("number", "123456")


def test_a_file_is_named_by_plain_letters_only(client: Client, issue: Issue) -> None:
    named = client(Role.LEAD).get(f"/issues/{issue.public_id}/clients.csv").headers["Content-Disposition"]
    assert named == 'attachment; filename="cmd-c-calc-a1.csv"'


def test_every_file_that_leaves_is_on_the_trail(client: Client, session: Session, issue: Issue) -> None:
    browser = client(Role.LEAD)
    for kind in ("csv", "xlsx"):
        browser.get(f"/issues/{issue.public_id}/clients.{kind}")
    kept = session.scalars(select(Audit).where(Audit.act == "export.clients")).all()
    assert [row.detail["kind"] for row in kept] == ["csv", "xlsx"]


def test_an_edition_as_files(client: Client, issue: Issue) -> None:
    browser = client(Role.EXECUTIVE)
    url = browser.post("/editions").headers["Location"]
    head, row = rows_of(browser.get(f"{url}.csv").data)
    line = dict(zip(head, row, strict=True))
    assert line["Issue"].startswith("'=cmd")
    assert (line["Told us"], line["Likely, at least"], line["Likely, at most"]) == ("2", "", "")
    assert line["Yearly value of those who have it, EUR"] == "133456.0"
    assert "[name]" in line["In their words"] + line["In their words, another client"]
    book = browser.get(f"{url}.xlsx").data
    assert sheet_names(book) == ["Issues", "Owed a person"]
    assert cells_of(book)["B2"] == cells_of(book)["B2"].__class__("number", "2")


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN, Role.CLIENT_VIEWER])
def test_nobody_else_takes_anything_away(client: Client, issue: Issue, role: Role) -> None:
    browser = client(role)
    assert browser.get(f"/issues/{issue.public_id}/clients.csv").status_code == 403
    assert browser.get("/editions/" + "a" * 26 + ".xlsx").status_code == 403
