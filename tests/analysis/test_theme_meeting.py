"""Two people write about one theme at once, and nothing of either is lost."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.wishing import applied, look_at, looked, press, the_wish
from voc.analysis.models import Theme
from voc.core.principal import Role

Signed = Callable[..., FlaskClient]
THEIRS = {
    "name": "Billing",
    "description": "Money.",
    "examples": "The bill is wrong.\nIt came twice.",
    "opened": "1",
}


@pytest.fixture
def billing(session: Session) -> Theme:
    theme: Theme = factories.theme(
        session, key="billing", name="Billing", description="Money.", examples=["The bill is wrong."]
    )
    return theme


def sentences(page: str) -> list[str]:
    found = re.search(r'<textarea id="examples".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found.group(1).splitlines()


def test_a_form_says_on_which_version_it_was_opened(client: Signed, billing: Theme) -> None:
    assert 'name="opened" value="1"' in client(Role.LEAD).get(f"/themes/{billing.public_id}").text


def test_a_form_opened_before_a_colleague_wrote_shows_both(
    client: Signed, session: Session, billing: Theme
) -> None:
    ana, ben = client(Role.LEAD, name="Ana Leal"), client(Role.LEAD, name="Ben Okoye")
    press(ana, f"/themes/{billing.public_id}", **THEIRS)
    applied(ana, session)
    mine = {"name": "Billing", "description": "Bills.", "examples": "The bill is wrong.", "opened": "1"}
    answer = ben.post(f"/themes/{billing.public_id}", data=mine)
    assert answer.status_code == 409
    assert "Ana Leal changed this theme while you wrote" in answer.text
    assert "<ins><bdi>It came twice.</bdi></ins>" in answer.text
    assert "Bills." in answer.text
    assert sentences(answer.text) == ["The bill is wrong.", "It came twice."]
    assert 'name="opened" value="2"' in answer.text


def test_who_wrote_in_another_tab_is_not_told_of_themselves_as_a_stranger(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD, name="Ana Leal")
    press(browser, f"/themes/{billing.public_id}", **THEIRS)
    applied(browser, session)
    mine = {"name": "Billing", "description": "Bills.", "examples": "The bill is wrong.", "opened": "1"}
    answer = browser.post(f"/themes/{billing.public_id}", data=mine)
    assert answer.status_code == 409
    assert "You changed this theme elsewhere while you wrote" in answer.text


def test_a_wish_older_than_a_colleagues_change_is_not_applied_over_it(
    client: Signed, session: Session, billing: Theme
) -> None:
    ana, ben = client(Role.LEAD, name="Ana Leal"), client(Role.LEAD, name="Ben Okoye")
    mine = {"name": "Billing", "description": "Bills.", "examples": "The bill is wrong.", "opened": "1"}
    press(ben, f"/themes/{billing.public_id}", **mine)
    wish = the_wish(session)
    press(ana, f"/themes/{billing.public_id}", **THEIRS)
    applied(ana, session)
    looked(session)
    page = look_at(ben, wish)
    assert "Somebody changed it meanwhile" in page
    assert ben.post(f"/theme-changes/{wish.public_id}/apply", data={"unseen": "1"}).status_code == 409
    form = ben.get(f"/themes/{billing.public_id}?change={wish.public_id}").text
    assert "Ana Leal changed this theme while you wrote" in form
    assert sentences(form) == ["The bill is wrong.", "It came twice."]
    both = mine | {"examples": "\n".join(sentences(form)), "opened": "2", "change": wish.public_id}
    press(ben, f"/themes/{billing.public_id}", **both)
    session.expire_all()
    looked(session)
    press(ben, f"/theme-changes/{wish.public_id}/apply", seen="2")
    session.expire_all()
    assert (billing.description, len(billing.examples)) == ("Bills.", 2)


def test_the_second_of_two_new_names_is_not_taken_unsaid(
    client: Signed, session: Session, billing: Theme
) -> None:
    kept = {"description": "Money.", "examples": "The bill is wrong.", "opened": "1"}
    press(client(Role.LEAD, name="Ana Leal"), f"/themes/{billing.public_id}", name="Bills", **kept)
    ben = client(Role.LEAD, name="Ben Okoye")
    answer = ben.post(f"/themes/{billing.public_id}", data={"name": "Invoices", **kept})
    assert (answer.status_code, "<ins><bdi>Bills</bdi></ins>" in answer.text) == (409, True)
    assert 'value="Invoices"' in answer.text
    session.expire_all()
    assert billing.name == "Bills"


def test_the_page_of_a_wish_says_what_would_be_written(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    press(
        browser, f"/themes/{billing.public_id}", name="Billing", description="Bills.", examples="It is late."
    )
    looked(session)
    page = look_at(browser, the_wish(session))
    assert "What would be written" in page
    assert "<del><bdi>Money.</bdi></del>" in page
    assert "<del><bdi>The bill is wrong.</bdi></del>" in page
    assert "<ins><bdi>It is late.</bdi></ins>" in page


def test_what_is_kept_as_it_stands_is_no_error(client: Signed, session: Session, billing: Theme) -> None:
    same = {"name": "Billing", "description": "Money.", "examples": "The bill is wrong."}
    page = press(client(Role.LEAD), f"/themes/{billing.public_id}", **same)
    assert "Nothing to change: “Billing” stands as you wrote it." in page
