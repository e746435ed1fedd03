"""“Other clients have told us the same”: only by an executive's switch, from five others up, looked at daily."""

from sqlalchemy import select

from tests import factories
from tests.closure.conftest import Book
from voc.breadth.rules import Says, Source
from voc.breadth.service import record_evidence
from voc.closure import others
from voc.closure.models import OthersSaidSo
from voc.closure.others import SENTENCE
from voc.core import clock
from voc.core.principal import Role

NAMES = ("Acacia House", "Birch Clinic", "Cedar Care", "Dune Home", "Elm House", "Fir Centre", "Gorse Court")


def switched(book: Book) -> None:
    boss = factories.user(book.session, Role.EXECUTIVE)
    book.session.add(
        OthersSaidSo(issue_id=book.issue.id, is_on=True, is_true=False, by_id=boss.id, at=clock.now())
    )
    book.session.flush()


def said(book: Book) -> set[str]:
    update = book.draft()
    book.leave(update)
    return {str(mail.filled["others"]) for mail in book.mails(update)}


def test_it_is_off_unless_an_executive_allows_it(book: Book) -> None:
    for name in NAMES:
        book.told_us(name)
    others.look(book.session)
    assert said(book) == {""}


def test_five_others_are_needed_and_the_daily_look(book: Book) -> None:
    switched(book)
    for name in NAMES[:5]:
        book.told_us(name)
    others.look(book.session)
    assert said(book) == {""}
    book.told_us(NAMES[5])
    assert said(book) == {""}
    assert others.look(book.session) == 1
    assert others.look(book.session) == 0
    assert said(book) == {SENTENCE}


def test_what_our_staff_saw_is_not_what_clients_told_us(book: Book) -> None:
    switched(book)
    for name in NAMES[:5]:
        book.told_us(name)
    seen = book.client(NAMES[5])
    record_evidence(
        book.session, account_id=seen.account.id, issue_id=book.issue.id, source=Source.STAFF,
        says=Says.HAS_PROBLEM, observed_at=clock.now(), user_id=book.lead.id,
    )  # fmt: skip
    others.look(book.session)
    assert said(book) == {""}


def test_one_client_flipping_its_own_word_changes_nothing_it_can_read(book: Book) -> None:
    switched(book)
    for name in NAMES[:6]:
        book.told_us(name)
    others.look(book.session)
    before = said(book)
    book.told_us(NAMES[6])
    others.look(book.session)
    assert said(book) == before
    assert book.session.scalars(select(OthersSaidSo)).one().is_true
