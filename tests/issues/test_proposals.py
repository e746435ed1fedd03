"""A lead answers what the machine proposes: yes by the acts of every day, no for good, undo, and nothing else."""

import re
from collections.abc import Callable
from html import unescape
from struct import pack
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.pictures import rows_of
from voc.access.models import Audit, User
from voc.analysis.models import Vector
from voc.breadth.service import follow_issues
from voc.core.errors import Conflict
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Issue, Match, Proposal
from voc.issues.proposals import queries, service
from voc.issues.proposals.rules import Wanted

Client = Callable[..., FlaskClient]
Told = Callable[..., Comment]
State = Callable[[], tuple[object, ...]]


@pytest.fixture
def sides(session: Session, told: Told) -> tuple[Issue, Issue, list[Comment]]:
    """Two named issues, the first with three comments, the second with one."""
    one = factories.issue(session, name="Linen <i>late</i>", is_named=True)
    other = factories.issue(session, name="Laundry late", is_named=True)
    said = [told(one, text=f"The linen of ward {at} came late. Call 020 555 010{at}.") for at in range(3)]
    for comment in said:
        factories.reading(session, comment, masks=[[34, 46, "phone"]])
    told(other, text="Our laundry came late")
    follow_issues(session, [one.id, other.id])
    return one, other, said


def proposed(
    session: Session, kind: str, sides: tuple[Issue, Issue, list[Comment]], **facts: Any
) -> Proposal:
    one, other, said = sides
    wanted: dict[str, Any] = {
        "kind": kind, "issue_id": one.id, "other_id": None if kind == "split" else other.id,
        "comments": () if kind == "merge" else ((said[0].account_id, said[0].id),), "name": "Ward 0",
        "similarity": 0.6, "strength": 0.8, "reason": "Both speak of “late”.", "words": (("late",), ("late",)),
        "sizes": (3, 1),
    }  # fmt: skip
    service.renew(session, [Wanted(**(wanted | facts))])
    return session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()  # type: ignore[return-value]


KINDS = ("merge", "split", "move")


@pytest.mark.parametrize("kind", KINDS)
def test_yes_does_what_is_done_by_hand_and_undo_puts_all_back(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]], state: State, kind: str
) -> None:
    proposal = proposed(session, kind, sides)
    before = state()
    service.accept(session, proposal)
    assert state() != before
    assert (proposal.state, proposal.by_id) == ("accepted", lead.id)
    service.undo(session, proposal)
    issues = session.scalars(select(Issue.id)).all()
    if kind == "split":  # the new issue stays, empty
        assert rows_of(session, Match) == before[2]
        assert len(issues) == 3
    else:
        assert state() == before
    assert (proposal.state, proposal.by_id, proposal.act_id) == ("open", None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_no_changes_nothing_and_is_not_asked_again(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]], state: State, kind: str
) -> None:
    proposal = proposed(session, kind, sides)
    before = state()
    service.refuse(session, proposal)
    assert state() == before
    assert proposed(session, kind, sides).id == proposal.id
    assert queries.open_count(session) == 0
    service.undo(session, proposal)
    assert queries.open_count(session) == 1


def test_a_merge_can_keep_the_other_name(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    service.accept(session, proposed(session, "merge", sides), swap=True)
    assert sides[1].merged_into_id == sides[0].id


def test_the_same_found_again_stays_one_row(
    session: Session, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    first = proposed(session, "merge", sides)
    again = proposed(session, "merge", sides, reason="Both speak of “linen”.")
    assert (again.id, again.reason) == (first.id, "Both speak of “linen”.")


def test_what_is_no_longer_found_is_gone(session: Session, sides: tuple[Issue, Issue, list[Comment]]) -> None:
    proposal = proposed(session, "merge", sides)
    service.renew(session, [])
    assert proposal.state == "gone"


def test_an_answer_is_given_once(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "merge", sides)
    service.refuse(session, proposal)
    with pytest.raises(Conflict):
        service.accept(session, proposal)
    with pytest.raises(Conflict):
        service.refuse(session, proposal)


def test_a_side_merged_by_hand_takes_the_ground_away(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "merge", sides)
    curate.merge_issues(session, sides[0], factories.issue(session))
    assert queries.open_count(session) == 0
    with pytest.raises(Conflict):
        service.accept(session, proposal)


def test_a_comment_that_a_person_took_out_meanwhile_is_not_moved(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "move", sides)
    curate.refuse_all(session, sides[0], sides[2][:1])
    with pytest.raises(Conflict):
        service.accept(session, proposal)


def test_taking_a_merge_back_from_the_history_is_a_no(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "merge", sides)
    curate.undo(session, service.accept(session, proposal))
    session.refresh(proposal)
    assert proposal.state == "refused"


@pytest.mark.parametrize("kind", KINDS)
def test_undo_takes_the_place_of_a_question_asked_since_about_the_same(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]], kind: str
) -> None:
    proposal = proposed(session, kind, sides)
    service.accept(session, proposal)
    last = sides[2][2]
    again = proposed(session, kind, sides, comments=((last.account_id, last.id),) if kind != "merge" else ())
    assert again.id != proposal.id
    service.undo(session, proposal)
    assert (proposal.state, again.state) == ("open", "gone")


