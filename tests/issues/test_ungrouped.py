"""What stands in no issue is never hidden: its number, its age, why, and where it could go."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.analysis.models import Vector
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import ungrouped
from voc.issues.models import Issue, Match
from voc.issues.ungrouped import Standing

Client = Callable[..., FlaskClient]


def loose(session: Session, words: str = "The gate stays shut", **wanted: object) -> Comment:
    comment = factories.comment(session, text=words, **wanted)
    factories.reading(session, comment)
    session.add(
        Vector(account_id=comment.account_id, comment_id=comment.id, version="t", numbers=b"\0" * 512)
    )
    session.flush()
    return comment


def say(session: Session, comment: Comment, why: str, *near: tuple[Issue, float]) -> None:
    pairs = tuple((issue.id, alike) for issue, alike in near)
    ungrouped.keep_why(session, [Standing(comment.account_id, comment.id, why, pairs)])


@pytest.mark.parametrize("why", [why for why in ungrouped.WHY_WORDS if why])
def test_each_reason_is_counted_filtered_and_said(client: Client, session: Session, why: str) -> None:
    said, other = loose(session), loose(session, "Thanks")
    say(session, said, why)
    assert ungrouped.count_by_why(session) == {why: 1, "": 1}
    page = client(Role.LEAD).get(f"/issues/not-grouped?why={why}").get_data(as_text=True)
    assert ungrouped.WHY_WORDS[why][1] in page
    assert said.public_id in page
    assert other.public_id not in page


def test_what_is_said_last_counts(session: Session) -> None:
    said = loose(session)
    say(session, said, "few")
    say(session, said, "no_concern")
    assert ungrouped.count_by_why(session) == {"no_concern": 1}


def test_what_stands_in_an_issue_is_not_listed_and_comes_back_when_taken_out(session: Session) -> None:
    said, issue = loose(session), factories.issue(session)
    say(session, said, "few")
    match = factories.match(session, said, issue)
    assert ungrouped.count_by_why(session) == {}
    match.state = "refused"
    session.flush()
    assert ungrouped.count_by_why(session) == {"taken_out": 1}


def test_the_oldest_are_found_first_when_asked(client: Client, session: Session) -> None:
    old = loose(session, said_at=NOW - timedelta(days=40))
    new = loose(session, said_at=NOW - timedelta(days=1))
    browser = client(Role.LEAD)
    newest = browser.get("/issues/not-grouped").get_data(as_text=True)
    oldest = browser.get("/issues/not-grouped?order=oldest").get_data(as_text=True)
    assert newest.index(new.public_id) < newest.index(old.public_id)
    assert oldest.index(old.public_id) < oldest.index(new.public_id)
    assert "the oldest from" in newest


def test_a_comment_is_put_into_one_of_its_nearest_issues_by_hand(client: Client, session: Session) -> None:
    gates = factories.issue(session, name="Gates stay shut", words=["gate", "shut"])
    doors = factories.issue(session, name="Doors stick", words=["door"])
    said = loose(session)
    say(session, said, "few", (gates, 0.62), (doors, 0.2))
    browser = client(Role.LEAD)
    page = browser.get("/issues/not-grouped").get_data(as_text=True)
    assert "Alike (62 of 100)." in page
    assert "Says “gate” and “shut”, which mark this issue." in page
    assert "No comment that you see stands there." in page
    assert re.search(rf'action="(/comments/{said.public_id}/issue)"', page)
    sent = {"issue": gates.public_id, "back": "/issues/not-grouped"}
    done = browser.post(f"/comments/{said.public_id}/issue", data=sent)
    assert (done.status_code, done.headers["Location"]) == (303, "/issues/not-grouped")
    assert session.get_one(Match, (said.account_id, said.id, gates.id)).state == "confirmed"
    assert ungrouped.count_by_why(session) == {}


def test_a_merged_issue_is_suggested_as_the_one_that_counts_once(session: Session) -> None:
    old, new, said = factories.issue(session), factories.issue(session), loose(session)
    say(session, said, "few", (old, 0.6), (new, 0.5))
    old.merged_into_id = new.id
    session.flush()
    assert [one.issue.public_id for one in ungrouped.why_of(session, said)[1]] == [new.public_id]


def test_the_page_of_a_comment_says_why_it_stands_nowhere(client: Client, session: Session) -> None:
    said = loose(session)
    say(session, said, "one_client", (factories.issue(session, name="Doors stick"), 0.4))
    page = client(Role.LEAD).get(f"/comments/{said.public_id}").get_data(as_text=True)
    assert ungrouped.WHY_WORDS["one_client"][1] in page
    assert "Doors stick" in page


def test_an_agent_sees_only_clients_of_their_own(client: Client, session: Session) -> None:
    said = loose(session)
    page = client(Role.AGENT).get("/issues/not-grouped").get_data(as_text=True)
    assert said.public_id not in page


@pytest.mark.parametrize("query", ["why=none", "why=%00", "order=x", "page=0", "page=9999"])
def test_odd_filters_are_harmless(client: Client, query: str) -> None:
    assert client(Role.LEAD).get(f"/issues/not-grouped?{query}").status_code in {200, 422}


@pytest.mark.parametrize(
    ("wanted", "read"),
    [({"hurt": 4}, {}), ({}, {"severity": 8}), ({}, {"departure": 0.9}), ({}, {"escalation": 0.9})],
)
def test_where_somebody_says_that_it_hurts_nothing_is_small_talk(
    client: Client, session: Session, wanted: dict[str, int], read: dict[str, float]
) -> None:
    said, talk = factories.comment(session, text="We go elsewhere", **wanted), loose(session, "Thanks")
    factories.reading(session, said, **read)
    session.add(Vector(account_id=said.account_id, comment_id=said.id, version="t", numbers=b"\0" * 512))
    say(session, said, "small_talk")
    say(session, talk, "small_talk")
    assert ungrouped.count_by_why(session) == {"nothing_near": 1, "small_talk": 1}
    page = client(Role.LEAD).get("/issues/not-grouped").get_data(as_text=True)
    assert page.index(said.public_id) < page.index(talk.public_id)


def test_who_took_a_comment_out_of_what_and_when_is_said(client: Client, session: Session) -> None:
    said, issue = loose(session), factories.issue(session, name="Doors stick")
    by = factories.user(session, Role.LEAD)
    factories.match(session, said, issue, state="refused").by_id = by.id
    session.flush()
    page = client(Role.LEAD).get("/issues/not-grouped").get_data(as_text=True)
    assert f"{by.name} took it out of “Doors stick” on" in page


def test_past_the_end_stands_the_last_page(client: Client, session: Session) -> None:
    said = loose(session)
    assert said.public_id in client(Role.LEAD).get("/issues/not-grouped?page=9999").get_data(as_text=True)


def test_what_no_machine_read_does_not_wait_for_a_look(client: Client, session: Session) -> None:
    said = factories.comment(session, text="Die Tür klemmt")
    factories.reading(session, said, read_by_machine=False)
    page = client(Role.LEAD).get(f"/comments/{said.public_id}").get_data(as_text=True)
    assert ungrouped.NOT_READ in page
