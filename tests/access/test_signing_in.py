"""People come in by password or link, stay for a while, and go out for good (acceptance.md S1, S4, S7, B28 to B31)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW, new_browser
from voc.access import passwords
from voc.access.models import Audit, User, UserSession
from voc.access.service import deactivate, give_role, make_signin_link, set_password
from voc.core.errors import Invalid
from voc.core.principal import Role

GOOD = "four plain words here"
Clock = Callable[[datetime], None]


@pytest.fixture
def person(session: Session) -> User:
    found = factories.user(session, Role.ADMIN, name="Ana Field", email_key="ana@example.org")
    set_password(session, found, GOOD)
    return found


def sign_in(browser: FlaskClient, password: str = GOOD, **fields: str) -> int:
    return browser.post(
        "/sign-in", data={"email": " Ana@Example.org ", "password": password} | fields
    ).status_code


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/tokens/").status_code == 200


def test_a_right_password_lets_in_with_a_new_cookie(visitor: FlaskClient, person: User) -> None:
    visitor.set_cookie("voc", "planted-by-somebody", domain="localhost")
    assert sign_in(visitor) == 303
    cookie = visitor.get_cookie("voc")
    assert cookie is not None
    assert cookie.value != "planted-by-somebody"
    assert is_in(visitor)


@pytest.mark.parametrize(
    "fields", [{"password": "wrong"}, {"email": "nobody@example.org"}, {"email": ""}, {"password": "x" * 500}]
)
def test_wrong_and_unknown_look_the_same(visitor: FlaskClient, person: User, fields: dict[str, str]) -> None:
    answer = visitor.post("/sign-in", data={"email": "ana@example.org", "password": GOOD} | fields)
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert not is_in(visitor)


def test_an_unknown_person_costs_a_hash_too(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        passwords, "verify", lambda stored, _password: asked.append(stored) or passwords.Verdict(opens=False)
    )
    visitor.post("/sign-in", data={"email": "nobody@example.org", "password": GOOD})
    assert asked == [None]


def test_no_password_opens_nothing() -> None:
    assert not passwords.verify(None, "nobody has this password").opens


def test_the_sixth_try_must_wait_and_the_owner_elsewhere_need_not(
    app: APIFlask, visitor: FlaskClient, person: User
) -> None:
    assert [sign_in(visitor, "wrong") for _ in range(6)] == [422] * 5 + [429]
    assert sign_in(visitor) == 429
    elsewhere = new_browser(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "10.0.0.7"
    assert sign_in(elsewhere) == 303


def test_waiting_helps(visitor: FlaskClient, person: User, at: Clock) -> None:
    for _ in range(6):
        sign_in(visitor, "wrong")
    at(NOW + timedelta(minutes=16))
    assert sign_in(visitor) == 303


def test_a_session_rests_30_minutes_at_most(visitor: FlaskClient, person: User, at: Clock) -> None:
    sign_in(visitor)
    at(NOW + timedelta(minutes=29))
    assert is_in(visitor)
    at(NOW + timedelta(minutes=58))
    assert is_in(visitor)
    at(NOW + timedelta(minutes=89))
    assert not is_in(visitor)


def test_a_session_lasts_8_hours_at_most(visitor: FlaskClient, person: User, at: Clock) -> None:
    sign_in(visitor)
    for number in range(1, 20):
        at(NOW + timedelta(minutes=25 * number))
        assert is_in(visitor) is (25 * number < 480)


def test_signing_out_ends_the_session_itself(app: APIFlask, visitor: FlaskClient, person: User) -> None:
    sign_in(visitor)
    cookie = visitor.get_cookie("voc")
    assert cookie is not None
    visitor.post("/sign-out")
    thief = new_browser(app)
    thief.set_cookie("voc", cookie.value, domain="localhost")
    assert not is_in(thief)


def test_leaving_and_a_new_role_end_every_session(
    visitor: FlaskClient, session: Session, person: User
) -> None:
    sign_in(visitor)
    give_role(session, person, Role.LEAD)
    assert not is_in(visitor)
    sign_in(visitor)
    deactivate(session, person)
    assert not is_in(visitor)
    assert sign_in(visitor) == 422


def test_a_new_password_ends_other_browsers_and_keeps_this_one(
    app: APIFlask, visitor: FlaskClient, person: User
) -> None:
    other = new_browser(app)
    sign_in(visitor)
    sign_in(other)
    sent = {"current": GOOD, "password": "another four plain words"}
    assert visitor.post("/password", data=sent).status_code == 303
    assert is_in(visitor)
    assert not is_in(other)


def test_the_password_now_is_asked_for_and_counted(visitor: FlaskClient, person: User) -> None:
    sign_in(visitor)
    sent = {"current": "wrong", "password": "another four plain words"}
    assert [visitor.post("/password", data=sent).status_code for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.parametrize(
    "weak", ["short", "password123", "aaaaaaaaaaaa", "abcdefghij", "ana2024", "anafield", "x" * 129]
)
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_new(weak, about=("ana", "Field"))


def test_hashes_are_argon2id_of_19_mib() -> None:
    assert passwords.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def link_for(session: Session, person: User, **wanted: timedelta) -> str:
    return make_signin_link(session, person, public_url="http://localhost", **wanted).removeprefix(
        "http://localhost"
    )


def test_a_link_is_spent_by_the_button_and_not_by_looking(
    app: APIFlask, visitor: FlaskClient, session: Session, person: User
) -> None:
    link = link_for(session, person)
    for _ in range(5):
        assert visitor.get(link).status_code == 200
        assert visitor.head(link).status_code == 200
    assert not is_in(visitor)
    assert visitor.post(link).status_code == 303
    assert is_in(visitor)
    assert new_browser(app).post(link).status_code == 410


def test_an_old_a_changed_and_a_closed_persons_link_open_nothing(
    visitor: FlaskClient, session: Session, person: User, at: Clock
) -> None:
    link, later = link_for(session, person), link_for(session, person, lasts=timedelta(days=30))
    assert visitor.post(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 410
    at(NOW + timedelta(minutes=31))
    assert visitor.post(link).status_code == 410
    deactivate(session, person)
    assert visitor.post(later).status_code == 410


def test_guessing_links_must_wait(visitor: FlaskClient) -> None:
    statuses = [visitor.post(f"/sign-in/{'g' * 42}{number % 10}").status_code for number in range(12)]
    assert statuses == [410] * 10 + [429] * 2


def test_acts_leave_their_trail(visitor: FlaskClient, session: Session, person: User) -> None:
    sign_in(visitor, "wrong")
    sign_in(visitor)
    found = session.execute(select(Audit.act, Audit.user_id, Audit.came_from).order_by(Audit.id)).all()[-2:]
    assert [tuple(row) for row in found] == [
        ("session.refuse", None, "127.0.0.1"),
        ("session.begin", person.id, "127.0.0.1"),
    ]


def test_only_hashes_are_stored(visitor: FlaskClient, session: Session, person: User) -> None:
    sign_in(visitor)
    cookie = visitor.get_cookie("voc")
    assert cookie is not None
    assert session.scalar(select(func.count()).where(UserSession.token_hash == cookie.value)) == 0
