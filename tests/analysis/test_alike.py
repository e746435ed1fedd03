"""Comments that say much the same stand together, and one act settles those that are ticked; undone as a whole."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.access.models import Audit
from voc.accounts.models import Account
from voc.analysis import labels
from voc.analysis.alike import keeping
from voc.analysis.alike.keeping import Heap
from voc.analysis.alike.queries import LISTED, kinds, totals
from voc.analysis.models import AlikeComment, Label, Reading, Theme
from voc.analysis.waiting import number_waiting, unsure
from voc.core.errors import Invalid, NotFound
from voc.core.principal import SYSTEM, Principal, Role
from voc.db.scope import open_for
from voc.db.session import Database
from voc.intake.models import Comment

Signed = Callable[..., FlaskClient]


def alike(
    session: Session, *said: Comment, words: Sequence[str] = ("gate",), theme: Theme | None = None
) -> tuple[Comment, ...]:
    """As the worker keeps them: these say much the same."""
    keys = tuple((one.account_id, one.id) for one in said)
    near = ((theme.id, 0.8),) if theme is not None else ()
    keeping.keep_heaps(session, [Heap(keys, tuple(words), "The gate stays shut", near)], NOW)
    return said


def asked(session: Session, account: Account | None = None, **wanted: Any) -> Comment:
    """A comment of a theme that the machine does not know."""
    comment = factories.comment(session, account, **({"text": "The gate stays shut."} | wanted))
    factories.reading(session, comment)
    return comment


def gates(session: Session, theme: Theme | None = None) -> tuple[Comment, ...]:
    """Three that are alike."""
    return alike(
        session, *(asked(session, text=f"The gate stays shut, number {at}.") for at in range(3)), theme=theme
    )


def give(browser: FlaskClient, said: Sequence[Comment], label: str) -> str:
    sent = {"comments": [one.public_id for one in said], "label": label, "back": "/today?queue=unsure"}
    answer = browser.post("/today/alike", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def undo_url(page: str) -> str:
    found = re.search(r'action="([^"]*/undo[^"]*)"', page)
    assert found
    return found.group(1).replace("&amp;", "&")


def test_they_are_one_line_that_says_what_they_share(client: Signed, session: Session) -> None:
    gates(session, factories.theme(session, key="access", name="Access"))
    asked(session, text="Something else.")
    page = client(Role.LEAD).get("/today?queue=unsure").text
    assert "Not sure of theme · 4 comments, 1 kind and 1 by itself" in page
    assert "3 alike, 3 clients" in page
    assert "They say “<bdi>gate</bdi>”" in page
    assert page.count('type="checkbox" name="comments"') == 3
    assert 'value="theme:access:yes" data-key="y">All about Access' in page
    assert "most comments that are like these have that theme" in page


def test_one_act_settles_all_and_one_press_takes_it_back(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="access", name="Access")
    said, browser = gates(session, theme), client(Role.LEAD)
    page = give(browser, said, "theme:access:yes")
    assert "Kept for 3 comments: Access." in page
    assert number_waiting(session, "unsure") == 0
    assert session.scalar(select(func.count(Audit.id)).where(Audit.act == "comment.theme")) == 3
    back = browser.post(undo_url(page), follow_redirects=True).text
    assert "Taken back for 3 comments." in back
    assert number_waiting(session, "unsure") == 3
    assert session.scalar(select(func.count(Audit.id)).where(Audit.act == "comment.take_back")) == 3
    assert "That was taken back before." in browser.post(undo_url(page), follow_redirects=True).text


def test_what_is_not_ticked_stays(client: Signed, session: Session) -> None:
    said = gates(session)
    factories.theme(session, key="access", name="Access")
    give(client(Role.LEAD), said[:2], "theme:access:yes")
    assert number_waiting(session, "unsure") == 1


def test_none_of_our_themes_fits_all_of_them(client: Signed, session: Session) -> None:
    page = give(client(Role.LEAD), gates(session), "theme::yes")
    assert "Kept for 3 comments: none of our themes fits." in page
    assert set(session.scalars(select(Label.value))) == {""}


def test_a_second_press_changes_nothing_and_says_so(client: Signed, session: Session) -> None:
    factories.theme(session, key="access", name="Access")
    said, browser = gates(session), client(Role.LEAD)
    give(browser, said, "theme:access:yes")
    page = give(browser, said, "theme:access:yes")
    assert "Nothing was changed. 3 were settled before you pressed and stay so." in page
    assert "/undo" not in page
    assert session.scalar(select(func.count(Label.id))) == 3


def test_what_a_colleague_settled_meanwhile_stays_and_the_rest_goes_through(
    client: Signed, session: Session
) -> None:
    for key in ("access", "billing"):
        factories.theme(session, key=key, name=key.title())
    said = gates(session)
    give(client(Role.LEAD), said[:1], "theme:billing:yes")
    page = give(client(Role.LEAD), said, "theme:access:yes")
    assert "Kept for 2 comments: Access." in page
    assert "1 was settled before you pressed and stays so." in page
    assert sorted(session.scalars(select(Label.value))) == ["access", "access", "billing"]


def test_what_is_gone_is_said(client: Signed, session: Session) -> None:
    said = gates(session)
    sent = {"comments": [said[0].public_id, "gone"], "label": "theme::yes"}
    page = client(Role.LEAD).post("/today/alike", data=sent, follow_redirects=True).text
    assert "Kept for 1 comment" in page
    assert "1 is no longer here." in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"label": "theme::yes"}, "tick at least one comment first"), ({"comments": "x"}, "choose a theme from the list first")],
)  # fmt: skip
def test_without_a_tick_or_a_theme_nothing_is_done(
    client: Signed, session: Session, sent: dict[str, str], words: str
) -> None:
    gates(session)
    assert words in client(Role.LEAD).post("/today/alike", data=sent, follow_redirects=True).text


@pytest.mark.parametrize("label", ["theme:nonsense:yes", "severity:8:yes", "theme::no", "odd"])
def test_what_no_page_of_ours_sends_is_refused(client: Signed, session: Session, label: str) -> None:
    said = gates(session)
    sent = {"comments": [said[0].public_id], "label": label}
    assert client(Role.LEAD).post("/today/alike", data=sent).status_code == 422
    assert session.scalar(select(func.count(Label.id))) == 0


def test_more_than_a_page_lists_is_refused(client: Signed) -> None:
    sent = {"comments": [f"c{at}" for at in range(LISTED + 1)], "label": "theme::yes"}
    assert client(Role.LEAD).post("/today/alike", data=sent).status_code == 422


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ADMIN, Role.CLIENT_ADMIN])
def test_only_who_may_do_it_for_one_may_do_it_for_many(client: Signed, session: Session, role: Role) -> None:
    said = gates(session)
    sent = {"comments": [one.public_id for one in said], "label": "theme::yes"}
    assert client(role).post("/today/alike", data=sent).status_code == 403
    assert client(role).post("/today/alike/x/undo").status_code == 403


def test_an_agent_sees_and_settles_only_their_own_clients(client: Signed, session: Session) -> None:
    mine, agent = factories.account(session, name="Mine Ltd"), factories.user(session, Role.AGENT)
    factories.deputy(session, mine, agent)
    own = [asked(session, mine, text=f"The gate is shut, {at}.") for at in range(2)]
    other = asked(session, factories.account(session, name="Other Ltd"), text="The secret gate is shut.")
    alike(session, *own, other, words=("secret gate", "gate"))
    browser = client(agent)
    page = browser.get("/today?queue=unsure").text
    assert "2 alike, 1 client" in page
    assert "Other Ltd" not in page
    assert "secret" not in page
    assert "1 is no longer here." in give(browser, [own[0], other], "theme::yes")
    assert (
        browser.post("/today/alike", data={"comments": other.public_id, "label": "theme::yes"}).status_code
        == 404
    )
    assert set(session.scalars(select(Label.comment_id))) == {own[0].id}


def test_a_kind_that_was_compared_anew_or_settled_is_still_found(client: Signed, session: Session) -> None:
    said, browser = gates(session), client(Role.LEAD)
    here = f"/today?queue=unsure&thing=alike-{said[1].public_id}"
    alike(session, *said, words=("shut",))
    assert "They say “<bdi>shut</bdi>”" in browser.get(here).text
    give(browser, said, "theme::yes")
    assert "These are settled" in browser.get(here).text
    keeping.keep_alone(session, [(said[1].account_id, said[1].id)], NOW)
    assert "The gate stays shut, number 1." in browser.get(here).text


def test_what_hurts_most_clients_most_comes_first_and_one_client_counts_once(session: Session) -> None:
    loud = factories.account(session)
    nice = alike(session, *(asked(session, text=f"Lovely gate {at}") for at in range(5)), words=("lovely",))
    often = alike(session, *(asked(session, loud, hurt=4) for _ in range(5)), words=("often",))
    wide = alike(session, *(asked(session, hurt=2) for _ in range(3)), words=("wide",))
    senior = alike(session, *(asked(session, wants_senior=True) for _ in range(2)), words=("senior",))
    found = kinds(session, unsure(session), None, limit=9)
    firsts = [one.said[0].public_id for one in found]
    assert [sum(one.public_id in firsts for one in some) for some in (senior, wide, often, nice)] == [1] * 4
    assert [(one.number, one.clients) for one in found] == [(2, 2), (3, 3), (5, 1), (5, 5)]


def test_what_people_took_back_presses_no_more(session: Session) -> None:
    lead = factories.user(session, Role.LEAD)
    open_for(session, Principal(kind="user", user_id=lead.id, account_ids=None, roles=frozenset({Role.LEAD})))
    said = [asked(session) for _ in range(2)]
    for one in said:
        reading = session.scalars(select(Reading).where(Reading.comment_id == one.id)).one()
        reading.departure = reading.escalation = 0.9
    alike(session, *said)
    wide = alike(session, *(asked(session, hurt=4) for _ in range(3)), words=("wide",))

    def found() -> list[tuple[int, list[str]]]:
        shown = kinds(session, unsure(session), None, limit=9)
        return [(one.number, sorted(line.sign for line in one.said)) for one in shown]

    assert found()[0] == (2, ["may leave?"] * 2)
    labels.settle_risk(session, said[0].public_id, "departure", holds=False)
    assert found()[0] == (2, ["may leave?", "someone senior?"])
    for one in said:
        for kind in ("departure", "escalation"):
            labels.settle_risk(session, one.public_id, kind, holds=False)
    assert [number for number, _ in found()] == [len(wide), 2]
    assert found()[1][1] == ["", ""]


def test_of_a_large_kind_those_listed_are_said_and_the_others_come_up_later(
    client: Signed, session: Session
) -> None:
    alike(session, *(asked(session) for _ in range(LISTED + 2)))
    page = client(Role.LEAD).get("/today?queue=unsure").text
    assert page.count('name="comments"') == LISTED
    assert "the other 2 come up when these are settled" in page


def test_one_left_over_is_no_kind(session: Session) -> None:
    said = gates(session)
    lead = factories.user(session, Role.LEAD)
    open_for(session, Principal(kind="user", user_id=lead.id, account_ids=None, roles=frozenset({Role.LEAD})))
    assert totals(session, unsure(session)) == (1, 3)
    labels.give_theme(session, [one.public_id for one in said[:2]], "")
    assert totals(session, unsure(session)) == (0, 0)


def test_what_was_compared_before_goes_when_it_was_compared_anew(session: Session) -> None:
    said = gates(session)
    later = NOW + timedelta(hours=1)
    keeping.keep_alone(session, [(said[0].account_id, said[0].id)], later)
    keeping.forget_before(session, later)
    assert session.execute(select(AlikeComment.comment_id, AlikeComment.alike_id)).all() == [
        (said[0].id, None)
    ]
    assert keeping.number_not_compared(session, (unsure(session),), within=9, most=9) == 2


def test_unknown_themes_and_comments_are_refused(session: Session) -> None:
    said = gates(session)
    with pytest.raises(Invalid):
        labels.give_theme(session, [said[0].public_id], "nonsense")
    with pytest.raises(NotFound):
        labels.give_theme(session, ["nobody"], "")


def test_two_leads_at_once_settle_each_comment_once(stored_database: Database) -> None:
    with stored_database.writing(SYSTEM) as session:
        said = [one.public_id for one in gates(session)]
        leads = [factories.user(session, Role.LEAD).id for _ in range(2)]

    def settle(lead: int) -> int:
        who = Principal(kind="user", user_id=lead, account_ids=None, roles=frozenset({Role.LEAD}))
        with stored_database.writing(who) as session:
            return labels.give_theme(session, said, "").given

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(settle, leads)) == [0, 3]
    with stored_database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count(Label.id))) == 3
