"""A client who tries to learn of others from what we ask learns nothing (acceptance.md P2)."""

import json
import re
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.checks.conftest import SINCE, Book, make_book
from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.checks import asked, asking, drafting
from voc.checks.models import Ask, Check
from voc.checks.sentences import runs, runs_of_question, words_of
from voc.core.errors import Conflict
from voc.core.principal import SYSTEM, Role
from voc.db.scope import open_for
from voc.intake.models import Comment
from voc.mail.links import by_link
from voc.mail.models import Delivery, Link

CANARIES = (
    "the sterile trays of ward seven came back wet every single Monday morning",
    "our bookkeeper retypes each invoice by hand because your number is missing",
    "nobody of your planning desk ever calls before the lorry stands in the yard",
)
BADLY = (
    "trays of ward seven came back wet", "each invoice by hand", "the lorry stands in the yard",
    "the Lorry, stands — in the YARD", "as in the case of client a0", "Person Q4 had to wait for an invoice",
    "invoices to Q7 came late", "you had the problem that other hospitals have", "form QX-77 came late",
    "the moss procedure was skipped",
)  # fmt: skip


@pytest.fixture
def town(session: Session) -> Book:
    book = make_book(session, clients=12)
    for client, words in zip(book.clients[1:], CANARIES, strict=False):
        book.told(client, text=words, hidden_from_id=book.lead.id if words is CANARIES[2] else None)
    book.told(book.clients[1], text="We still wait for form QX-77, and your moss procedure is gone.")
    return book


@pytest.mark.parametrize("what", BADLY)
def test_a_lead_who_words_it_badly_on_purpose_cannot_send_it(town: Book, what: str) -> None:
    check = town.draft(what)
    assert drafting.problems(town.session, check)
    with pytest.raises(Conflict), town.session.begin_nested():
        asking.send(town.session, check)


def test_what_leaves_holds_no_words_no_names_and_no_number_of_anybody_else(town: Book) -> None:
    check = town.ask()
    session = town.session
    open_for(session, SYSTEM)
    said = {run for text in session.scalars(select(Comment.text)) for run in runs(text)}
    assert not said & set(runs_of_question(check.what))
    for mail in town.mails(check):
        _holds_nothing_of_others(session, mail, said)


def _holds_nothing_of_others(session: Session, mail: Delivery, said: set[tuple[str, ...]]) -> None:
    own = session.get_one(Account, mail.account_id)
    person = session.get_one(Contact, (mail.account_id, mail.contact_id))
    shown = json.dumps(
        {key: value for key, value in mail.filled.items() if key != "answers"}, ensure_ascii=False
    )
    names = [name for model in (Account, Contact) for name in session.scalars(select(model.name))]
    others = [name for name in names if name not in {own.name, person.name}]
    assert [name for name in others if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", shown)] == []
    assert not said & runs(shown)
    assert "issue" not in shown.casefold()


def test_two_clients_who_compare_see_the_same_question_and_nothing_else(town: Book) -> None:
    check = town.ask()
    seen = [_everything_seen(town.session, ask) for ask in town.asks(check)[:2]]
    assert seen[0] == seen[1]


def _everything_seen(session: Session, ask: Ask) -> Sequence[object]:
    link = session.scalars(select(Link).where(Link.thing == ask.public_id)).one()
    open_for(session, by_link(link))
    try:
        shown = asked.asked_shown(session, ask, "UTC")
        open_asks = session.scalars(select(Ask.account_id)).all()
        return [
            shown.question,
            sorted(shown.answers),
            shown.reads,
            shown.back_by,
            shown.closes_at,
            len(open_asks),
        ]
    finally:
        open_for(session, SYSTEM)


def test_the_answer_of_one_client_changes_nothing_another_can_see(town: Book) -> None:
    check = town.ask()
    first, second = town.asks(check)[:2]
    before = _everything_seen(town.session, second)
    town.answer(first, "problem", "A secret only we know of, the blue crane fell.")
    assert _everything_seen(town.session, second) == before


def test_a_process_only_one_client_knows_may_be_named_once_that_client_agreed(town: Book) -> None:
    check = town.draft("the moss procedure was skipped")
    assert [one.kind for one in drafting.problems(town.session, check)] == ["revealing"]
    town.session.scalars(select(Comment).where(Comment.text.contains("moss"))).one().may_ask_others = True
    town.session.flush()
    assert drafting.problems(town.session, check) == ()


def test_every_name_on_the_list_is_refused(town: Book) -> None:
    open_for(town.session, SYSTEM)
    names = [name for model in (Account, Contact, User) for name in town.session.scalars(select(model.name))]
    for name in names:
        found = drafting.problems_of(town.session, f"an invoice for {name} came late", SINCE)
        assert any(one.kind == "naming" for one in found), name
        assert not any(word in words_of(found[0].better or "") for word in words_of(name)[-1:])


def test_the_questions_of_a_client_name_no_issue(town: Book) -> None:
    check = town.ask()
    ask = town.asks(check)[0]
    user = factories.user(
        town.session, Role.CLIENT_VIEWER, account=town.session.get_one(Account, ask.account_id)
    )
    assert user is not None
    assert "issue" not in set(asked.AskedShown.__dataclass_fields__)
    assert town.session.get_one(Check, ask.check_id).issue_id
