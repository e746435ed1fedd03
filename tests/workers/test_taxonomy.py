"""What a wished change would do: looked at once, dropped when overtaken, people's words kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from nlp.reading import Reading, Span, ThemeReading
from tests import factories
from tests.analysis.wishing import the_wish
from voc.access.models import User
from voc.analysis import labels
from voc.analysis.models import Theme, ThemeDraft
from voc.analysis.themes import comparing, drafts
from voc.analysis.themes.comparing import Compared
from voc.analysis.themes.wishes import Add, Describe, Merge, Retire, Wish
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Principal, Role
from voc.db import lease
from voc.db.scope import open_for
from voc.db.session import Database
from voc.jobs import PREVIEW, TRAIN, QuietDoorbell, RedisDoorbell
from workers import taxonomy
from workers.scope import Scope
from workers.sweep import sweep
from workers.taxonomy import drain_with


@dataclass
class NoRedis:
    """Redis as far as a drain needs it."""

    def delete(self, name: str) -> None:
        """Nothing is kept."""


@dataclass
class WordReader:
    """Reads a text as about each theme whose key stands in it."""

    keys: tuple[str, ...]

    def read(self, texts: Sequence[str]) -> list[Reading]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Reading:
        themes = tuple(
            ThemeReading(key, 0.9, Span(text.index(key), text.index(key) + len(key)), "Sounds like it.")
            for key in self.keys
            if key in text
        )
        return Reading("fake-1", "en", True, themes, not themes, None, None, None, None, (), (), None, None)


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    return Scope(settings, database, cast(Redis, NoRedis()), cast(RedisDoorbell, doorbell))


@pytest.fixture
def lead(session: Session) -> User:
    return factories.user(session, Role.LEAD)


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipelines that read by words alone, so that no machine need be loaded."""

    def reader(_: Scope, way: Any) -> WordReader:  # a way of reading, private to the job
        return WordReader(tuple(spec.key for spec in way.specs))

    monkeypatch.setattr(taxonomy, "_reader", reader)


@pytest.fixture
def wish(session: Session, lead: User) -> Callable[[Wish], ThemeDraft]:
    def make(wanted: Wish) -> ThemeDraft:
        open_for(session, Principal("user", user_id=lead.id, roles=frozenset({Role.LEAD}), account_ids=None))
        made = drafts.wish(session, wanted)
        open_for(session, SYSTEM)
        return made

    return make


def found(session: Session) -> Compared:
    session.expire_all()
    draft = the_wish(session)
    assert (draft.state, draft.looked_version) == ("ready", 1)
    return comparing.from_stored(draft.found or {})


def counts(session: Session) -> dict[str, tuple[int, int]]:
    return {one.key: (one.gets, one.loses) for one in found(session).themes}


Wishing = Callable[[Wish], ThemeDraft]


@pytest.mark.usefixtures("by_words")
def test_a_look_compares_both_ways_whether_a_comment_was_read_or_not(
    session: Session, here: Scope, wish: Wishing
) -> None:
    factories.theme(session, key="billing", name="Billing")
    factories.reading(session, factories.comment(session, text="about billing"))
    factories.comment(session, text="about parking")
    wish(Add("Parking", "Cars."))
    assert drain_with(here) == 1
    assert counts(session) == {"parking": (1, 0)}
    assert (found(session).comments, found(session).stay) == (2, 1)
    assert found(session).themes[0].gained[0].starts_at == 6
    assert drain_with(here) == 0


@pytest.mark.usefixtures("by_words")
def test_without_a_comment_the_look_is_done_at_once(session: Session, here: Scope, wish: Wishing) -> None:
    wish(Add("Parking"))
    assert drain_with(here) == 1
    assert found(session) == Compared(0, 0, 0, ())


@pytest.mark.usefixtures("by_words")
def test_what_people_said_stays_whatever_is_changed(
    session: Session, here: Scope, wish: Wishing, lead: User
) -> None:
    theme = factories.theme(session, key="billing", name="Billing")
    kept, denied = (factories.comment(session, text="about billing") for _ in range(2))
    open_for(session, Principal("user", user_id=lead.id, roles=frozenset({Role.LEAD}), account_ids=None))
    labels.correct_theme(session, kept.public_id, theme_key=theme.key, holds=True)
    labels.correct_theme(session, denied.public_id, theme_key=theme.key, holds=False)
    wish(Retire("billing"))
    drain_with(here)
    assert (found(session).stay, found(session).with_labels) == (2, 2)


