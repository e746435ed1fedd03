"""A loud client makes us owe an answer to “who else?”: by evidence, or by a reason somebody wrote."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests import factories
from tests.checks.conftest import Book, later
from voc.accounts.models import UsageReading
from voc.checks import asking, closing, who_else
from voc.core.errors import Conflict, Invalid
from voc.issues import curate

Move = Callable[..., None]


def close(book: Book) -> None:
    while closing.close_due(book.session):
        pass
    who_else.keep_plans(book.session)


def test_a_confirmed_escalation_opens_one_plan_and_a_machines_match_none(book: Book) -> None:
    quiet = factories.issue(book.session)
    comment = factories.comment(book.session, book.clients[4], wants_senior=True)
    factories.match(book.session, comment, quiet)
    assert who_else.open_plans(book.session) == 1
    assert who_else.open_plans(book.session) == 0
    plan = who_else.plan_of(book.session, book.issue)
    assert plan is not None
    assert (plan.client, plan.due_on, plan.is_late) == (book.clients[0].name, date(2026, 5, 14), False)
    assert who_else.plan_of(book.session, quiet) is None


def test_step_one_looks_at_records_usage_and_owners_without_asking(book: Book) -> None:
    service = factories.service(book.session, name="Invoicing")
    for client in book.clients[:6]:
        factories.buys(book.session, client, service)
    curate.set_services(book.session, book.issue, [service.public_id])
    for week in range(1, 17):
        monday = date(2026, 5, 4) - timedelta(weeks=week)
        for client, amount in ((book.clients[2], 10.0 if week > 4 else 5.0), (book.clients[3], 10.0)):
            book.session.add(
                UsageReading(account_id=client.id, service_id=service.id, week_on=monday, amount=amount)
            )
    book.session.flush()
    who_else.owner_says(
        book.session, book.issue, book.clients[4].public_id, says="has_not", note="Seen their desk last week."
    )
    found = who_else.step_one(book.session, book.issue)
    assert {one.name for one in found.told} == {one.name for one in book.clients[:2]}
    assert [(one.client.name, one.service, round(one.fall_share, 2)) for one in found.falling] == [
        (book.clients[2].name, "Invoicing", 0.5)
    ]
    assert (found.usage_known, found.applies) == (2, 6)
    views = {one.client.name: one.says for one in found.owners}
    assert views == {book.clients[4].name: "has_not"} | {
        book.clients[place].name: None for place in (2, 3, 5)
    }
    assert found.owners[0].says is None
    assert found.owners[0].owner == "Olga Orange"


def test_what_our_people_say_never_counts_as_the_clients_no(book: Book) -> None:
    for client, says, state in (
        (4, "has", "has_problem"),
        (5, "has_not", "not_asked"),
        (6, "unknown", "not_asked"),
    ):
        who_else.owner_says(
            book.session, book.issue, book.clients[client].public_id, says=says, note="Saw it there."
        )
        assert book.state(book.clients[client]) == state
    assert (book.sums().seen, book.sums().has_not) == (1, 0)
    with pytest.raises(Invalid):
        who_else.owner_says(book.session, book.issue, book.clients[4].public_id, says="perhaps", note="")


def test_what_was_found_is_kept_as_figures_with_our_words(book: Book) -> None:
    who_else.open_plans(book.session)
    plan = who_else.looked(book.session, book.issue, "Two of three owners saw it.")
    assert plan.found is not None
    assert (plan.found["told"], plan.found["owners_open"], plan.looked_by) == (2, 8, "Leo Lime")


def test_asking_everyone_answers_it_when_the_question_closes(book: Book, at: Move) -> None:
    who_else.open_plans(book.session)
    check = book.ask()
    who_else.keep_plans(book.session)
    plan = who_else.plan_of(book.session, book.issue)
    assert plan is not None
    assert (plan.everyone, plan.answered_at) == (check.public_id, None)
    at(later(14))
    close(book)
    plan = who_else.plan_of(book.session, book.issue)
    assert plan is not None
    assert (plan.answered_how, plan.days) == ("evidence", 17)


@pytest.mark.parametrize(("changes", "answered"), [(False, True), (True, False), (None, False)])
def test_a_dozen_answers_it_only_where_everyone_would_not_change_the_decision(
    book: Book,
    at: Move,
    *,
    changes: bool | None,
    answered: bool,
) -> None:
    who_else.open_plans(book.session)
    book.ask(book.draft(reach="dozen"))
    at(later(14))
    close(book)
    if changes is not None:
        who_else.would_change(book.session, book.issue, changes=changes)
    plan = who_else.plan_of(book.session, book.issue)
    assert plan is not None
    assert (plan.answered_at is not None) == answered
    assert plan.dozen is not None


def test_a_reason_has_to_say_something_and_answers_it_once(book: Book) -> None:
    who_else.open_plans(book.session)
    for words in ("no", "not necessary", "unnecessaryunnecessary"):
        with pytest.raises(Invalid):
            who_else.answer_by_reason(book.session, book.issue, words)
    plan = who_else.answer_by_reason(
        book.session, book.issue, "Only this client has a contract of this kind."
    )
    assert (plan.answered_how, plan.days) == ("reason", 3)
    with pytest.raises(Conflict):
        who_else.answer_by_reason(book.session, book.issue, "Only this client has a contract of this kind.")


def test_the_figure_is_the_median_of_days_with_what_is_open_and_overdue(book: Book, at: Move) -> None:
    assert who_else.headline(book.session).median_days is None
    who_else.open_plans(book.session)
    other = factories.issue(book.session, name="Another")
    book.told(book.clients[2], issue=other, wants_senior=True)
    who_else.open_plans(book.session)
    who_else.answer_by_reason(book.session, other, "They asked about one visit that is done.")
    at(later(11))
    found = who_else.headline(book.session)
    assert (found.median_days, found.answered, found.open, found.overdue, len(found.plans)) == (
        3.0,
        1,
        1,
        1,
        2,
    )


def test_a_merged_issues_plan_is_the_plan_of_both(book: Book) -> None:
    who_else.open_plans(book.session)
    into = factories.issue(book.session)
    curate.merge_issues(book.session, book.issue, into)
    assert who_else.open_plans(book.session) == 0
    assert who_else.plan_of(book.session, into) is not None


def test_a_stopped_question_answers_nothing(book: Book) -> None:
    who_else.open_plans(book.session)
    check = book.ask()
    asking.stop(book.session, check)
    assert who_else.keep_plans(book.session) == 0
    plan = who_else.plan_of(book.session, book.issue)
    assert plan is not None
    assert plan.everyone is None
