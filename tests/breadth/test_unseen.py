"""A lead settles the issues nobody has looked at one after the other: the order, each answer, its undo, who may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.access.principals import principal_of_user
from voc.breadth.service import follow_issues, follow_matches
from voc.breadth.unseen import queries
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Issue, Match, NoProblem, Proposal
from voc.issues.proposals import service as proposals
from voc.issues.proposals.rules import Wanted
from voc.web.owed import queues_for

Client = Callable[..., FlaskClient]
PAGE = "/issues/not-looked-at"


def found(session: Session, name: str, *, clients: int = 2, hurt: int = 2, **wanted: Any) -> Issue:
    """An issue of the machine that these clients told us of."""
    issue: Issue = factories.issue(session, name=name, **wanted)
    for at in range(clients):
        say(session, issue, text=f"{name}, number {at}", hurt=hurt)
    follow_issues(session, [issue.id])
    return issue


def say(session: Session, issue: Issue, **wanted: Any) -> Comment:
    comment = factories.comment(session, **wanted)
    factories.match(session, comment, issue)
    follow_matches(session, [(comment.account_id, comment.id, issue.id)])
    return comment


def said_of(session: Session, issue: Issue) -> list[Comment]:
    own = (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id)
    rows = session.scalars(
        select(Comment).join(Match, own).where(Match.issue_id == issue.id).order_by(Comment.id)
    )
    return list(rows)


def press(browser: FlaskClient, issue: Issue, act: str, **more: object) -> str:
    sent = {"act": act, "name": issue.name, "back": PAGE, "here": f"{PAGE}?i={issue.public_id}", **more}
    answer = browser.post(f"{PAGE}/{issue.public_id}", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def undo_url(page: str) -> str:
    url: str = re.findall(r'action="([^"]*undo[^"]*)"', page)[0]
    return url.replace("&amp;", "&")


def names(session: Session) -> list[str]:
    return [one.name for one in queries.unseen(session)]


def test_what_hurts_most_clients_most_comes_first(session: Session) -> None:
    found(session, "Few it stops", clients=2, hurt=4)
    found(session, "Many it slows", clients=5, hurt=2)
    found(session, "Many it annoys", clients=6, hurt=1)
    found(session, "Some it stops", clients=3, hurt=4)
    assert names(session) == ["Some it stops", "Many it slows", "Few it stops", "Many it annoys"]


def test_among_equals_comes_first_where_someone_senior_is_asked_for(session: Session) -> None:
    asked = found(session, "Asked", clients=1)
    say(session, asked, hurt=2, wants_senior=True)
    found(session, "Newer")
    assert names(session) == ["Asked", "Newer"]


@pytest.mark.parametrize(
    "facts",
    [
        {"is_named": True},
        {"set_state": "not_now"},
        {"set_state": "watching"},
    ],
)
def test_what_a_person_named_or_put_aside_does_not_wait(session: Session, facts: dict[str, Any]) -> None:
    found(session, "Gates", **facts)
    assert (names(session), queries.number_unseen(session)) == ([], 0)


def test_what_one_client_says_or_somebody_confirmed_does_not_wait(session: Session) -> None:
    found(session, "One client only", clients=1)
    issue = found(session, "Gates")
    assert names(session) == ["Gates"]
    comment = said_of(session, issue)[0]
    session.get_one(Match, (comment.account_id, comment.id, issue.id)).state = "confirmed"
    session.flush()
    follow_matches(session, [(comment.account_id, comment.id, issue.id)])
    assert names(session) == []


def test_the_page_says_how_many_are_left_in_which_order_and_what_ties_them(
    client: Client, session: Session
) -> None:
    found(session, "The gate stays shut", clients=3, words=["gate", "shut"])
    found(session, "Doors stick", clients=2)
    shown = client(Role.LEAD).get(PAGE).text
    assert "2 left<" in shown
    assert "First comes what hurts most clients most" in shown
    assert "named by machine" in shown
    assert "3 comments of 3 clients" in shown
    assert "The worst of it slows their work." in shown
    assert "They say “<bdi>gate</bdi>” and “<bdi>shut</bdi>”." in shown
    assert "<mark" in shown
    assert shown.index("The gate stays shut") < shown.index("After this one") < shown.index("Doors stick")
    for key in "yrnpo1":
        assert f'data-key="{key}"' in shown


def test_one_matter_with_a_better_name_is_one_act(client: Client, session: Session) -> None:
    issue, browser = found(session, "The gate stays shut", clients=3), client(Role.LEAD)
    said = [one.public_id for one in said_of(session, issue)]
    shown = press(browser, issue, "one", name="Gates stay shut", read=said[:2], out=said[2:])
    assert "Kept: “Gates stay shut” is one matter: 2 comments confirmed, 1 comment taken out." in shown
    assert "Every issue has been looked at" in shown
    back = browser.post(undo_url(shown), follow_redirects=True).text
    assert "Undone" in back
    assert "Is this one matter?" in back
    session.expire_all()
    assert (issue.name, issue.is_named) == ("The gate stays shut", False)


def test_the_next_one_comes_at_once(client: Client, session: Session) -> None:
    first, _ = found(session, "Gates", clients=3), found(session, "Doors")
    browser = client(Role.LEAD)
    after = re.findall(r'name="back" value="([^"]+)"', browser.get(PAGE).text)[0]
    assert "Doors</bdi></a></b>" in press(browser, first, "one", back=after)


def test_not_one_matter_and_no_problem_empty_it_and_say_where_it_went(
    client: Client, session: Session
) -> None:
    issue, other, browser = found(session, "Gates"), found(session, "Doors"), client(Role.LEAD)
    assert "its 2 comments stand in “not grouped yet” again." in press(browser, issue, "dissolve")
    shown = press(browser, other, "no")
    assert "Kept: “Doors” is no problem; 2 comments said to be none." in shown
    assert len(session.scalars(select(NoProblem)).all()) == 2
    assert names(session) == []
    lists = browser.get("/issues").text
    assert "Gates</bdi>" not in lists
    browser.post(undo_url(shown))
    assert session.scalars(select(NoProblem)).all() == []
    assert names(session) == ["Doors"]


def test_the_issue_proposed_beside_it_counts_for_both_and_the_undo_opens_the_question_again(
    client: Client, session: Session
) -> None:
    issue, other = found(session, "Gates"), factories.issue(session, name="Doors", is_named=True)
    say(session, other)
    proposals.renew(session, [Wanted(
        kind="merge", issue_id=other.id, other_id=issue.id, similarity=0.7, strength=0.9,
        reason="Both speak of “shut”.", words=(("shut",), ("shut",)), sizes=(2, 2),
    )])  # fmt: skip
    browser = client(Role.LEAD)
    assert "The same as “Doors”" in browser.get(PAGE).text
    shown = press(browser, issue, f"same:{other.public_id}")
    assert "“Gates” counts with “Doors” now." in shown
    session.expire_all()
    assert session.get_one(Issue, issue.id).merged_into_id == other.id
    back = browser.post(undo_url(shown), follow_redirects=True)
    assert back.request.path == PAGE
    session.expire_all()
    assert session.get_one(Issue, issue.id).merged_into_id is None
    assert session.scalars(select(Proposal.state)).one() == "open"


def test_a_name_that_is_taken_is_said_beside_it_and_the_ticks_stay(client: Client, session: Session) -> None:
    issue, other = found(session, "Gates"), factories.issue(session, name="Doors", is_named=True)
    said = said_of(session, issue)[0].public_id
    sent = {"act": "one", "name": "doors", "out": [said], "back": PAGE}
    answer = client(Role.LEAD).post(f"{PAGE}/{issue.public_id}", data=sent)
    assert answer.status_code == 422
    assert "Another issue is called “Doors” already." in answer.text
    assert 'value="doors"' in answer.text
    assert f'value="{said}" checked' in answer.text
    assert f'value="same:{other.public_id}"' in answer.text
    odd = client(Role.LEAD).post(f"{PAGE}/{issue.public_id}", data={"act": "odd"})
    assert (odd.status_code, "Press one of the buttons." in odd.text) == (422, True)


def test_what_a_colleague_answered_meanwhile_stays(client: Client, session: Session) -> None:
    issue, browser = found(session, "Gates"), client(Role.LEAD)
    press(browser, issue, "one")
    for act in ("one", "dissolve", "no"):
        assert "Somebody answered this before you pressed" in press(browser, issue, act)
    assert "This one is answered" in browser.get(f"{PAGE}?i={issue.public_id}").text
    merged, into = found(session, "Lifts"), found(session, "Stairs")
    merged.merged_into_id = into.id
    session.flush()
    assert "Somebody answered this before you pressed" in press(browser, merged, "dissolve")


def test_the_ways_to_it_stand_on_the_list_on_the_issue_and_on_today(client: Client, session: Session) -> None:
    issue, lead = found(session, "Gates"), client(Role.LEAD)
    assert "<b>1</b> issue nobody has looked at: look now" in lead.get("/issues").text
    shown = lead.get(f"/issues/{issue.public_id}").text
    assert f'href="{PAGE}?i={issue.public_id}"' in shown
    assert "nobody has looked yet" in shown
    assert "Look at 2 comments" not in shown
    today = lead.get("/today?queue=not-looked-at").text
    assert "Is this one matter?" in today
    assert "Issues nobody has looked at · 1" in today
    press(lead, issue, "one")
    after = lead.get(f"/issues/{issue.public_id}").text
    assert "nobody has looked yet" not in after
    assert "Today you did: 1 issue looked at and named" in lead.get("/today?queue=not-looked-at").text


def test_people_who_wait_come_before_it_on_today(session: Session, lead: User) -> None:
    order = [queue.key for queue in queues_for(principal_of_user(session, lead))]
    for key in (
        "word",
        "senior",
        "leaving",
        "perhaps-senior",
        "perhaps-leaving",
        "calls",
        "who-else",
        "set-aside",
    ):
        assert order.index(key) < order.index("not-looked-at") < order.index("unsure")


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.LEAD])
def test_only_a_lead_says_what_an_issue_is(client: Client, session: Session, role: Role) -> None:
    issue, browser = found(session, "Gates"), client(role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}/{issue.public_id}", data={"act": "dissolve"}).status_code == 403
    assert names(session) == ["Gates"]
    if role in {Role.EXECUTIVE, Role.AGENT}:
        assert "look now" not in browser.get("/issues").text
        assert "found by the machine, nobody has looked yet" in browser.get(f"/issues/{issue.public_id}").text


def test_the_page_asks_as_much_for_many_issues_as_for_few(
    client: Client, session: Session, statements: list[str]
) -> None:
    browser = client(Role.LEAD)

    def asked() -> int:
        statements.clear()
        assert browser.get(PAGE).status_code == 200
        return len(statements)

    found(session, "Gates", clients=9)
    few = asked()
    for at in range(12):
        found(session, f"Issue {at}", clients=3)
    assert asked() == few <= 25


def test_what_was_merged_by_hand_is_asked_once(session: Session, client: Client) -> None:
    issue, other, browser = found(session, "Gates"), found(session, "Doors"), client(Role.LEAD)
    press(browser, issue, f"same:{other.public_id}")
    assert names(session) == ["Doors"]
    assert curate.find_issue(session, issue.public_id).id == other.id
