"""The themes page: people change the themes, and every change can be undone."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.analysis.models import Theme
from voc.analysis.queries import theme_choices
from voc.core.principal import Role

Signed = Callable[..., FlaskClient]


def press(browser: FlaskClient, url: str, **fields: str) -> str:
    answer = browser.post(url, data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def undo_url(page: str) -> str:
    found = re.search(r'action="(/themes/[^"]*/undo/[^"]*)"', page)
    assert found
    return found.group(1)


def test_a_theme_is_added_for_what_comes_in_from_now_on(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    page = press(browser, "/themes", name="Überfällige  Posten", description="Old open items.")
    assert "is in use for comments that come in from now on" in page
    (choice,) = theme_choices(session)
    assert (choice.key, choice.name) == ("uberfallige_posten", "Überfällige Posten")
    press(browser, undo_url(page))
    assert theme_choices(session) == ()
    assert "Out of use" in browser.get("/themes").text


def test_a_theme_is_renamed_with_its_history_and_undone(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="billing", name="Billing", description="Money.")
    comment = factories.comment(session)
    factories.reading(session, comment, themes=(theme,))
    browser = client(Role.LEAD, name="Ana Leal")
    page = press(browser, f"/themes/{theme.public_id}", name="Invoices", description="Bills.")
    assert "renamed, was “Billing”" in page
    assert "Ana Leal" in page
    assert "<b>Invoices</b>" in browser.get(f"/comments/{comment.public_id}").text
    press(browser, undo_url(page))
    session.expire_all()
    assert (theme.name, theme.description, theme.key) == ("Billing", "Money.", "billing")


def test_retiring_keeps_what_was_read_and_can_be_undone(client: Signed, session: Session) -> None:
    theme = factories.theme(session, name="Billing")
    comment = factories.comment(session)
    factories.reading(session, comment, themes=(theme,))
    browser = client(Role.LEAD)
    page = press(browser, f"/themes/{theme.public_id}/retire")
    assert theme_choices(session) == ()
    assert "<b>Billing</b>" in browser.get(f"/comments/{comment.public_id}").text
    press(browser, undo_url(page))
    assert [choice.name for choice in theme_choices(session)] == ["Billing"]


def test_an_old_undo_does_not_overwrite_a_newer_change(client: Signed, session: Session) -> None:
    theme = factories.theme(session, name="Billing")
    browser = client(Role.LEAD)
    first = undo_url(press(browser, f"/themes/{theme.public_id}", name="Invoices"))
    press(browser, f"/themes/{theme.public_id}", name="Money")
    assert browser.post(first).status_code == 409
    session.expire_all()
    assert theme.name == "Money"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "billing"])
def test_a_name_that_cannot_be_used_is_said_beside_its_field(
    client: Signed, session: Session, name: str
) -> None:
    factories.theme(session, name="Billing")
    answer = client(Role.LEAD).post("/themes", data={"name": name, "description": "Kept words."})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert "Kept words." in answer.text
    assert len(session.scalars(select(Theme)).all()) == 1


def test_counts_tell_machine_and_people_apart(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="billing", name="Billing")
    seen = factories.comment(session)
    factories.reading(session, seen, themes=(theme,))
    browser = client(Role.LEAD)
    for holds in ("yes", "no"):
        browser.post(f"/comments/{seen.public_id}/labels", data={"label": f"theme:billing:{holds}"})
    row = re.search(r'<tr><th scope="row"><bdi>Billing.*?</tr>', browser.get("/themes").text)
    assert row
    assert re.findall(r">(\d+)</a>", row.group()) == ["1", "0", "1"]


def test_an_agent_looks_and_changes_nothing(client: Signed, session: Session) -> None:
    theme = factories.theme(session, name="Billing")
    browser = client(Role.AGENT)
    assert "Add a theme" not in browser.get("/themes").text
    assert browser.post("/themes", data={"name": "Mine"}).status_code == 403
    assert browser.post(f"/themes/{theme.public_id}/retire").status_code == 403