@pytest.mark.usefixtures("by_words")
def test_a_wished_merge_counts_machine_and_people_for_the_other(
    session: Session, here: Scope, wish: Wishing, lead: User
) -> None:
    for key in ("billing", "money"):
        factories.theme(session, key=key, name=key.title())
    said, _ = factories.comment(session, text="nothing"), factories.comment(session, text="billing and money")
    open_for(session, Principal("user", user_id=lead.id, roles=frozenset({Role.LEAD}), account_ids=None))
    labels.correct_theme(session, said.public_id, theme_key="billing", holds=True)
    wish(Merge("billing", "money"))
    drain_with(here)
    assert counts(session) == {"billing": (0, 2), "money": (1, 0)}


@pytest.mark.usefixtures("by_words")
def test_a_wish_changed_while_it_is_looked_at_is_looked_at_anew(
    session: Session, here: Scope, wish: Wishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.comment(session, text="about parking")
    draft = wish(Add("Parking"))
    batches = []

    def changed_meanwhile(*given: Any) -> Any:  # as _batch takes and gives
        if not batches:
            batches.append(given)
            again = Add("Canteen")
            drafts.wish(session, again, draft=draft)
            session.flush()
        return batch(*given)

    batch = taxonomy._batch
    monkeypatch.setattr(taxonomy, "_batch", changed_meanwhile)
    assert drain_with(here) == 1
    assert counts(session) == {}
    assert drafts.wish_of(the_wish(session)) == Add("Canteen")


@pytest.mark.usefixtures("by_words")
def test_a_worker_killed_halfway_leaves_the_wish_to_the_next(
    session: Session, here: Scope, wish: Wishing, doorbell: QuietDoorbell
) -> None:
    wish(Add("Parking"))
    assert drafts.claim(session) is not None  # and then it is killed
    assert sweep(here) == {"preview": 1}
    assert doorbell.rung == [PREVIEW]
    assert drain_with(here) == 1


@pytest.mark.usefixtures("by_words")
def test_a_second_worker_leaves_it_to_the_first(session: Session, here: Scope, wish: Wishing) -> None:
    wish(Add("Parking"))
    token = lease.take(session, "theme look")
    assert token is not None
    assert drain_with(here) == 0
    lease.give_back(session, "theme look", token)
    assert drain_with(here) == 1


def test_a_look_that_breaks_is_tried_thrice_and_set_aside(
    session: Session, here: Scope, wish: Wishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("cannot read")

    monkeypatch.setattr(taxonomy, "_reader", breaks)
    draft = wish(Add("Parking"))
    assert drain_with(here) == 0
    session.expire_all()
    assert (draft.state, draft.trouble) == ("failed", "What it would change could not be worked out.")
    assert sweep(here) == {}


def test_the_reading_machine_itself_looks(session: Session, here: Scope, wish: Wishing) -> None:
    money: Theme = factories.theme(
        session, key="billing", name="Invoices and payments", description="Wrong or late invoices and payments.",
        examples=["The invoice is wrong.", "We paid twice."],
    )  # fmt: skip
    factories.comment(session, text="There is never a free parking space for our cars.")
    factories.comment(session, text="The invoice is wrong again.")
    factories.comment(
        session, text="Die Rechnung kam wieder zu spät und niemand antwortet auf unsere Fragen."
    )
    wish(Add("Parking", "Parking spaces and cars.", ("No free parking space.", "Cars block our gate.")))
    assert drain_with(here) == 1
    assert counts(session)["parking"] == (1, 0)
    assert found(session).stay == 2
    wish(Describe("billing", money.name, money.description, ("The invoice is wrong.",)))
    assert drain_with(here) == 1


def test_previews_share_the_worker_that_learns() -> None:
    from voc.jobs import IN_QUEUE_OF  # noqa: PLC0415 - the one fact of this test

    assert IN_QUEUE_OF[PREVIEW] == TRAIN
