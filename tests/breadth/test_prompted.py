"""What is said after a question may answer it: read and followed, never told us unasked, never loud."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.breadth.conftest import Town
from tests.breadth.test_rules import FACTS, NOW, decide, fact
from voc.accounts.models import Account
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import CellState, Fact, Says, Source, asked_moments, mark_prompted
from voc.breadth.service import follow_matches, refresh

WEEKS = 8


def asked(town: Town, account: Account, *, days_ago: float, says: Says = Says.ASKED) -> None:
    record_many(
        town.session,
        [NewEvidence(account_id=account.id, issue_id=town.issue.id, source=Source.ASKING, says=says,
                     observed_at=NOW - timedelta(days=days_ago), contact_id=7)],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said_days_ago", "reach"), [(31, "told"), (30, "told"), (29, "said_yes"), (1, "said_yes")]
)
def test_a_comment_after_the_question_is_not_told_unasked(
    town: Town, said_days_ago: float, reach: str
) -> None:
    asked(town, town.loud, days_ago=30)
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=said_days_ago))
    cell = town.cell(town.loud)
    assert cell is not None
    assert (cell.state, cell.reach) == ("has_problem", reach)


def test_eight_weeks_later_it_is_told_unasked_again(town: Town) -> None:
    asked(town, town.loud, days_ago=58)
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=1))
    assert town.sums().told == 1


def test_the_order_of_hearing_and_asking_changes_nothing(town: Town) -> None:
    match = town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=1))
    asked(town, town.loud, days_ago=10)
    follow_matches(town.session, [(match.account_id, match.comment_id, match.issue_id)])
    assert (town.sums().told, town.sums().said_yes, town.sums().comments) == (0, 1, 0)


def test_a_question_that_came_back_prompted_nobody(town: Town) -> None:
    asked(town, town.loud, days_ago=10)
    asked(town, town.loud, days_ago=9, says=Says.WITHDRAWN)
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=1))
    assert (town.sums().told, town.sums().comments) == (1, 1)


def test_silence_after_a_question_was_still_a_question(town: Town) -> None:
    asked(town, town.loud, days_ago=30)
    asked(town, town.loud, days_ago=16, says=Says.NO_ANSWER)
    town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=1))
    assert (town.sums().told, town.sums().said_yes) == (0, 1)


def test_prompted_words_make_nobody_loud(town: Town) -> None:
    town.told(town.quiet, match_state="confirmed", said_at=NOW - timedelta(days=40))
    asked(town, town.loud, days_ago=30)
    for _ in range(5):
        town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=2), hurt=4)
    town.told(town.loud, match_state="confirmed", source="answer", kind="answer")
    sums = town.sums()
    assert (sums.comments, sums.loudest_account_id, sums.loudest_share) == (1, town.quiet.id, 1.0)
    assert (sums.severity, sums.last_at) == (4, NOW)  # read and followed all the same
    cell = town.cell(town.loud)
    assert cell is not None
    assert cell.mentions == 0


def test_being_asked_about_one_site_prompts_its_group(town: Town) -> None:
    asked(town, town.sites[0], days_ago=10)
    town.told(town.sites[1], match_state="confirmed", said_at=NOW - timedelta(days=1))
    assert (town.sums().told, town.sums().said_yes) == (0, 1)


def test_another_issue_is_not_prompted(town: Town) -> None:
    from tests import factories  # noqa: PLC0415

    other = factories.issue(town.session)
    asked(town, town.loud, days_ago=10)
    town.told(town.loud, other, match_state="confirmed", said_at=NOW - timedelta(days=1))
    assert town.sums(other).told == 1


def test_evidence_in_bulk_gives_the_sums_of_a_fresh_look(town: Town, session: Session) -> None:
    town.told(town.loud, match_state="confirmed")
    for account, says in ((town.quiet, Says.HAS_MANAGES), (town.sites[0], Says.HAS_NOT), (town.parent, Says.NOT_APPLICABLE),
                          (town.quiet, Says.HAS_NOT), (town.loud, Says.UNSURE)):  # fmt: skip
        record_many(session, [NewEvidence(account_id=account.id, issue_id=town.issue.id, source=Source.ANSWER,
                                          says=says, observed_at=NOW, contact_id=account.id)])  # fmt: skip
    before = {name: value for name, value in vars(town.sums()).items() if not name.startswith("_")}
    refresh(session, [], also=[town.issue.id])
    after = {name: value for name, value in vars(town.sums()).items() if not name.startswith("_")}
    assert before == after
    assert before["applies"] == 2


@given(FACTS, st.floats(0, 55))
def test_whatever_else_is_known_nothing_said_after_a_question_is_told_unasked(
    facts: list[Fact], days: float
) -> None:
    question = fact(10**7, Source.ASKING, Says.ASKED, days_ago=days + 1, contact_id=99)
    said = fact(10**7 + 1, Source.CONFIRMED, Says.HAS_PROBLEM, days_ago=days, contact_id=99)
    spoken = [one for one in facts if one.source is Source.MACHINE]
    decided = decide([*spoken, question, said])
    assert (
        decided.state is not CellState.HAS_PROBLEM
        or decided.reach == "said_yes"
        or decided.evidence_id != said.id
    )


@given(FACTS)
def test_without_a_question_nothing_changes(facts: list[Fact]) -> None:
    heard = [one for one in facts if one.source is not Source.ASKING]
    assert mark_prompted(heard) == heard
    assert asked_moments(heard) == []
