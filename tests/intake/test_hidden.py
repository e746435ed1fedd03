"""A complaint about a person never reaches, names or is answered by that person."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.accounts.models import Account
from voc.core.principal import Role
from voc.intake.models import Comment, Thread
from voc.intake.rules import could_be, who_is_meant

Client = Callable[..., FlaskClient]


@pytest.fixture
def owner(session: Session) -> User:
    return factories.user(session, Role.AGENT, name="Ana Leal")


@pytest.fixture
def account(session: Session, owner: User) -> Account:
    return factories.account(session, owner_id=owner.id)


@pytest.fixture
def browser(client: Client, account: Account) -> FlaskClient:
    return client(Role.CLIENT_ADMIN, account=account)


def say(browser: FlaskClient, **fields: str) -> str:
    page = browser.post("/say", data={"text": "She shouted at us."} | fields, follow_redirects=True)
    assert page.status_code == 200, page.text
    return page.text


def test_the_deputy_is_named_instead_of_the_hidden_owner(
    browser: FlaskClient, session: Session, account: Account, owner: User, client: Client
) -> None:
    deputy = factories.user(session, Role.AGENT, name="Bo Stand")
    factories.deputy(session, account, deputy)
    receipt = say(browser, hide_from=owner.public_id)
    assert "Bo Stand" in receipt
    assert "Ana Leal" not in receipt
    assert "She shouted" not in client(owner).get("/came-in").text
    assert "She shouted" in client(deputy).get("/came-in").text


def test_a_lead_is_named_when_nobody_else_looks_after_the_client(
    browser: FlaskClient, session: Session, owner: User
) -> None:
    factories.user(session, Role.LEAD, name="Lee Lead")
    assert "Lee Lead" in say(browser, hide_from=owner.public_id)


def test_a_typed_name_finds_the_person_it_means(browser: FlaskClient, session: Session, owner: User) -> None:
    say(browser, hide_name="ana")
    comment = session.scalars(select(Comment)).one()
    assert comment.hidden_from_id == owner.id
    assert comment.hidden_name is None


def test_a_name_we_cannot_place_is_shown_to_leads_only(
    browser: FlaskClient, session: Session, owner: User, client: Client
) -> None:
    factories.user(session, Role.LEAD, name="Zoe Lead")
    receipt = say(browser, hide_name="Ana Lopez")
    assert "Zoe Lead" in receipt  # “Ana Lopez” may mean Ana Leal
    assert session.scalars(select(Thread)).one().hidden_name == "Ana Lopez"
    for role in (Role.EXECUTIVE,):
        assert "She shouted" not in client(role).get("/came-in").text
    assert "She shouted" not in client(owner).get("/came-in").text
    seen = client(Role.LEAD).get("/came-in").text
    assert "She shouted" in seen
    assert "not to be seen by Ana Lopez" in seen


def test_only_people_who_look_after_the_client_can_be_chosen(browser: FlaskClient, session: Session) -> None:
    other = factories.user(session, Role.AGENT)
    page = browser.post("/say", data={"text": "x", "hide_from": other.public_id})
    assert page.status_code == 422
    assert "nobody who looks after you" in page.text


def test_choosing_one_and_typing_another_is_asked_about(browser: FlaskClient, owner: User) -> None:
    page = browser.post("/say", data={"text": "x", "hide_from": owner.public_id, "hide_name": "Bo"})
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Ana Leal", 1), ("ANA  leal", 1), ("Leal", 1), ("Bo", 2), ("Cy", None), ("Dee", 4), ("nobody", None)],
)
def test_a_name_means_the_one_person_it_fits(typed: str, meant: int | None) -> None:
    near = {1: "Ana Leal", 2: "Bo Stand"}
    everyone = near | {3: "Bo Far", 4: "Dee Far", 5: "Cy One", 6: "Cy Two"}
    assert who_is_meant(typed, near, everyone) == meant


def test_two_people_of_one_name_are_nobody_in_particular() -> None:
    assert who_is_meant("Ana Leal", {1: "Ana Leal"}, {1: "Ana Leal", 2: "Ana Leal"}) is None


def test_a_shared_word_may_mean_the_person() -> None:
    assert could_be("Ana Leal", "leal")
    assert not could_be("Bo Stand", "leal")
