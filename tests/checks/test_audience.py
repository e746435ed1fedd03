"""One person of each client the issue may concern, chosen by role, explained, and never one too many."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.checks.conftest import BY, SINCE, WHAT, Book, later, make_book
from tests.conftest import NOW
from voc.breadth.rules import Says, Source
from voc.breadth.service import record_evidence
from voc.checks import asking, drafting, rules
from voc.checks.audience import Audience, audience, choose_person, leave_out, refusals, take_back_in
from voc.core import clock
from voc.core.errors import Conflict, Forbidden, Invalid
from voc.core.principal import Role
from voc.issues import curate
from voc.mail.addresses import set_rule


def names(found: Audience) -> set[str]:
    return {one.account for one in found.rows}


def why_not(found: Audience, name: str) -> str:
    return next(left.reason for left in found.left_out if name in left.clients)


def test_everyone_who_has_not_told_us_is_asked_one_person_each(book: Book) -> None:
    found = audience(book.session, book.draft())
    assert names(found) == {one.name for one in book.clients[2:]}
    assert (found.by_mail, found.by_call, found.too_few, found.refusals) == (8, 0, False, ())
    assert all(one.why for one in found.rows)
    assert why_not(found, book.clients[0].name) == "told us already"


def test_an_issue_that_touches_a_service_concerns_its_buyers_only(book: Book) -> None:
    service = factories.service(book.session, name="Invoicing")
    for client in book.clients[:8]:
        factories.buys(book.session, client, service)
    curate.set_services(book.session, book.issue, [service.public_id])
    assert names(audience(book.session, book.draft())) == {one.name for one in book.clients[2:8]}


def test_the_person_whose_role_fits_is_asked_and_the_others_can_be_chosen(book: Book) -> None:
    client = book.clients[4]
    fits = factories.contact(book.session, client, name="Fia Fits", role="Invoice desk")
    found = audience(book.session, book.draft())
    row = next(one for one in found.rows if one.account == client.name)
    assert (row.contact, [other.name for other in row.others]) == ("Fia Fits", [book.people[client.id].name])
    assert "Invoice desk" in row.why
    assert fits.public_id == row.contact_public_id


def test_who_spoke_to_us_lately_goes_before_who_never_did(book: Book) -> None:
    client = book.clients[4]
    spoke = factories.contact(book.session, client, name="Sven Spoke", role=None)
    book.people[client.id].role = None
    factories.comment(book.session, client, contact_id=spoke.id, said_at=NOW - timedelta(days=20))
    row = next(one for one in audience(book.session, book.draft()).rows if one.account == client.name)
    assert (row.contact, row.why) == ("Sven Spoke", "spoke to us 2 weeks ago")


def test_a_group_is_asked_once_with_all_its_sites(book: Book) -> None:
    site = factories.account(book.session, group=book.clients[5])
    factories.contact(book.session, site, name="Site Person", role="Invoice control")
    found = audience(book.session, book.draft())
    assert [one.contact for one in found.rows if one.group_id == book.clients[5].id] == ["Site Person"]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (Says.HAS_PROBLEM, "told us already"),
        (Says.HAS_NOT, "answered lately that they do not have it"),
        (Says.NOT_APPLICABLE, "do not use this"),
        (Says.PREFERS_NOT, "prefer not to be asked"),
    ],
)
def test_whoever_answered_lately_is_not_asked_again(book: Book, says: Says, reason: str) -> None:
    _say(book, Source.ANSWER, says)
    assert why_not(audience(book.session, book.draft()), book.clients[3].name) == reason


def test_what_only_our_staff_saw_is_asked_of_the_client(book: Book) -> None:
    _say(book, Source.STAFF, Says.HAS_PROBLEM)
    assert book.clients[3].name in names(audience(book.session, book.draft()))


def _say(book: Book, source: Source, says: Says) -> None:
    client = book.clients[3]
    record_evidence(
        book.session,
        account_id=client.id,
        issue_id=book.issue.id,
        source=source,
        says=says,
        observed_at=clock.now(),
    )


@pytest.mark.parametrize(("rule", "how"), [("no_questions", None), ("bounces", "call"), ("no_mail", "call")])
def test_what_an_address_asked_of_us_is_kept(book: Book, rule: str, how: str | None) -> None:
    client = book.clients[3]
    set_rule(book.session, str(book.people[client.id].email), rule)
    found = audience(book.session, book.draft())
    assert [one.how for one in found.rows if one.account == client.name] == ([how] if how else [])
    if how is None:
        assert "asked us not to ask again" in why_not(found, client.name)


def test_without_an_address_it_is_a_call_and_without_anybody_it_is_said(book: Book) -> None:
    book.people[book.clients[3].id].email = None
    book.session.delete(book.people[book.clients[4].id])
    book.session.flush()
    found = audience(book.session, book.draft())
    assert [one.how for one in found.rows if one.account == book.clients[3].name] == ["call"]
    assert why_not(found, book.clients[4].name) == "we know nobody there"


def test_fewer_than_five_go_on_the_phone_list(session: Session) -> None:
    book = make_book(session, clients=6)
    found = audience(session, book.draft())
    assert (found.too_few, found.by_mail, found.by_call) == (True, 0, 4)
    assert all(one.how == "call" and "so few" in one.why for one in found.rows)
    assert found.refusals == ()


def test_a_random_dozen_is_drawn_once_and_never_holds_the_loud_client(session: Session) -> None:
    book = make_book(session, clients=40)
    check = book.draft(reach="dozen")
    first = names(audience(session, check))
    assert len(first) == 12
    assert names(audience(session, check)) == first
    assert book.clients[0].name not in first
    left = next(one for one in book.clients if one.name in first)
    leave_out(session, check, left.public_id, "in the middle of a move")
    again = names(audience(session, check))
    assert len(again) == 12
    assert len(again - first) == 1


def test_a_lead_chooses_another_person_or_leaves_a_client_out_and_takes_it_back(book: Book) -> None:
    check, client = book.draft(), book.clients[4]
    other = factories.contact(book.session, client, name="Odd Other")
    choose_person(book.session, check, client.public_id, other.public_id)
    assert [one.contact for one in audience(book.session, check).rows if one.account == client.name] == [
        "Odd Other"
    ]
    leave_out(book.session, check, client.public_id, "Their audit week")
    assert why_not(audience(book.session, check), client.name) == "Their audit week"
    take_back_in(book.session, check, client.public_id)
    assert client.name in names(audience(book.session, check))


def test_a_draft_without_an_owner_a_day_or_fair_words_is_refused(book: Book) -> None:
    check = drafting.draft(book.session, book.issue, what="our driver came late again", since_on=SINCE)
    said = refusals(book.session, check)
    assert any("who decides" in one for one in said)
    assert any("wording" in one for one in said)


def test_an_owner_must_be_one_of_ours_with_a_day_to_come(book: Book) -> None:
    check = drafting.draft(book.session, book.issue, what=WHAT, since_on=SINCE)
    with pytest.raises(Invalid) as refused:
        drafting.plan(book.session, check, if_many="x", decider_public_id="nobody", decide_by=SINCE)
    assert set(refused.value.fields) == {"if_many", "decider", "decide_by"}


@pytest.mark.parametrize("hour", [0, 9, 21])  # the provider's day begins at 22:00 UTC the day before
def test_nothing_is_asked_on_the_day_of_the_complaint(book: Book, hour: int) -> None:
    book.told(book.clients[2], said_at=NOW.replace(hour=hour, minute=5))
    zone = "Europe/Amsterdam"
    with clock.frozen(NOW.replace(hour=21, minute=30)):
        assert any("today" in one for one in refusals(book.session, book.draft(), zone=zone))
    with clock.frozen(NOW.replace(hour=22, minute=30)):
        assert refusals(book.session, book.draft(), zone=zone) == ()


def test_a_second_word_of_a_client_on_the_day_is_no_new_complaint_unless_it_is_loud(book: Book) -> None:
    book.told(book.clients[1], said_at=NOW)
    assert refusals(book.session, book.draft()) == ()
    book.told(book.clients[1], said_at=NOW, wants_senior=True)
    assert refusals(book.session, book.draft()) != ()


def test_known_from_one_client_only_needs_its_word_or_an_executives(book: Book) -> None:
    issue = factories.issue(book.session)
    book.issue = issue
    book.told(book.clients[0])
    check = book.draft()
    assert any("Only one client" in one for one in refusals(book.session, check))
    with pytest.raises(Forbidden):
        drafting.allow_alone(book.session, check, "It touches every invoice we send from now on.")
    book.as_user(factories.user(book.session, Role.EXECUTIVE), Role.EXECUTIVE)
    with pytest.raises(Invalid):
        drafting.allow_alone(book.session, check, "because")
    drafting.allow_alone(book.session, check, "It touches every invoice we send from now on.")
    assert refusals(book.session, check) == ()


def test_the_word_of_the_one_client_is_enough(book: Book) -> None:
    book.issue = factories.issue(book.session)
    book.told(book.clients[0], may_ask_others=True)
    assert refusals(book.session, book.draft()) == ()


def test_one_question_about_an_issue_is_open_at_a_time(book: Book) -> None:
    second = book.draft()
    book.ask()
    assert any("open already" in one for one in refusals(book.session, second))


def test_nothing_leaves_a_house_that_has_not_started_sending(book: Book) -> None:
    from voc.mail.models import Switch  # noqa: PLC0415

    book.session.get_one(Switch, 1).is_practice = False
    book.session.flush()
    assert any("start sending" in one for one in refusals(book.session, book.draft()))


def test_a_person_is_not_asked_twice_in_a_week_nor_in_two_rounds_a_quarter(book: Book) -> None:
    book.ask()
    book.issue = factories.issue(book.session)
    book.told(book.clients[0], may_ask_others=True)
    left = {one.name for one in book.clients[2:]}
    for days, reason in (
        (3, "asked less than 7 days ago"),
        (30, "had a round of questions this quarter already"),
    ):
        with clock.frozen(later(days)):
            found = audience(book.session, book.draft())
            assert names(found) == {book.clients[1].name}
            assert all(reason in why_not(found, name) for name in left)
    for days in (8, 92):
        with clock.frozen(later(days)):
            check = drafting.draft(book.session, book.issue, what=WHAT, since_on=SINCE)
            assert left <= names(audience(book.session, check))


def test_three_questions_fill_a_round() -> None:
    person = rules.Person(1, 1, "P", None, has_email=True, has_phone=False, may_be_asked=True)
    day = NOW.date()
    full = rules.Person(
        1, 1, "P", None, has_email=True, has_phone=False, may_be_asked=True, asked_on=day - timedelta(days=7),
        asked_this_round=3, round_began_on=day - timedelta(days=14),
    )  # fmt: skip
    assert rules.refusal(person, day) is None
    assert rules.refusal(full, day) == "had 3 questions this quarter already"


def test_somebody_in_two_accounts_is_one_person(book: Book) -> None:
    person, other = book.people[book.clients[3].id], book.people[book.clients[4].id]
    other.email, other.email_key = person.email, person.email_key
    book.session.flush()
    book.issue, first = factories.issue(book.session), book.issue
    del first
    book.told(book.clients[0], may_ask_others=True)
    check = book.draft()
    leave_out(book.session, check, book.clients[4].public_id, "asked elsewhere")
    book.ask(check)
    book.issue = factories.issue(book.session)
    book.told(book.clients[0], may_ask_others=True)
    found = audience(book.session, drafting.draft(book.session, book.issue, what=WHAT, since_on=SINCE))
    assert book.clients[4].name not in names(found)


@pytest.mark.parametrize("number", [1, 2, 7, 12, 501])
def test_half_see_no_first(number: int) -> None:
    sides = rules.halves(number, 5)
    assert abs(2 * sum(sides) - number) <= 1
    assert rules.halves(number, 5) == sides
    assert rules.answer_order(True)[0] == "no" != rules.answer_order(False)[0]


def test_what_is_on_its_way_cannot_be_changed(book: Book) -> None:
    check = book.draft()
    asking.send(book.session, check)
    for change in (
        lambda: drafting.reword(book.session, check, what="other", since_on=SINCE),
        lambda: drafting.plan(
            book.session, check, if_many="We do it", decider_public_id=book.lead.public_id, decide_by=BY
        ),
        lambda: leave_out(book.session, check, book.clients[3].public_id, "why"),
    ):
        with pytest.raises(Conflict):
            change()
