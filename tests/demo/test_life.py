"""The demo's past: one question finished, one half answered, one ready, and what was promised beside."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.demo.conftest import Lived
from voc.accounts.models import Account, Contact
from voc.breadth.models import Cell, Threshold
from voc.breadth.rules import CellState
from voc.checks import audience
from voc.checks.models import Answer, Ask, Check, WhoElse
from voc.closure.models import SignOff, Told, Update
from voc.core import clock
from voc.core.principal import SYSTEM
from voc.decisions.models import Commitment, CommitmentTo, Decision, PlannedChange, Proof, Visit
from voc.demo.hands import person_of
from voc.demo.life.lived import live
from voc.demo.life.past import load_words
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.mail.models import Delivery, KeptMail
from voc.mail.outbox import NO_ADDRESS


def check_of(session: Session, part: str) -> Check:
    return session.scalars(select(Check).where(Check.what == load_words()[part]["what"])).one()


def states(session: Session, part: str) -> Counter[str]:
    check = check_of(session, part)
    return Counter(session.scalars(select(Ask.state).where(Ask.check_id == check.id)))


def answers(session: Session, part: str) -> Counter[str]:
    check = check_of(session, part)
    rows = session.scalars(
        select(Answer.says)
        .join(Ask, (Ask.account_id == Answer.account_id) & (Ask.id == Answer.ask_id))
        .where(Ask.check_id == check.id)
    )
    return Counter(rows)


@pytest.fixture
def session(lived: Lived) -> Session:
    with lived.database.reading(SYSTEM) as found:
        yield found


def test_one_question_is_finished_and_everyone_asked_was_told_once(session: Session) -> None:
    check = check_of(session, "finished")
    assert check.state == "closed"
    assert check.outcome_told_at is not None
    outcome = session.scalars(select(Update).where(Update.check_id == check.id)).one()
    told = session.scalar(select(func.count()).select_from(Told).where(Told.update_id == outcome.id)) or 0
    reached = states(session, "finished")
    assert told == reached["answered"] + reached["no_answer"]
    assert reached["answered"] >= 20


def test_its_answers_are_the_truth_and_of_every_kind(session: Session) -> None:
    said = answers(session, "finished")
    assert {"no", "problem", "manages"} <= set(said)
    assert said["problem"] + said["manages"] >= 10


def test_it_was_decided_by_an_owner_changed_and_looked_at_again(session: Session) -> None:
    decision = session.scalars(select(Decision)).one()
    assert decision.choice == "change"
    assert decision.message
    assert decision.decided_at < decision.done_at < decision.looked_again_at


def test_each_said_on_their_own_whether_it_is_solved(session: Session) -> None:
    said = Counter(session.scalars(select(SignOff.says)))
    assert said["yes"] >= 8
    assert said["no"] >= 1
    assert said["none"] >= 1
    assert None not in said


def test_fewer_say_it_since(lived: Lived, session: Session) -> None:
    decision = session.scalars(select(Decision)).one()
    issue = session.get_one(Issue, decision.issue_id)
    truth = lived.story.truth
    key = next(key for key, one in truth.issues.items() if one.title == issue.name)
    said = [one.said_at for one in lived.story.comments if key in truth.about[one.source_id]]
    after = sum(decision.done_at is not None and at >= decision.done_at for at in said)
    assert after <= 3 < len(said)


def test_one_question_is_half_answered(session: Session) -> None:
    check = check_of(session, "open")
    assert check.state == "asking"
    found = states(session, "open")
    assert 10 <= found["answered"] <= 30
    assert found["asked"] >= 8
    for state in ("bounced", "opted_out", "left_out"):
        assert found[state] >= 1, state
    assert answers(session, "open")["problem"] + answers(session, "open")["manages"] >= 3


def test_two_colleagues_differ_about_it(session: Session) -> None:
    check = check_of(session, "open")
    unclear = session.scalars(
        select(Cell.account_id).where(Cell.issue_id == check.issue_id, Cell.state == CellState.UNCLEAR)
    ).all()
    assert unclear


def test_the_quiet_client_has_an_open_question(lived: Lived, session: Session) -> None:
    quiet = lived.story.people["quiet_client"]
    ask = session.scalars(
        select(Ask)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .where(Contact.email_key == quiet.email)
    ).one()
    assert ask.check_id == check_of(session, "open").id
    assert ask.state == "asked"  # it is yours to answer


def test_the_loud_client_answered_a_question_and_heard_what_came_of_it(
    lived: Lived, session: Session
) -> None:
    contact = session.scalars(
        select(Contact).where(Contact.email_key == lived.story.people["loud_client"].email)
    ).one()
    ask = session.scalars(select(Ask).where(Ask.contact_id == contact.id)).one()
    assert ask.state == "answered"
    kinds = session.scalars(
        select(Update.kind)
        .join(Told, Told.update_id == Update.id)
        .where(Told.contact_id == contact.id, Told.shown_at.is_not(None))
    ).all()
    assert "outcome" in kinds


def test_one_question_is_ready_to_send(lived: Lived, session: Session) -> None:
    check = check_of(session, "ready")
    assert check.state == "draft"
    assert check.decider_id is not None
    with (
        clock.frozen(datetime.combine(lived.story.told_on, time(9), tzinfo=UTC)),
        lived.database.reading(person_of(session, lived.story, "lead")) as mine,
    ):
        found = audience.audience(mine, mine.get_one(Check, check.id), zone=lived.settings.time_zone)
    assert found.refusals == ()
    assert found.by_mail >= 15


def test_who_else_is_owed_and_looked_into(session: Session) -> None:
    plans = session.scalars(select(WhoElse)).all()
    looked = [plan for plan in plans if plan.looked_at is not None]
    assert len(looked) == 1
    assert looked[0].answered_at is None
    assert looked[0].found_words


def test_a_promise_is_kept_with_proof_and_made_to_the_loud_client(lived: Lived, session: Session) -> None:
    proofs = session.scalars(select(Proof)).all()
    assert len(proofs) == 2
    assert all(proof.was_kept for proof in proofs)
    account = session.scalars(
        select(Account).where(Account.name == lived.story.people["loud_client"].account)
    ).one()
    assert session.get(CommitmentTo, (account.id, proofs[0].commitment_id))
    promised = session.get_one(Commitment, proofs[0].commitment_id)
    assert promised.next_due_on > lived.story.told_on


def test_a_visit_is_in_its_steps_and_a_change_is_planned(lived: Lived, session: Session) -> None:
    visit = session.scalars(select(Visit)).one()
    assert visit.logic
    assert visit.commitment_id is not None
    assert visit.team_told_on is not None
    assert visit.checked_words is None
    planned = session.scalars(select(PlannedChange)).one()
    assert planned.state == "planned"
    assert planned.planned_on > lived.story.told_on + timedelta(weeks=4)
    assert session.scalar(select(Threshold.groups)) == 5


def test_every_mail_of_the_past_was_kept_and_none_waits(session: Session) -> None:
    mails = Counter(session.scalars(select(Delivery.state)))
    assert set(mails) <= {"sent", "bounced", "refused"}
    assert set(session.scalars(select(Delivery.why).where(Delivery.state == "refused"))) <= {NO_ADDRESS}
    assert session.scalar(select(func.count()).select_from(KeptMail)) == mails["sent"]


def test_nothing_of_the_past_lies_in_the_future(lived: Lived, session: Session) -> None:
    now = datetime.combine(lived.story.told_on, time(9), tzinfo=UTC)
    for moment in (
        Delivery.sent_at,
        Answer.answered_at,
        Decision.decided_at,
        SignOff.said_at,
        Comment.said_at,
    ):
        assert session.scalar(select(func.max(moment))) <= now


def test_beginning_again_changes_nothing(lived: Lived) -> None:
    with lived.database.reading(SYSTEM) as session:
        before = session.scalar(select(func.count()).select_from(Delivery))
    live(lived.story, lived.database, lived.settings)
    with lived.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == before


def test_whoever_never_spoke_wrote_no_word(lived: Lived, session: Session) -> None:
    spoke = session.scalars(
        select(Account.group_id).join(Comment, Comment.account_id == Account.id).distinct()
    ).all()
    listed = session.scalar(select(func.count()).select_from(Account).where(Account.id == Account.group_id))
    silent = sum(talk == 0 for talk in lived.story.truth.talk.values())
    assert (listed or 0) - len(spoke) == silent
