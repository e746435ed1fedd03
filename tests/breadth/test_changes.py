"""What clients said before an issue was changed says nothing about after."""

from datetime import timedelta

from tests import factories
from tests.breadth.conftest import Town
from tests.conftest import NOW
from voc.access.models import User
from voc.breadth import changes, gathering
from voc.breadth.queries import issue_rows
from voc.breadth.rules import Says, Source
from voc.breadth.service import record_evidence
from voc.issues import curate

CHANGED = NOW - timedelta(days=10)


def test_after_a_change_the_wall_is_unknown_until_somebody_says_it_again(town: Town) -> None:
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=30))
    town.told(town.quiet, match_state="confirmed", said_at=NOW - timedelta(days=30))
    changes.note_change(town.session, town.issue.id, CHANGED)
    assert (town.state(town.loud), town.sums().has_it) == ("not_asked", 0)
    town.told(town.quiet, match_state="confirmed", said_at=NOW - timedelta(days=2))
    assert (town.state(town.quiet), town.state(town.loud), town.sums().has_it) == (
        "has_problem", "not_asked", 1,
    )  # fmt: skip


def test_a_change_taken_back_leaves_everything_as_it_was(town: Town) -> None:
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=30))
    changes.note_change(town.session, town.issue.id, CHANGED)
    changes.take_change_back(town.session, town.issue.id, CHANGED)
    assert (town.state(town.loud), town.sums().has_it) == ("has_problem", 1)


def test_who_had_it_before_the_change_is_still_to_be_told(town: Town) -> None:
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=30))
    before = changes.states_across(town.session, town.issue.id)
    changes.note_change(town.session, town.issue.id, CHANGED)
    assert changes.states_across(town.session, town.issue.id) == before == {town.loud.id: "has_problem"}


def test_a_change_of_a_merged_issue_ages_its_own_words_only(town: Town, lead: User) -> None:
    del lead  # who merges
    other = factories.issue(town.session)
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=30))
    town.told(town.quiet, issue=other, match_state="confirmed", said_at=NOW - timedelta(days=30))
    changes.note_change(town.session, other.id, CHANGED)
    curate.merge_issues(town.session, other, town.issue)
    assert (town.state(town.loud), town.state(town.quiet)) == ("has_problem", "not_asked")


def test_the_estimate_hears_only_what_came_since_the_change(town: Town) -> None:
    for days_ago in (30, 2):
        town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=days_ago))
        factories.comment(town.session, town.quiet, said_at=NOW - timedelta(days=days_ago))
    record_evidence(
        town.session, account_id=town.quiet.id, issue_id=town.issue.id, source=Source.ANSWER,
        says=Says.HAS_PROBLEM, observed_at=NOW - timedelta(days=20),
    )  # fmt: skip
    place = sorted([town.loud.id, town.quiet.id, town.parent.id]).index
    before = gathering.gather(town.session, town.issue.id, gathering.ground(town.session))
    assert before.mentions[place(town.loud.id)] == 2
    assert before.answers[place(town.quiet.id)] == gathering.YES
    changes.note_change(town.session, town.issue.id, CHANGED)
    after = gathering.gather(town.session, town.issue.id, gathering.ground(town.session))
    assert after.mentions[place(town.loud.id)] == 1
    assert after.answers[place(town.quiet.id)] == gathering.NOT_ASKED
    assert after.others[place(town.quiet.id)] == 1
    assert after.window_weeks == 10 / 7


def test_comments_and_how_loud_and_how_bad_they_were_age_at_a_change_too(town: Town) -> None:
    for _ in range(3):
        town.told(
            town.loud, match_state="confirmed", said_at=NOW - timedelta(days=30), hurt=8, wants_senior=True
        )
    town.told(town.quiet, match_state="confirmed", said_at=NOW - timedelta(days=2), hurt=2)
    before = town.sums()
    assert (before.comments, before.loudest_account_id, before.escalations) == (4, town.loud.id, 3)
    changes.note_change(town.session, town.issue.id, CHANGED)
    after = town.sums()
    assert (after.comments, after.loudest_account_id, after.loudest_share) == (1, town.quiet.id, 1)
    assert (after.severity, after.escalations) == (2, 0)
    assert after.first_at == NOW - timedelta(days=30)


def test_an_issue_nobody_spoke_of_since_its_change_still_stands_in_the_list(town: Town) -> None:
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=30))
    changes.note_change(town.session, town.issue.id, CHANGED)
    assert [row.sums.comments for row in issue_rows(town.session)] == [0]
