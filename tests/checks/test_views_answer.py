"""A client answers by link or signed in: looking records nothing, a press does, and nobody learns of anybody."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.checks.conftest import BY, Book, later
from tests.conftest import NOW
from voc.checks.models import SAYS, Answer, Ask, Check
from voc.core.config import Settings
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.mail.addresses import rules_of
from voc.mail.links import address_of, link_url, make_link, stop_url
from voc.mail.models import Link

Client = Callable[..., FlaskClient]
STATIC = Path(__file__).parents[2] / "voc" / "web" / "static"
PHONE_KB = 15_000


@pytest.fixture
def check(book: Book) -> Check:
    return book.ask()


@pytest.fixture
def ask(book: Book, check: Check) -> Ask:
    return book.ask_of(check, book.clients[4])


@pytest.fixture
def link(session: Session, ask: Ask) -> Link:
    return session.scalars(select(Link).where(Link.thing == ask.public_id)).one()


@pytest.fixture
def url(link: Link, settings: Settings) -> str:
    return urlsplit(link_url(link, settings)).path


@pytest.fixture
def member(client: Client, session: Session, book: Book, ask: Ask) -> FlaskClient:
    """The person who is asked, signed in."""
    user = factories.user(session)
    factories.membership(session, user, Role.CLIENT_VIEWER, account=book.clients[4])
    book.people[book.clients[4].id].user_id = user.id
    session.flush()
    return client(user)


def answers(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Answer)) or 0


def test_the_page_asks_one_thing_with_five_equal_buttons_in_the_order_of_the_ask(
    visitor: FlaskClient, url: str, ask: Ask
) -> None:
    page = visitor.get(url).text
    shown = re.findall(r'<button class="button" name="says" value="(\w+)"', page)
    assert sorted(shown) == sorted(SAYS)
    assert (shown[0] == "no") is ask.no_first
    assert "Olga Orange" in page
    assert "Leo Lime reads every answer" in page
    assert f"{BY.day}\u00a0{BY:%B}" in page


def test_nothing_of_the_issue_or_of_others_stands_on_a_clients_page(
    visitor: FlaskClient, url: str, book: Book, member: FlaskClient, ask: Ask
) -> None:
    visitor.post(url, data={"says": "problem", "words": "Yes."})
    signed_in = f"/questions/{ask.public_id}"
    pages = [
        visitor.get(url),
        visitor.get(f"{url}/thanks"),
        member.get(signed_in),
        member.get(f"{signed_in}/thanks"),
    ]
    hidden = [
        book.issue.public_id,
        book.issue.name,
        *(one.name for one in book.clients if one is not book.clients[4]),
    ]
    for page in pages:
        assert page.status_code == 200
        assert not [word for word in hidden if word in page.text]
        assert "clients" not in page.text


def test_the_whole_page_with_its_style_stays_under_fifteen_kilobytes(visitor: FlaskClient, url: str) -> None:
    page = visitor.get(url)
    assert "app.js" not in page.text
    assert "app.css" not in page.text
    assert len(page.data) + (STATIC / "answer.css").stat().st_size <= PHONE_KB


def test_every_line_of_the_small_style_is_one_of_the_large() -> None:
    small = (STATIC / "answer.css").read_text(encoding="utf-8").splitlines()[1:]
    large = set((STATIC / "app.css").read_text(encoding="utf-8").splitlines())
    assert [line for line in small if line not in large] == []


def test_looking_however_often_records_nothing(visitor: FlaskClient, url: str, session: Session) -> None:
    for _ in range(3):
        assert visitor.get(url).status_code == 200
        assert visitor.head(url).status_code == 200
        assert visitor.get(f"{url}?says=problem", headers={"Sec-Purpose": "prefetch"}).status_code == 200
        assert visitor.get(f"{url}/thanks").status_code == 200
    assert answers(session) == 0


def test_a_link_of_the_mail_only_marks_an_answer(visitor: FlaskClient, url: str, session: Session) -> None:
    page = visitor.get(f"{url}?says=manages").text
    assert re.search(r'class="button marked" name="says" value="manages" autofocus', page)
    assert "marked" not in visitor.get(f"{url}?says=maybe").text
    assert answers(session) == 0


@pytest.mark.parametrize("says", SAYS)
def test_each_answer_is_kept_and_thanked_with_what_comes_next(
    visitor: FlaskClient, url: str, session: Session, ask: Ask, says: str
) -> None:
    sent = visitor.post(url, data={"says": says})
    assert sent.status_code == 303
    page = visitor.get(sent.headers["Location"]).text
    session.expire_all()
    assert session.get_one(Answer, (ask.account_id, ask.id)).says == says
    has_it = says in {"problem", "manages"}
    assert ("reads it by 11\u00a0May" in page) is has_it
    assert ("will also call you" in page) is (says == "problem")
    assert ("again before 2\u00a0November" in page) is (says in {"no", "not_used"})
    assert ("Who could tell us?" in page) is (says == "cannot_tell")
    assert "until 18\u00a0May" in page


def test_an_answer_can_be_changed_and_stays_one(visitor: FlaskClient, url: str, session: Session) -> None:
    visitor.post(url, data={"says": "no"})
    assert "You answered" in visitor.get(url).text
    visitor.post(url, data={"says": "problem", "words": "It came back <script>alert(1)</script> {{7*7}}"})
    shown = visitor.get(f"{url}/thanks").text
    assert answers(session) == 1
    assert session.scalars(select(Answer)).one().says == "problem"
    assert "&lt;script&gt;" in shown
    assert "{{7*7}}" in shown
    assert session.scalars(select(Comment).where(Comment.source == "answer")).one()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"says": ""},
        {"says": "maybe"},
        {"says": "no", "words": "x" * 10_001},
    ],
)
def test_what_cannot_be_taken_stores_nothing_and_says_why(
    visitor: FlaskClient, url: str, session: Session, fields: dict[str, str]
) -> None:
    page = visitor.post(url, data=fields)
    assert page.status_code == 422
    assert "flash problem" in page.text
    assert answers(session) == 0


def bad(kind: str, url: str, link: Link, settings: Settings) -> str:
    """A link that must not open."""
    token = url.rpartition("/")[2]
    tokens = {
        # Not the last letter: part of it is padding, and says nothing.
        "altered": f"{token[:-5]}{'A' if token[-5] != 'A' else 'B'}{token[-4:]}",
        "cut": token[:-8],
        "of the other purpose": urlsplit(stop_url(link, settings)).path.rpartition("/")[2],
        "of nobody": urlsplit(address_of("answer", "a" * 26, settings)).path.rpartition("/")[2],
        "long": "x" * 5_000,
        "not ascii": "%E2%80%AE" * 9,
    }
    return f"/answer/{tokens[kind]}"


@pytest.mark.parametrize("kind", ["altered", "cut", "of the other purpose", "of nobody", "long", "not ascii"])
def test_a_link_that_is_not_right_shows_the_way_on_and_stores_nothing(
    visitor: FlaskClient, url: str, link: Link, settings: Settings, session: Session, kind: str
) -> None:
    path = bad(kind, url, link, settings)
    for answer in (visitor.get(path), visitor.post(path, data={"says": "no"})):
        assert answer.status_code == 410
        assert "/sign-in" in answer.text
        assert "Olga" not in answer.text
    assert answers(session) == 0


@pytest.mark.parametrize("how", ["expired", "revoked", "closed", "stopped"])
def test_after_its_time_a_link_answers_nothing(
    visitor: FlaskClient, url: str, link: Link, check: Check, session: Session, how: str,
    at: Callable[..., None],
) -> None:  # fmt: skip
    if how == "expired":
        at(later(22))
    if how == "revoked":
        link.revoked_at = NOW
    if how in {"closed", "stopped"}:
        check.state, check.closed_at = how, NOW
        check.closes_at = NOW - timedelta(minutes=1)
    session.flush()
    for answer in (visitor.get(url), visitor.get(f"{url}/thanks"), visitor.post(url, data={"says": "no"})):
        assert answer.status_code in {410, 422}
        assert "/sign-in" in answer.text
    assert answers(session) == 0


def test_ten_wrong_links_are_looked_at_and_no_more(visitor: FlaskClient, url: str) -> None:
    codes = [visitor.get(f"/answer/{'x' * 40}{number}").status_code for number in range(12)]
    assert codes == [410] * 10 + [429] * 2
    assert visitor.get(url).status_code == 200, "the right link still opens"


def test_one_link_cannot_post_for_ever(visitor: FlaskClient, url: str, session: Session) -> None:
    codes = [visitor.post(url, data={"says": "no"}).status_code for _ in range(22)]
    assert codes == [303] * 20 + [429] * 2
    assert answers(session) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)  # fmt: skip
def test_another_site_cannot_answer_in_a_persons_name(
    visitor: FlaskClient, url: str, session: Session, headers: dict[str, str]
) -> None:
    assert visitor.post(url, data={"says": "no"}, headers=headers).status_code == 403
    assert answers(session) == 0


def test_a_script_without_a_browser_answers_nothing(visitor: FlaskClient, url: str, session: Session) -> None:
    del visitor.environ_base["HTTP_SEC_FETCH_SITE"]
    assert visitor.post(url, data={"says": "no"}).status_code == 403
    assert answers(session) == 0


def test_it_can_be_passed_to_a_colleague(visitor: FlaskClient, url: str, session: Session, ask: Ask) -> None:
    wrong = visitor.post(f"{url}/pass-on", data={"name": "Col League", "email": "x"})
    assert wrong.status_code == 422
    assert 'value="Col League"' in wrong.text
    sent = visitor.post(f"{url}/pass-on", data={"name": "Col League", "email": "col@client4.example"})
    assert sent.status_code == 303
    assert "ask your colleague instead" in visitor.get(sent.headers["Location"]).text
    session.expire_all()
    assert session.get_one(Ask, (ask.account_id, ask.id)).state == "passed"
    assert session.scalars(select(Ask).where(Ask.passed_from_id == ask.id)).one().how == "mail"


def test_not_you_takes_the_question_away(visitor: FlaskClient, url: str, session: Session, ask: Ask) -> None:
    sent = visitor.post(f"{url}/not-me")
    assert "took you off this question" in visitor.get(sent.headers["Location"]).text
    page = visitor.get(url)
    assert page.status_code == 410
    assert "not yours any more" in page.text
    assert visitor.post(url, data={"says": "no"}).status_code in {410, 422}
    assert answers(session) == 0


def test_do_not_ask_me_again_is_asked_once_more_kept_and_undone(
    visitor: FlaskClient, link: Link, settings: Settings, session: Session, book: Book, ask: Ask
) -> None:
    url, person = urlsplit(stop_url(link, settings)).path, book.people[book.clients[4].id]
    assert "Nothing happens until you press" in visitor.get(url).text
    visitor.head(url)
    assert not rules_of(session, [person.email or ""])
    assert "We do not ask you again" in visitor.post(url, follow_redirects=True).text
    session.expire_all()
    assert "no_questions" in rules_of(session, [person.email or ""])[person.email_key or ""]
    assert session.get_one(Ask, (ask.account_id, ask.id)).state == "opted_out"
    assert "Shall we stop asking you?" in visitor.post(f"{url}/undo", follow_redirects=True).text
    session.expire_all()
    assert not rules_of(session, [person.email or ""])
    assert session.get_one(Ask, (ask.account_id, ask.id)).state == "asked"
    assert book.state(book.clients[4]) == "waiting"


def test_stop_asking_opens_from_any_mail_and_not_with_another_link(
    visitor: FlaskClient, url: str, session: Session, book: Book, settings: Settings
) -> None:
    person = book.people[book.clients[5].id]
    other = make_link(
        session, purpose="point", account_id=person.account_id, contact_id=person.id, thing="x" * 26,
        expires_at=later(1),
    )  # fmt: skip
    path = urlsplit(stop_url(other, settings)).path
    assert visitor.post(path, follow_redirects=True).status_code == 200
    session.expire_all()
    assert not person.may_be_asked
    token = url.rpartition("/")[2]
    assert visitor.post(f"/stop-asking/{token}").status_code == 410


def test_signed_in_it_is_the_same_page_on_the_first_page_too(
    member: FlaskClient, ask: Ask, session: Session
) -> None:
    assert "A question for you" in member.get("/points").text
    page = member.get(f"/questions/{ask.public_id}")
    assert len(re.findall('name="says"', page.text)) == 5
    sent = member.post(
        f"/questions/{ask.public_id}", data={"says": "no", "words": "Never."}, follow_redirects=True
    )
    assert "Thank you, we have your answer" in sent.text
    assert answers(session) == 1
    assert "A question for you" not in member.get("/points").text
    assert member.post(f"/questions/{ask.public_id}", data={"says": "x"}).status_code == 422


def test_signed_in_one_can_pass_it_refuse_it_or_stop_it(
    member: FlaskClient, ask: Ask, book: Book, session: Session
) -> None:
    page = f"/questions/{ask.public_id}"
    assert "Shall we stop" in member.get(f"{page}/stop-asking").text
    assert "We do not ask you again" in member.post(f"{page}/stop-asking", follow_redirects=True).text
    assert "Shall we stop" in member.post(f"{page}/stop-asking/undo", follow_redirects=True).text
    passed = member.post(f"{page}/pass-on", data={"name": "Col League"}, follow_redirects=True)
    assert "We ask Col League instead" in passed.text
    assert member.post(f"{page}/not-me", follow_redirects=True).status_code == 200


def test_a_colleague_and_another_client_do_not_find_it(
    client: Client, book: Book, ask: Ask, session: Session
) -> None:
    colleague = client(Role.CLIENT_ADMIN, account=book.clients[4])
    stranger = client(Role.CLIENT_ADMIN, account=book.clients[5])
    for browser in (colleague, stranger):
        for path in ("", "/thanks", "/stop-asking"):
            assert browser.get(f"/questions/{ask.public_id}{path}").status_code == 404
        assert browser.post(f"/questions/{ask.public_id}", data={"says": "no"}).status_code == 404
    assert answers(session) == 0


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.EXECUTIVE, Role.ADMIN])
def test_none_of_our_people_answers_on_a_clients_page(client: Client, ask: Ask, role: Role) -> None:
    assert client(role).post(f"/questions/{ask.public_id}", data={"says": "no"}).status_code == 403
