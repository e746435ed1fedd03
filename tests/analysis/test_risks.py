"""What people say of risk: raised where the machine missed it, refused where it was wrong, taken back at any time."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.test_comment import label, undo_url
from voc.analysis.models import Label, Reading
from voc.analysis.queries import readings
from voc.analysis.raised import severity_of
from voc.analysis.waiting import number_waiting
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.reports.queries import this_week

Signed = Callable[..., FlaskClient]
LEAVES = {"level": 8, "score": 0.9, "starts_at": 0, "ends_at": 5, "reason": "“We go”: they may leave."}
GERMAN = "Zum Jahresende kündigen wir den Vertrag."


def severity(session: Session, comment: Comment) -> int | None:
    key = (comment.account_id, comment.id)
    shown = readings(session, [key])[key].severity
    return shown.level if shown else None


def severity_in_sums(session: Session, comment: Comment) -> int | None:
    return session.scalar(
        select(severity_of(Comment.account_id, Comment.id))
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(Comment.id == comment.id)
    )


def test_what_no_machine_read_can_be_raised_by_a_person(client: Signed, session: Session) -> None:
    comment = factories.comment(session, text=GERMAN)
    factories.reading(session, comment, read_by_machine=False, language="de")
    browser = client(Role.LEAD, name="Ana")
    page = browser.get(f"/comments/{comment.public_id}").text
    assert re.search(r'value="escalation::yes"[^>]*>Someone senior should see this', page)
    assert re.search(r'value="departure::yes"[^>]*>May leave', page)
    label(browser, comment, "departure::yes")
    assert severity(session, comment) == severity_in_sums(session, comment) == 8
    assert "Gave notice, or may leave · 1" in browser.get("/today?queue=leaving").text
    (owed,) = this_week(session).owed
    assert (owed.one.leaves, owed.one.by_us) == (True, True)


def test_who_takes_on_what_was_raised_empties_the_queue_and_not_leaderships_page(
    client: Signed, session: Session
) -> None:
    comment = factories.comment(session)
    browser = client(Role.LEAD, name="Ana")
    page = label(browser, comment, "escalation::yes")
    assert "Ana says that someone senior should see this." in page
    label(browser, comment, "escalation:taken:yes")
    assert number_waiting(session, "senior") == 0
    assert [shown.one.by_us for shown in this_week(session).owed] == [True]


def test_leadership_reads_what_was_raised_as_written(client: Signed, session: Session) -> None:
    account = factories.account(session)
    person = factories.contact(session, account, name="Petra Novak")
    comment = factories.comment(session, account, contact_id=person.id, text="Petra Novak said no.")
    label(client(Role.LEAD), comment, "escalation::yes")
    assert "Petra Novak said no." in client(Role.EXECUTIVE).get(f"/comments/{comment.public_id}").text


@pytest.mark.parametrize(("hurt", "falls_to"), [(None, None), (2, 2)])
def test_who_is_not_leaving_is_not_hurt_as_if_it_were(
    client: Signed, session: Session, hurt: int | None, falls_to: int | None
) -> None:
    comment = factories.comment(session, hurt=hurt)
    factories.reading(
        session, comment, departure=0.9, severity=8, signals={"severity": LEAVES, "departure": LEAVES}
    )
    browser = client(Role.LEAD)
    page = label(browser, comment, "departure::no")
    assert "may make them leave, sure" not in page
    assert severity(session, comment) == severity_in_sums(session, comment) == falls_to
    assert "<mark" not in page
    browser.post(undo_url(page))
    assert severity_in_sums(session, comment) == (hurt or 8)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (("severity:8:yes", "departure::no"), None),
        (("departure::no", "severity:8:yes"), 8),
        (("departure::yes", "severity:2:yes"), 2),
        (("severity:2:yes", "departure::yes"), 8),
        (("severity:2:yes", "departure::yes", "departure::no"), 2),
        (("departure::yes", "departure:taken:yes", "departure::no"), None),
    ],
)
def test_of_our_peoples_words_on_harm_the_newest_counts_alike_on_pages_and_in_sums(
    client: Signed, session: Session, said: tuple[str, ...], level: int | None
) -> None:
    comment = factories.comment(session)
    factories.reading(session, comment)
    browser = client(Role.LEAD)
    for one in said:
        label(browser, comment, one)
    assert severity(session, comment) == severity_in_sums(session, comment) == level


def test_each_word_can_be_taken_back_at_any_time_from_where_one_is(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    browser = client(Role.LEAD)
    label(browser, comment, "departure::yes")
    page = browser.get(f"/today?queue=leaving&thing={comment.public_id}").text
    (url,) = re.findall(r'action="(/comments/[^"]*/undo)"', page)
    answer = browser.post(url, data={"back": "/today?queue=leaving"})
    assert answer.location == "/today?queue=leaving"
    assert session.scalars(select(Label)).all() == []


@pytest.mark.parametrize(
    "said", ["theme:billing:yes", "theme::yes", "severity:4:yes", "departure::yes", "escalation:taken:yes"]
)
def test_what_is_said_already_is_not_written_again(client: Signed, session: Session, said: str) -> None:
    comment = factories.comment(session, wants_senior=said.startswith("esc"))
    factories.theme(session, key="billing")
    label(client(Role.LEAD), comment, said)
    page = label(client(Role.LEAD), comment, said)
    assert "That is already said." in page
    assert len(session.scalars(select(Label)).all()) == 1


def test_what_was_contradicted_since_can_be_said_again(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    factories.theme(session, key="billing")
    browser = client(Role.LEAD)
    for said in (
        "theme:billing:yes",
        "theme:billing:no",
        "theme:billing:yes",
        "theme::yes",
        "theme:billing:yes",
    ):
        assert "Kept:" in label(browser, comment, said)


def test_taking_back_tells_when_another_said_the_same(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    browser = client(Role.LEAD, name="Ana")
    page = label(browser, comment, "severity:4:yes")
    (first,) = session.scalars(select(Label))
    second = Label(
        account_id=first.account_id, id=first.id + 1, comment_id=first.comment_id, kind="severity", value="4",
        holds=True, by_id=first.by_id, at=first.at,
    )  # fmt: skip
    session.add(second)  # as two tabs wrote it before a word was kept once
    session.flush()
    page = browser.post(undo_url(page), follow_redirects=True).text
    assert "Ana said the same, and that stands." in page


def test_a_no_to_one_theme_does_not_say_that_none_fits(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="access", name="Access")
    comment = factories.comment(session)
    factories.reading(session, comment, themes=(theme,))
    browser = client(Role.LEAD)
    page = label(browser, comment, "theme:access:no")
    assert "Not about Access. What it is about, nobody has said." in page
    assert number_waiting(session, "unsure") == 1
    page = label(browser, comment, "theme::yes")
    assert "<p>None of our themes fits.</p>" in page
    assert number_waiting(session, "unsure") == 0


def test_a_theme_left_beside_a_denied_one_leaves_no_doubt(client: Signed, session: Session) -> None:
    themes = (factories.theme(session, key="access"), factories.theme(session, key="billing"))
    comment = factories.comment(session)
    factories.reading(session, comment, themes=themes)
    label(client(Role.LEAD), comment, "theme:access:no")
    assert number_waiting(session, "unsure") == 0


def test_what_is_not_read_stays_until_somebody_says_what_it_is(client: Signed, session: Session) -> None:
    factories.theme(session, key="access")
    comment = factories.comment(session, text=GERMAN)
    factories.reading(session, comment, read_by_machine=False, language="de")
    browser = client(Role.LEAD)
    for said, waits in (("theme:access:yes", 0), ("theme:access:no", 1), ("theme:access:yes", 0)):
        label(browser, comment, said)
        assert number_waiting(session, "not-read") == waits
