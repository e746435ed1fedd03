"""Evidence becomes cells and sums in the same transaction, and gives the same grid however it came."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.conftest import Town
from tests.breadth.pictures import evidence, grids
from tests.conftest import NOW
from voc.access.models import User
from voc.analysis import labels
from voc.breadth import queries
from voc.breadth.models import Cell, Evidence, IssueSum
from voc.breadth.rules import CellState, Says, Source
from voc.breadth.service import (
    follow_accounts,
    follow_comments,
    follow_issues,
    follow_matches,
    record_evidence,
    refresh,
)
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Match


def keys(session: Session) -> list[tuple[int, int, int]]:
    rows = session.execute(select(Match.account_id, Match.comment_id, Match.issue_id))
    return [(account, comment, issue) for account, comment, issue in rows]


def test_following_the_same_matches_twice_records_nothing_new(town: Town) -> None:
    town.told(town.loud)
    town.told(town.sites[0], match_state="confirmed")
    before = evidence(town.session), grids(town.session)
    follow_matches(town.session, keys(town.session))
    assert (evidence(town.session), grids(town.session)) == before


def test_a_machine_match_is_reported_and_a_confirmed_one_counts(town: Town) -> None:
    match = town.told(town.loud)
    assert (town.state(town.loud), town.sums().reported, town.sums().has_it) == ("reported", 1, 0)
    match.state = "confirmed"
    town.session.flush()
    follow_matches(town.session, keys(town.session))
    assert (town.state(town.loud), town.sums().reported, town.sums().told) == ("has_problem", 0, 1)


def test_a_refused_match_takes_the_client_out(town: Town) -> None:
    match = town.told(town.loud)
    match.state = "refused"
    town.session.flush()
    follow_matches(town.session, keys(town.session))
    assert town.cell(town.loud) is None
    assert (town.sums().reported, town.sums().comments) == (0, 0)


def test_a_match_that_is_gone_takes_its_word_back(town: Town) -> None:
    town.told(town.loud)
    found = keys(town.session)
    town.session.execute(delete(Match))
    follow_matches(town.session, found)
    assert town.cell(town.loud) is None


def test_sites_count_once_in_their_group(town: Town) -> None:
    for account in (town.parent, *town.sites):
        town.told(account, match_state="confirmed")
    sums = town.sums()
    assert (sums.has_it, sums.told, sums.applies, sums.comments) == (1, 1, 3, 3)
    assert town.state(town.sites[0]) == "not_asked"  # the group has the cell, its sites have none
    found = town.cell(town.parent)
    assert found is not None
    assert found.mentions == 3


def test_told_said_yes_and_seen_are_kept_apart_and_add_up_to_who_has_it(town: Town, lead: User) -> None:
    town.told(town.loud, match_state="confirmed")
    _answer(town, town.quiet.id, Says.HAS_MANAGES)
    town.told(town.sites[0], source="staff_note", channel="staff_note", match_state="confirmed")
    sums = town.sums()
    assert (sums.told, sums.said_yes, sums.seen) == (1, 1, 1)
    assert sums.told + sums.said_yes + sums.seen == sums.has_it == 3
    assert (sums.segments, sums.value_cents) == (2, 610)


@pytest.mark.parametrize("wanted", [{"sender_confirmed": False}, {"kind": "praise"}])
def test_unknown_senders_and_thanks_do_not_count(town: Town, wanted: dict[str, object]) -> None:
    town.told(town.loud, match_state="confirmed", **wanted)
    assert town.state(town.loud) == "not_asked"
    sums = town.sums()
    assert (sums.has_it, sums.reported, sums.comments, sums.last_at) == (0, 0, 0, None)


def test_a_sender_who_was_recognised_counts_from_then_on(town: Town) -> None:
    match = town.told(town.loud, match_state="confirmed", sender_confirmed=False)
    comment = curate.find_comment(town.session, _public_id(town.session, match))
    comment.sender_confirmed = True
    town.session.flush()
    follow_comments(town.session, [(comment.account_id, comment.id)])
    assert town.state(town.loud) == "has_problem"


def test_does_not_apply_leaves_the_denominator(town: Town) -> None:
    town.told(town.loud, match_state="confirmed")
    _settle(town, town.quiet.id, Says.NOT_APPLICABLE)
    grid = queries.grid(town.session, town.issue)
    assert town.sums().applies == grid.applies == 2
    assert grid.left_out == 1
    assert town.sums().has_not == 0


def test_services_say_to_whom_an_issue_applies(town: Town, lead: User) -> None:
    service = factories.service(town.session)
    factories.buys(town.session, town.sites[0], service)
    factories.buys(town.session, town.quiet, service, ends_on=date(2026, 1, 1))
    town.told(town.loud, match_state="confirmed")
    act = curate.set_services(town.session, town.issue, [service.public_id])
    assert (town.sums().applies, town.sums().has_it) == (1, 0)
    curate.undo(town.session, act)
    assert (town.sums().applies, town.sums().has_it) == (3, 1)


def test_merge_and_undo_restore_exactly_the_same_grids(town: Town, lead: User) -> None:
    other = factories.issue(town.session)
    town.told(town.loud, match_state="confirmed", hurt=4)
    town.told(town.sites[0], other, match_state="confirmed", wants_senior=True)
    town.told(town.loud, other)
    _answer(town, town.quiet.id, Says.HAS_NOT, issue=other.id)
    _settle(town, town.parent.id, Says.HAS_NOT)
    before = grids(town.session)
    act = curate.merge_issues(town.session, other, town.issue)
    assert town.state(town.loud) == "has_problem"
    assert town.state(town.quiet) == "has_not"
    assert not list(town.session.scalars(select(Cell).where(Cell.issue_id == other.id)))
    assert town.session.get(IssueSum, other.id) is None
    curate.undo(town.session, act)
    assert grids(town.session) == before


def test_merging_two_into_one_and_undoing_the_first_leaves_the_second(town: Town, lead: User) -> None:
    first, second = factories.issue(town.session), factories.issue(town.session)
    town.told(town.loud, first)
    town.told(town.quiet, second)
    act = curate.merge_issues(town.session, first, second)
    curate.merge_issues(town.session, second, town.issue)
    assert {town.state(town.loud), town.state(town.quiet)} == {"reported"}
    curate.undo(town.session, act)
    assert (town.state(town.loud), town.state(town.loud, first)) == ("not_asked", "reported")
    assert town.state(town.quiet) == "reported"


def test_moving_and_undoing_restores_exactly_the_same_grids(town: Town, lead: User) -> None:
    other = factories.issue(town.session)
    match = town.told(town.loud)
    town.told(town.quiet, other, match_state="confirmed")
    before = grids(town.session)
    comment = curate.find_comment(town.session, _public_id(town.session, match))
    act = curate.move_comments(town.session, town.issue, other, [comment])
    assert (town.state(town.loud), town.state(town.loud, other)) == ("not_asked", "has_problem")
    curate.undo(town.session, act)
    assert grids(town.session) == before


def test_a_comment_moved_away_and_back_still_counts_when_the_issues_are_merged(
    town: Town, lead: User
) -> None:
    other = factories.issue(town.session)
    match = town.told(town.loud, match_state="confirmed")
    comment = curate.find_comment(town.session, _public_id(town.session, match))
    curate.undo(town.session, curate.move_comments(town.session, town.issue, other, [comment]))
    curate.merge_issues(town.session, other, town.issue)
    assert town.state(town.loud) == "has_problem"


def test_rebuilding_every_grid_changes_nothing(town: Town, lead: User) -> None:
    town.told(town.loud, match_state="confirmed")
    town.told(town.sites[1])
    _answer(town, town.quiet.id, Says.UNSURE)
    before = grids(town.session)
    follow_issues(town.session, [town.issue.id])
    follow_accounts(town.session, [town.loud.id])
    refresh(town.session, [(town.issue.id, town.loud.id)])
    assert grids(town.session) == before


def test_a_site_that_changes_its_group_takes_its_word_along(town: Town) -> None:
    town.told(town.sites[0])
    town.sites[0].group_id = town.quiet.id
    town.session.flush()
    follow_accounts(town.session, [town.sites[0].id])
    assert (town.state(town.parent), town.state(town.quiet)) == ("not_asked", "reported")


def test_a_site_that_outlives_its_group_stops_nothing(town: Town) -> None:
    town.parent.left_on = date(2026, 1, 1)
    town.session.flush()
    town.told(town.sites[0])
    town.told(town.loud)
    assert (town.sums().applies, town.sums().reported) == (2, 1)
    assert len(queries.grid(town.session, town.issue).rows) == 2


def test_what_was_taken_back_is_not_shown_as_evidence(town: Town, lead: User) -> None:
    _settle(town, town.quiet.id, Says.HAS_NOT)
    _settle(town, town.quiet.id, Says.WITHDRAWN)
    town.told(town.quiet)
    group = queries.open_book(town.session, NOW.date()).groups[town.quiet.id]
    found = queries.evidence_of(town.session, town.issue, group)
    assert [one.source for one in found] == ["machine"]


def test_the_loudest_client_is_named_with_its_share(town: Town) -> None:
    for _ in range(3):
        town.told(town.loud)
    town.told(town.sites[0])
    assert (town.sums().loudest_account_id, town.sums().loudest_share) == (town.loud.id, 0.75)
    row = queries.issue_rows(town.session)[0]
    assert (row.loudest, row.sums.clients) == ("Loud", 2)


def test_severity_is_the_median_of_each_clients_worst(town: Town) -> None:
    for hurt in (1, 8):
        town.told(town.loud, hurt=hurt)
    town.told(town.quiet, hurt=1)
    town.told(town.parent, hurt=2)
    assert town.sums().severity == 2


def test_what_our_person_says_of_severity_counts_before_the_clients_and_the_machines(
    town: Town, lead: User
) -> None:
    match = town.told(town.loud, hurt=8)
    comment = town.session.get_one(Comment, (match.account_id, match.comment_id))
    handle = labels.correct_severity(town.session, comment.public_id, "2")
    assert town.sums().severity == 2
    assert handle is not None
    labels.take_back(town.session, comment.public_id, handle)
    assert town.sums().severity == 8


def test_an_issue_that_was_done_comes_back_when_a_client_says_it_again(town: Town, lead: User) -> None:
    town.told(town.loud, said_at=NOW - timedelta(days=5))
    curate.set_state(town.session, town.issue, "done")
    assert not queries.issue_rows(town.session)[0].came_back
    town.told(town.quiet, kind="praise", said_at=NOW + timedelta(hours=1))
    assert not queries.issue_rows(town.session)[0].came_back
    town.told(town.quiet, said_at=NOW + timedelta(hours=1))
    assert queries.issue_rows(town.session)[0].came_back


def test_every_client_stands_in_the_grid_the_silent_ones_too(town: Town) -> None:
    town.told(town.loud, match_state="confirmed")
    grid = queries.grid(town.session, town.issue)
    assert [(row.name, row.state) for row in grid.rows] == [
        ("Loud", CellState.HAS_PROBLEM),
        ("Parent", CellState.NOT_ASKED),
        ("Quiet", CellState.NOT_ASKED),
    ]
    assert grid.count(CellState.NOT_ASKED) == 2


def _public_id(session: Session, match: Match) -> str:
    return session.get_one(Comment, (match.account_id, match.comment_id)).public_id


def _answer(town: Town, account_id: int, says: Says, *, issue: int | None = None) -> None:
    record_evidence(
        town.session, account_id=account_id, issue_id=issue or town.issue.id, source=Source.ANSWER, says=says,
        observed_at=NOW - timedelta(days=1), contact_id=7,
    )  # fmt: skip


def _settle(town: Town, account_id: int, says: Says) -> None:
    record_evidence(
        town.session, account_id=account_id, issue_id=town.issue.id, source=Source.PERSON, says=says,
        observed_at=NOW, note="Seen on a visit.",
    )  # fmt: skip


def test_evidence_is_only_ever_added(town: Town, lead: User) -> None:
    town.told(town.loud, match_state="confirmed")
    before = set(town.session.scalars(select(Evidence.id)))
    _settle(town, town.loud.id, Says.HAS_NOT)
    _settle(town, town.loud.id, Says.WITHDRAWN)
    assert before < set(town.session.scalars(select(Evidence.id)))
    assert town.state(town.loud) == "has_problem"
