"""One comment's page, and a person's word on its reading."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import Audit
from voc.analysis.models import Label
from voc.analysis.queries import readings
from voc.core.principal import Role
from voc.db.work import Work
from voc.intake.models import Comment
from voc.jobs import READ, QuietDoorbell

Signed = Callable[..., FlaskClient]
PROPOSED = {"level": 1, "score": 0.8, "starts_at": 0, "ends_at": 7, "reason": "“We quit”: they may leave."}


def undo_url(page: str) -> str:
    found = re.search(r'action="([^"]*/undo[^"]*)"', page)
    assert found
    return found.group(1).replace("&amp;", "&")


def label(browser: FlaskClient, comment: Comment, value: str, **more: str) -> str:
    url = f"/comments/{comment.public_id}/labels"
    answer = browser.post(url, data={"label": value, **more}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def shown_themes(session: Session, comment: Comment) -> list[str]:
    key = (comment.account_id, comment.id)
    return [theme.key for theme in readings(session, [key])[key].themes]


def test_the_page_shows_words_evidence_and_reason(client: Signed, session: Session) -> None:
    comment = factories.comment(session, text="We quit <b>today</b>.")
    theme = factories.theme(session, name="Contract")
    factories.reading(session, comment, themes=(theme,), departure=0.8, signals={"departure": PROPOSED})
    page = client(Role.LEAD).get(f"/comments/{comment.public_id}").text
    assert '<mark title="“We quit”: they may leave.">We quit<sup class="ref">' in page
    assert '<span class="ref"><span class="sr">reason </span>1</span> “We quit”: they may leave.' in page
    assert "&lt;b&gt;today" in page
    assert "<b>Contract</b>, sure." in page
    assert "May this client leave?" in page


def test_one_key_gives_a_theme_and_undo_puts_back_what_stood_before(client: Signed, session: Session) -> None:
    comment, theme = factories.comment(session), factories.theme(session, key="billing", name="Billing")
    factories.reading(session, comment)
    browser = client(Role.LEAD)
    assert 'data-key="1"' in browser.get(f"/comments/{comment.public_id}").text
    page = label(browser, comment, "theme:billing:yes")
    assert "Kept: it is about Billing." in page
    assert shown_themes(session, comment) == [theme.key]
    assert browser.post(undo_url(page)).status_code == 303
    assert shown_themes(session, comment) == []
    assert session.scalar(select(func.count()).select_from(Label)) == 0
    kept = session.scalar(select(Audit).where(Audit.act == "comment.take_back"))
    assert kept is not None
    assert kept.detail["value"] == "billing"


def test_undo_pressed_twice_takes_back_once(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    factories.theme(session, key="billing")
    browser = client(Role.LEAD)
    label(browser, comment, "theme:billing:yes")
    undo = undo_url(label(browser, comment, "theme:billing:no"))
    browser.post(undo)
    browser.post(undo)
    assert shown_themes(session, comment) == ["billing"]


def test_none_of_these_empties_the_queue_of_doubts(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    factories.reading(session, comment)
    browser = client(Role.LEAD)
    assert "Not sure of theme · 1" in browser.get("/today").text
    label(browser, comment, "theme::yes")
    page = browser.get("/today?queue=unsure").text
    assert "Nothing is owed just now" in page
    assert "1 theme corrected" in page


def test_severity_is_corrected_and_said(client: Signed, session: Session) -> None:
    comment = factories.comment(session, hurt=2)
    factories.reading(session, comment)
    assert "Kept: it stops their work." in label(client(Role.LEAD, name="Ana"), comment, "severity:4:yes")
    key = (comment.account_id, comment.id)
    found = readings(session, [key])[key].severity
    assert found is not None
    assert (found.level, found.reason) == (4, "Ana says so")


def test_a_denied_proposal_leaves_the_list_and_goes_on_to_the_next(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    factories.reading(session, comment, departure=0.8, signals={"departure": PROPOSED}, unsure=False)
    browser = client(Role.LEAD)
    page = label(browser, comment, "departure::no", back="/today?queue=perhaps-leaving")
    assert "not leaving over this" in page
    assert "<h1>Today</h1>" in page
    assert "clients who may leave looked after" not in page
    assert "1 client who may leave looked after" in page


def test_what_a_client_declared_cannot_be_denied(client: Signed, session: Session) -> None:
    comment = factories.comment(session, wants_senior=True)
    answer = client(Role.LEAD).post(f"/comments/{comment.public_id}/labels", data={"label": "escalation::no"})
    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Label)) == 0


@pytest.mark.parametrize(
    "value", ["", "theme", "theme:unknown:yes", "severity:3:yes", "nonsense::yes", "severity:4"]
)
def test_what_no_button_sends_is_refused(client: Signed, session: Session, value: str) -> None:
    comment = factories.comment(session)
    answer = client(Role.LEAD).post(f"/comments/{comment.public_id}/labels", data={"label": value})
    assert answer.status_code == 422


def test_a_way_back_to_another_site_is_not_taken(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    answer = client(Role.LEAD).post(
        f"/comments/{comment.public_id}/labels", data={"label": "severity:4:yes", "back": "//evil.example/"}
    )
    assert answer.location == f"/comments/{comment.public_id}"


def test_what_was_set_aside_can_be_read_and_tried_again(
    client: Signed, session: Session, doorbell: QuietDoorbell
) -> None:
    comment = factories.comment(session, text="Odd words that fail.")
    keys = {"account_id": comment.account_id, "comment_id": comment.id}
    session.add(Work(**keys, stage="read", tries=3, set_aside=True, error="ValueError: odd"))
    session.flush()
    browser = client(Role.LEAD)
    page = browser.get("/today").text
    assert "Odd words that fail." in page
    assert "ValueError: odd" in page
    assert browser.post(f"/comments/{comment.public_id}/try-again").status_code == 303
    session.expire_all()
    work = session.get_one(Work, (comment.account_id, comment.id, "read"))
    assert (work.set_aside, work.tries) == (False, 0)


def test_others_see_no_names_and_no_numbers(client: Signed, session: Session) -> None:
    account, other = (
        factories.account(session, name="Beryl Foods"),
        factories.account(session, name="Kestrel Oil"),
    )
    person = factories.contact(session, account, name="Petra Novak")
    text = "Call Petra Novak of Beryl Foods on 555, as Kestrel Oil does."
    comment = factories.comment(session, account, contact_id=person.id, text=text)
    factories.reading(session, comment, masks=[[text.index("555"), text.index("555") + 3, "phone"]])
    page = client(Role.LEAD).get(f"/comments/{comment.public_id}?as=others").text
    assert "Call [name] of [name] on [phone], as [name] does." in page
    assert "Petra" not in page
    assert other.name not in page


@pytest.mark.parametrize(
    ("kind", "words"), [("comment", "[name] said no."), ("escalation", "Petra Novak said no.")]
)
def test_an_executive_reads_escalations_as_written_and_others_masked(
    client: Signed, session: Session, kind: str, words: str
) -> None:
    account = factories.account(session, name="Beryl Foods")
    person = factories.contact(session, account, name="Petra Novak")
    comment = factories.comment(
        session, account, contact_id=person.id, text="Petra Novak said no.", kind=kind
    )
    factories.reading(session, comment)
    browser = client(Role.EXECUTIVE)
    page = browser.get(f"/comments/{comment.public_id}").text
    assert words in page
    assert "Beryl Foods" in page
    assert ("Petra" in page) is (kind == "escalation")
    assert "data-key" not in page
    assert ("Petra" in browser.get("/comments").text) is (kind == "escalation")
    assert (
        browser.post(f"/comments/{comment.public_id}/labels", data={"label": "severity:4:yes"}).status_code
        == 403
    )


def test_what_a_client_calls_praise_hurts_nobody_on_a_machines_word(client: Signed, session: Session) -> None:
    signal = PROPOSED | {"level": 2, "reason": "“The door”: sounds as if it costs them time or work."}
    praise, other = (
        factories.comment(session, text="The door, in an hour.", kind=kind) for kind in ("praise", "comment")
    )
    for comment in (praise, other):
        factories.reading(session, comment, severity=2, signals={"severity": signal})
    browser = client(Role.LEAD)
    pages = [browser.get(f"/comments/{comment.public_id}").text for comment in (praise, other)]
    assert ["sounds as if it costs" in page for page in pages] == [False, True]
    label(browser, praise, "severity:4:yes")
    shown = readings(session, [(praise.account_id, praise.id)])[praise.account_id, praise.id].severity
    assert shown is not None
    assert shown.level == 4


def test_an_executive_sees_which_masked_words_a_reason_means(client: Signed, session: Session) -> None:
    account = factories.account(session, name="Beryl Foods")
    person = factories.contact(session, account, name="Petra Novak")
    text = "Petra Novak said: we quit, says Petra Novak."
    comment = factories.comment(session, account, contact_id=person.id, text=text)
    signal = PROPOSED | {"starts_at": text.index("we quit"), "ends_at": text.index(", says")}
    factories.reading(session, comment, departure=0.8, signals={"departure": signal})
    page = client(Role.EXECUTIVE).get(f"/comments/{comment.public_id}").text
    assert '[name] said: <mark title="“We quit”: they may leave.">we quit<sup class="ref">' in page
    assert "Petra" not in page
    outside = client(Role.EXECUTIVE).get(f"/comments/{comment.public_id}?as=others").text
    assert "we quit" in outside
    assert "<mark" not in outside


def test_the_list_of_a_theme_holds_what_was_counted(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="billing", name="Billing")
    seen, added = (
        factories.comment(session, text="Seen by machine."),
        factories.comment(session, text="Added."),
    )
    factories.reading(session, seen, themes=(theme,))
    browser = client(Role.LEAD)
    label(browser, added, "theme:billing:yes")
    label(browser, seen, "theme:billing:no")
    lists = {by: browser.get(f"/comments?theme=billing&by={by}").text for by in ("machine", "added", "taken")}
    assert ["Seen by machine." in lists[by] for by in lists] == [True, False, True]
    assert ["Added." in lists[by] for by in lists] == [False, True, False]


def test_an_unknown_theme_or_page_is_refused(client: Signed) -> None:
    browser = client(Role.LEAD)
    assert browser.get("/comments?theme=nothing").status_code == 404
    assert browser.get("/comments?by=magic").status_code == 404
    assert browser.get("/comments?page=x").status_code == 422


def test_ringing_follows_the_commit(client: Signed, session: Session, doorbell: QuietDoorbell) -> None:
    comment = factories.comment(session)
    keys = {"account_id": comment.account_id, "comment_id": comment.id}
    session.add(Work(**keys, stage="read", tries=3, set_aside=True))
    session.flush()
    client(Role.LEAD).post(f"/comments/{comment.public_id}/try-again")
    assert doorbell.rung == [READ]


def test_a_masked_sender_is_not_an_unknown_one(client: Signed, session: Session) -> None:
    account = factories.account(session)
    contact = factories.contact(session, account, name="Ada Byron", role="Theatre manager")
    known = factories.comment(session, account, contact_id=contact.id)
    unknown = factories.comment(session, account)
    executive = client(Role.EXECUTIVE)
    page = executive.get(f"/comments/{known.public_id}").text
    assert "<bdi>Theatre manager</bdi> (name masked)" in page
    assert "We do not know who" not in page
    assert "We do not know who" in executive.get(f"/comments/{unknown.public_id}").text
    others = client(Role.LEAD).get(f"/comments/{known.public_id}?as=others").text
    assert "One of their people (name masked)" in others


def test_a_comment_leads_back_to_where_it_was_opened_and_stays_so(client: Signed, session: Session) -> None:
    comment = factories.comment(session)
    lead, path = client(Role.LEAD), f"/comments/{comment.public_id}"
    came = {"Referer": "http://localhost/issues/not-grouped?page=2"}
    page = lead.get(path, headers=came).text
    assert '<p class="crumb"><a href="/issues/not-grouped?page=2">' in page
    assert f'value="{path}?from=/issues/not-grouped?page%3D2"' in page.replace("%2F", "/").replace("%3F", "?")
    again = lead.get(path, query_string={"from": "/issues/not-grouped?page=2"}).text
    assert '<p class="crumb"><a href="/issues/not-grouped?page=2">' in again
    assert '<p class="crumb"><a href="/comments">' in lead.get(path).text
    assert '<p class="crumb"><a href="/comments">' in lead.get(f"{path}?from=//evil.example/today").text


def test_very_long_words_scroll_within(client: Signed, session: Session) -> None:
    comment = factories.comment(session, text="A line.\n" * 1000)
    page = client(Role.LEAD).get(f"/comments/{comment.public_id}").text
    assert 'class="long"' in page
    assert "8,000 characters" in page
