"""Messages go to confirmed links only, once each, exactly as shown, and not before ten minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.closure.conftest import WORDS, ZONE, Book, client_of
from voc.checks.models import Call
from voc.closure import telling
from voc.closure.audience import ONLY_MACHINE, ONLY_OURS, who_hears
from voc.closure.letters import letters, mails_of
from voc.closure.readers import audience_of
from voc.closure.story import did_for, story_of
from voc.closure.telling import Wanted
from voc.core import clock
from voc.core.config import Settings
from voc.core.errors import Conflict, Invalid
from voc.intake.models import Thread
from voc.jobs import tell
from voc.mail.addresses import set_rule
from voc.mail.models import Batch, Delivery
from voc.mail.rendering import preview


def test_each_person_who_told_us_or_said_yes_hears_once(book: Book) -> None:
    one = book.told_us("Acacia House")
    book.asked(book.check(), "Birch Clinic", "problem")
    book.asked(book.check(), "Cedar Care", "no")
    update = book.draft()
    assert {row.account_id for row in book.told(update)} == {
        book.clients[0].account.id,
        book.clients[1].account.id,
    }
    assert (
        next(row for row in book.told(update) if row.account_id == one.account.id).title
        == "Acacia House waits for the soup each day."
    )


def test_a_machines_match_gets_nothing_and_the_reason_is_said(book: Book) -> None:
    book.told_us("Acacia House")
    doubt = book.told_us("Birch Clinic", state="machine")
    found = who_hears(book.session, book.issue)
    assert [one.client for one in found.hearers] == ["Acacia House"]
    assert [(one.client, one.why) for one in found.left_out] == [("Birch Clinic", ONLY_MACHINE)]
    update = book.draft()
    book.leave(update)
    assert all(mail.account_id != doubt.account.id for mail in book.mails(update))


def test_what_only_our_people_saw_is_told_on_the_phone(book: Book) -> None:
    noted = book.told_us("Acacia House")
    assert noted.comment is not None
    noted.comment.source, noted.comment.noted_by_id = "staff_note", book.lead.id
    book.session.flush()
    found = who_hears(book.session, book.issue)
    assert found.hearers == ()
    assert found.left_out[0].why == ONLY_OURS


def test_the_title_is_the_clients_first_words_and_never_the_issues_name(book: Book) -> None:
    book.told_us("Acacia House", "My soup is cold.\n" + "Every single day of the week. " * 9)
    update = book.draft()
    book.leave(update)
    mail = book.mails(update)[0]
    assert str(mail.filled["title"]).startswith("My soup is cold.")
    assert len(str(mail.filled["title"])) <= 91
    assert book.issue.name not in str(mail.filled)


def test_preview_equals_what_leaves(book: Book, settings: Settings) -> None:
    book.told_us("Acacia House")
    book.told_us("Birch Clinic")
    update = book.draft()
    with book.acting() as session:
        telling.reword(session, update, book.clients[1].contact.public_id, "We call you on Friday.")
        sent = letters(session, update, audience_of(session, update))
        before = [preview(session, mail, settings) for mail in mails_of(session, update, sent, {}, zone=ZONE)]
    book.leave(update)
    rows = {(row.account_id): row for row in book.mails(update)}
    for letter, shown in zip(sent, before, strict=True):
        left = preview(book.session, rows[letter.hearer.account_id], settings)
        assert (left.to, left.subject, left.sender) == (shown.to, shown.subject, shown.sender)
        assert _without_link(left.text) == _without_link(shown.text)
    assert [row.filled["words"] for _, row in sorted(rows.items())] == [WORDS, "We call you on Friday."]


def _without_link(text: str) -> list[str]:
    return [line for line in text.splitlines() if "http://" not in line]


def test_nothing_stands_in_a_thread_before_the_batch_left(book: Book) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    update = book.draft()
    book.send(update)
    with book.acting(client_of(one)) as session:
        assert story_of(session, client_of(one), one.thread.id).sent == ()
    telling.follow_left(book.session, [update.batch_id or 0])
    with book.acting(client_of(one)) as session:
        assert [sent.words for sent in story_of(session, client_of(one), one.thread.id).sent] == [WORDS]


def test_stop_keeps_everything_in_the_house(book: Book) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    update = book.draft(status="done", cause="A list.", action="One list.")
    book.send(update)
    with book.acting() as session:
        telling.stop(session, update)
        telling.stop(session, update)
    assert update.stopped_at is not None
    assert {mail.state for mail in book.mails(update)} == {"stopped"}
    telling.follow_left(book.session, [update.batch_id or 0])
    assert update.left_at is None
    assert all(row.shown_at is None for row in book.told(update))


def test_what_has_left_can_no_longer_be_stopped(book: Book) -> None:
    book.told_us("Acacia House")
    update = book.draft()
    book.leave(update)
    with book.acting() as session, pytest.raises(Conflict):
        telling.stop(session, update)


def test_sending_twice_sends_once(book: Book) -> None:
    book.told_us("Acacia House")
    update = book.draft()
    book.send(update)
    with book.acting() as session, pytest.raises(Conflict):
        telling.send(session, update, zone=ZONE)
    assert len(book.mails(update)) == 1


def test_a_batch_that_left_twice_changes_nothing_more(book: Book) -> None:
    book.told_us("Acacia House", email="")
    update = book.draft()
    book.leave(update)
    calls, shown = _calls(book), [row.shown_at for row in book.told(update)]
    telling.follow_left(book.session, [update.batch_id or 0])
    telling.follow_sent(book.session, [(row.account_id, row.delivery_id or 0) for row in book.told(update)])
    assert (_calls(book), [row.shown_at for row in book.told(update)]) == (calls, shown)


def _calls(book: Book) -> list[tuple[int, str]]:
    return [(row.account_id, row.why) for row in book.session.scalars(select(Call))]


def test_who_has_no_address_reads_it_on_the_page_and_is_called(book: Book) -> None:
    silent = book.told_us("Acacia House", email="")
    refused = book.told_us("Birch Clinic")
    set_rule(book.session, "birch@clinic.internal", "no_mail")
    update = book.draft()
    assert len(audience_of(book.session, update).by_phone) == 2
    book.leave(update)
    assert sorted(_calls(book)) == sorted([(silent.account.id, "tell"), (refused.account.id, "tell")])
    assert all(row.shown_at is not None for row in book.told(update))


def test_a_house_that_sends_nothing_yet_puts_nobody_on_the_phone_list(book: Book) -> None:
    from voc.mail import house  # noqa: PLC0415 - the switch is turned here alone

    house.turn(book.session, on=False)
    book.told_us("Acacia House")
    book.leave(book.draft())
    assert _calls(book) == []


def test_the_next_date_is_the_updates(book: Book) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    by = clock.now() + timedelta(days=4)
    book.leave(book.draft(next_word_by=by))
    assert book.session.get_one(Thread, (one.account.id, one.thread.id)).next_word_by == by


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("As Birch Clinic told us, the soup is cold.", "name"),
        ("Birch  clinic asked for it.", "name"),
        ("We call it a cold soup complaint.", "issue"),
        ("Several other clients have this.", "count"),
        ("12 of our clients told us.", "count"),
        ("You are not alone with it.", "count"),
        ("The trolley stands waiting forever in the corridor.", "words"),
    ],
)
def test_what_tells_of_another_client_cannot_leave(book: Book, words: str, kind: str) -> None:
    book.told_us("Acacia House")
    book.told_us("Birch Clinic", "Our trolley stands waiting forever near the lift.")
    update = book.draft(words=words)
    with book.acting() as session:
        found = telling.problems_of(session, update, letters(session, update, audience_of(session, update)))
        with pytest.raises(Invalid):
            telling.send(session, update, zone=ZONE)
    to_first = next(one for one in found if one.client == "Acacia House")
    assert kind in {problem.kind for problem in to_first.problems}
    assert book.mails(update) == []


def test_a_clients_own_name_and_words_may_be_said_back_to_it(book: Book) -> None:
    book.told_us("Acacia House", "We have a cold soup complaint, every week the same.")
    update = book.draft(words="Acacia House told us of a cold soup complaint, every week the same.")
    with book.acting() as session:
        assert (
            telling.problems_of(session, update, letters(session, update, audience_of(session, update))) == ()
        )


def test_done_needs_a_cause_and_an_action(book: Book) -> None:
    book.told_us("Acacia House")
    with pytest.raises(Invalid) as caught:
        book.draft(status="done")
    assert set(caught.value.fields) == {"cause", "action"}


def test_an_audience_that_changed_is_shown_again(book: Book) -> None:
    book.told_us("Acacia House")
    update = book.draft()
    assert not telling.refresh(book.session, update)
    book.told_us("Birch Clinic")
    assert telling.refresh(book.session, update)
    assert len(book.told(update)) == 2


def test_a_correction_goes_to_exactly_the_same_people(book: Book) -> None:
    book.told_us("Acacia House")
    book.told_us("Birch Clinic")
    first = book.draft()
    book.leave(first)
    book.told_us("Cedar Care")
    with book.acting() as session:
        second = telling.correct(
            session, first, Wanted(status=first.status, words="It is Tuesday, not Monday.")
        )
    book.leave(second)
    assert {(row.account_id, row.contact_id) for row in book.told(second)} == {
        (row.account_id, row.contact_id) for row in book.told(first)
    }
    assert first.words == WORDS


def test_only_what_left_can_be_corrected(book: Book) -> None:
    book.told_us("Acacia House")
    first = book.draft()
    with book.acting() as session, pytest.raises(Conflict):
        telling.correct(session, first, Wanted(status="looking", words="No."))


def test_nobody_to_tell_is_said(book: Book) -> None:
    book.told_us("Acacia House", state="machine")
    with pytest.raises(Conflict):
        book.send(book.draft())


def test_alone_and_not_alone_read_the_same_bytes(book: Book, settings: Settings) -> None:
    book.told_us("Acacia House")
    alone = book.draft()
    book.leave(alone)
    for name in ("Birch Clinic", "Cedar Care", "Dune Home", "Elm House", "Fir Centre", "Gorse Court"):
        book.told_us(name)
    among = book.draft()
    book.leave(among)
    texts = []
    for update in (alone, among):
        mail = next(row for row in book.mails(update) if row.account_id == book.clients[0].account.id)
        assert isinstance(mail, Delivery)
        texts.append(_without_link(preview(book.session, mail, settings).text))
    assert texts[0] == texts[1]


def test_you_said_we_did_lists_what_was_changed(book: Book) -> None:
    one = book.told_us("Acacia House")
    book.done()
    with book.acting(client_of(one)) as session:
        (did,) = did_for(session, client_of(one))
    assert (did.title, did.action) == ("Acacia House waits for the soup each day.", "There is one list.")


def test_a_batch_says_what_it_is(book: Book) -> None:
    book.told_us("Acacia House")
    update = book.draft()
    book.send(update)
    assert book.session.get_one(Batch, update.batch_id).what == "An update to 1 person"


def test_whom_a_mail_did_not_reach_is_called_once(book: Book) -> None:
    here, there = book.told_us("Acacia House"), book.told_us("Birch Clinic")
    update = book.draft()
    book.leave(update)
    assert _calls(book) == []
    mail = next(one for one in book.mails(update) if one.account_id == here.account.id)
    mail.state = "bounced"
    book.session.flush()
    for _ in range(2):
        tell(book.session, "mail_bounced", [(mail.account_id, mail.id)])
    assert _calls(book) == [(here.account.id, "tell")]
    assert there.account.id != here.account.id


def test_a_mail_of_another_kind_that_came_back_is_not_ours_to_call_about(book: Book) -> None:
    spoke = book.told_us("Acacia House")
    book.leave(book.draft())
    tell(book.session, "mail_bounced", [(spoke.account.id, 1)])
    assert _calls(book) == []