def test_both_sides_show_what_is_typical_and_say_what_is_shared(
    client: Client, session: Session, told: Told
) -> None:
    one, other = factories.issue(session, name="Meals cold"), factories.issue(session, name="Boxes")
    for at in range(4):
        comment = told(one, text=f"The soup is never warm in bay {at}.")
        _vector(session, comment, (1.0, 0.02 * at))
    _vector(session, told(one, text="A cold reception, thank you."), (0.1, 1.0))
    _vector(session, told(other, text="The cold box stands at the heater."), (0.0, 1.0))
    proposal = proposed(session, "merge", (one, other, []), words=(("cold",), ("cold",)))
    first, second = queries.shown(session, proposal).sides
    assert all("soup" in said.words for said in first.typical)
    assert [said.shared for said in second.typical] == [("cold",)]
    assert "as the other side does" in client(Role.LEAD).get("/proposals").get_data(as_text=True)


def _vector(session: Session, comment: Comment, numbers: tuple[float, ...]) -> None:
    packed = pack(f"<{len(numbers)}e", *numbers)
    session.add(Vector(account_id=comment.account_id, comment_id=comment.id, version="t", numbers=packed))
    session.flush()


def test_answers_leave_a_trace(
    session: Session, lead: User, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "merge", sides)
    service.accept(session, proposal)
    service.undo(session, proposal)
    acts = set(session.scalars(select(Audit.act).where(Audit.user_id == lead.id)))
    assert {"proposal.accept", "issue.merge", "issue.undo", "proposal.undo"} <= acts


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_shows_both_sides_masked_with_what_they_share_marked(
    client: Client, session: Session, sides: tuple[Issue, Issue, list[Comment]], kind: str
) -> None:
    proposed(session, kind, sides)
    browser = client(Role.LEAD)
    for path in ("/proposals", "/today?queue=proposals"):
        words = browser.get(path).get_data(as_text=True)
        assert "Linen &lt;i&gt;late&lt;/i&gt;" in words
        assert ">late<sup" in words
        assert "020 555" not in words
        assert "60 of 100" in words
        assert 'data-key="y"' in words
        assert 'data-key="n"' in words


def test_without_scripts_a_lead_says_yes_undoes_and_says_no(
    client: Client, session: Session, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposed(session, "merge", sides)
    browser = client(Role.LEAD)
    for verb in ("accept", "refuse"):
        page = browser.get("/proposals").get_data(as_text=True)
        act = re.search(rf'action="(/proposals/\w+/{verb})"', page)
        assert act is not None
        done = browser.post(act.group(1), data={"back": "/proposals"})
        assert (done.status_code, done.headers["Location"]) == (303, "/proposals")
        page = browser.get("/proposals").get_data(as_text=True)
        assert "Nothing to decide here" in page
        assert 'data-key="u"' in page
        undo = re.search(r'action="(/proposals/\w+/undo)"', page)
        assert undo is not None
        assert browser.post(undo.group(1)).status_code == 303
        again = browser.post(undo.group(1))
        assert again.status_code == 303
        assert "taken back already" in browser.get(again.location).get_data(as_text=True)
    assert queries.open_count(session) == 1


def test_what_was_answered_on_today_is_undone_there(
    client: Client, session: Session, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "merge", sides)
    browser = client(Role.LEAD)
    answered = browser.post(
        f"/proposals/{proposal.public_id}/refuse", data={"back": "/today?queue=proposals"}
    )
    page = browser.get(answered.location).get_data(as_text=True)
    undo = re.search(r'action="(/proposals/\w+/undo[^"]*)"', page)
    assert undo is not None
    undone = browser.post(unescape(undo.group(1)))
    assert undone.location == f"/today?queue=proposals&thing={proposal.public_id}"
    assert browser.get(undone.location).status_code == 200


def test_an_issue_says_what_is_proposed_about_it(
    client: Client, session: Session, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposed(session, "merge", sides)
    page = client(Role.LEAD).get(f"/issues/{sides[1].public_id}").get_data(as_text=True)
    assert "See both sides" in page
    assert "Both speak of" in page


def test_a_split_without_a_name_is_refused_with_words(
    client: Client, session: Session, sides: tuple[Issue, Issue, list[Comment]]
) -> None:
    proposal = proposed(session, "split", sides, name=None)
    answer = client(Role.LEAD).post(f"/proposals/{proposal.public_id}/accept", data={"name": " "})
    assert answer.status_code == 422


@pytest.mark.parametrize("role", [Role.AGENT, Role.EXECUTIVE, Role.ADMIN, Role.CLIENT_ADMIN])
def test_only_a_lead_is_asked(
    client: Client, session: Session, sides: tuple[Issue, Issue, list[Comment]], role: Role
) -> None:
    proposal = proposed(session, "merge", sides)
    browser = client(role)
    assert browser.get("/proposals").status_code == 403
    assert browser.post(f"/proposals/{proposal.public_id}/accept").status_code == 403


def test_an_absent_proposal_is_not_found(client: Client) -> None:
    browser = client(Role.LEAD)
    assert browser.get("/proposals?p=absent").status_code == 404
    assert browser.post("/proposals/absent/refuse").status_code == 404
    assert "Nothing to decide here" in browser.get("/proposals").get_data(as_text=True)
