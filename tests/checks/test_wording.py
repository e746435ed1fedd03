"""A question neither leads, blames, names nor gives anybody away; where it can be mended, it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.checks import lexicon
from voc.checks.rules import Problem, question, telling_terms, wording_problems
from voc.checks.sentences import clean_what, runs, runs_of_question, words_of

TODAY = date(2026, 5, 4)
SINCE = date(2026, 3, 2)
NAMES = (
    "Jennifer Harlan", "Harlan Clinic", "Bill", "Tom Bergström", "St. Mary’s Hospital", "Zuidpoort", "Mark Grace",
    "Order Express", "Delivery",
)  # fmt: skip
SAID = (
    "Honestly, the parcels came without any label on Tuesday! We had to sort them ourselves.",
    "Your drivers change every week and nobody tells us.",
)
GOOD = (
    "an invoice came without your order number",
    "a delivery came more than an hour after the agreed time",
    "you waited longer than two days for a reply from us",
    "a price changed before we told you",
    "you had to call us twice about one order",
    "a tray came back incomplete",
    "the name and address on an invoice were wrong",
    "a parcel with bread and milk came late",
    "a call was not returned the same day",
    "a delivery came between 8 and 10 in the evening",
    "your contact with us changed",
    "the terms and conditions changed during the contract",
    "a report came after the day it was due",
    "we sent an invoice twice",
    "VAT was missing on an invoice",
    "a bill was higher than the offer",
    "a delivery was left at the gate",
    "your own customers had to wait for a delivery",
    "an appointment was moved on the day itself",
    "you may have got an invoice for another month",
    "we answered in a language you do not read",
    "a machine stood still for more than a day",
)
BAD = (
    ("an invoice came without your order number again", "presuming", "again"),
    ("an invoice still came without your order number", "presuming", "still"),
    ("an invoice came without your order number too", "presuming", "too"),
    ("an invoice also came without your order number", "presuming", "also"),
    ("an invoice came late as it did for others", "presuming", "others"),
    ("an invoice came late, as for many clients", "presuming", "as for many clients"),
    ("18 clients got an invoice without a number", "presuming", "18 clients"),
    ("you saw how bad our invoices were", "presuming", "how bad"),
    ("an invoice always came late", "presuming", "always"),
    ("it got worse with the invoices", "presuming", "got worse"),
    ("a delivery came late through our fault", "blaming", "our fault"),
    ("we failed to send an invoice", "blaming", "failed to"),
    ("a careless invoice came", "blaming", "careless"),
    ("our driver came late", "blaming", "our driver"),
    ("your account manager did not call back", "blaming", "your account manager"),
    ("we forgot an order", "blaming", "forgot"),
    ("an invoice came late and the order number was wrong", "double", "and"),
    ("an invoice came late or without an order number", "double", "or"),
    ("an invoice came late and/or twice", "double", "and/or"),
    ("an invoice was wrong, plus nobody called", "double", "plus"),
    ("a terrible delivery came", "loaded", "terrible"),
    ("an annoying delay happened with an invoice", "loaded", "annoying"),
    ("an invoice finally came", "loaded", "finally"),
    ("you had a problem with an invoice", "loaded", "problem"),
    ("you suffered from late invoices", "loaded", "suffered from"),
    ("an unacceptably late invoice came", "loaded", "unacceptably"),
    ("an order was not delivered without a signature", "negation", "not … without"),
    ("nobody did not answer your call", "negation", "nobody … not"),
    ("Jennifer Harlan waited for an invoice", "naming", "Jennifer Harlan"),
    ("an invoice for jennifer came late", "naming", "jennifer"),
    ("an invoice to the Harlan Clinic came late", "naming", "Harlan Clinic"),
    ("an invoice for Bill came late", "naming", "Bill"),
    ("a delivery to ZUIDPOORT came late", "naming", "ZUIDPOORT"),
    ("a delivery to bergström’s came late", "naming", "bergström’s"),
    ("a delivery to Rotterdam came late", "naming", "Rotterdam"),
    ("Mr Jansen called you about an invoice", "naming", "Mr Jansen"),
    ("an invoice went to anna@firm.example", "naming", "anna@firm.example"),
    ("parcels came without any label", "revealing", "parcels came without any"),
    ("a driver came, and drivers change every week", "revealing", "drivers change every week"),
    ("an invoice came late last month", "period", "last month"),
    ("an invoice came late recently", "period", "recently"),
    (
        "an invoice came without your order number " + "that you had given us when you placed it " * 3,
        "long",
        None,
    ),
    ("did an invoice come late?", "question", "?"),
    ("how did the invoice come", "question", "how"),
    ("invoice", "empty", None),
)
BETTER = (
    ("an invoice came late again", "an invoice came late"),
    ("a terrible delivery came too late", "a delivery came late"),
    ("An awful delivery came", "a delivery came"),
    ("an invoice came late and the order number was wrong", "an invoice came late"),
    ("did an invoice come late?", "an invoice came late"),
    ("our driver came late", "we came late"),
    ("a call to our service desk was not answered", "a call to us was not answered"),
    ("an order was not delivered without a signature", "an order was delivered with a signature"),
    ("an invoice came late last month", "an invoice came late"),
    ("Has it happened in your work with us that an invoice still came late?", "an invoice came late"),
)


def problems(
    what: str, since_on: date | None = SINCE, *, said: tuple[str, ...] = SAID, **more: object
) -> tuple[Problem, ...]:
    return wording_problems(what, since_on, words_of_clients=said, names=NAMES, today=TODAY, **more)  # type: ignore[arg-type]  # options of the screen


@pytest.mark.parametrize("what", GOOD)
def test_a_fair_wording_passes(what: str) -> None:
    assert problems(what) == ()


@pytest.mark.parametrize(("what", "kind", "found"), BAD)
def test_an_unfair_wording_is_refused_with_the_words_it_is_about(
    what: str, kind: str, found: str | None
) -> None:
    said = [one for one in problems(what) if one.kind == kind]
    assert said, problems(what)
    assert found is None or found in [one.found for one in said]
    assert all(one.why.endswith((".", "”.")) and "!" not in one.why for one in said)


@pytest.mark.parametrize(("what", "better"), BETTER)
def test_a_better_wording_is_offered_where_that_needs_no_judgement(what: str, better: str) -> None:
    assert {one.better for one in problems(what)} == {better}
    assert problems(better) == ()


def test_words_of_a_client_are_exchanged() -> None:
    said = ("yesterday an invoice came late at night",)
    (found,) = {one.better for one in problems("an invoice came late", said=said)}
    assert found is not None
    assert problems(found, said=said) == ()


@pytest.mark.parametrize(
    "since_on", [None, TODAY, TODAY + timedelta(days=1), TODAY - timedelta(weeks=26, days=1)]
)
def test_a_question_needs_a_period_of_at_most_half_a_year_behind_it(since_on: date | None) -> None:
    (found,) = problems(GOOD[0], since_on)
    assert found.kind == "period"
    assert problems(GOOD[0], date.fromisoformat(found.better or "")) == ()


@pytest.mark.parametrize("since_on", [TODAY - timedelta(days=1), TODAY - timedelta(weeks=26)])
def test_a_period_just_inside_is_taken(since_on: date) -> None:
    assert problems(GOOD[0], since_on) == ()


def test_the_question_is_asked_in_the_same_frame_for_everybody() -> None:
    assert question("An invoice came late.", date(2026, 3, 1), TODAY) == (
        "Since 1 March, has it happened in your work with us that an invoice came late?"
    )
    assert question("VAT was missing", date(2025, 12, 1), TODAY).startswith("Since 1 December 2025, ")


def test_a_name_only_one_client_uses_is_refused_and_one_that_two_use_is_not() -> None:
    assert telling_terms("the blue folder was not sent with form TP-7") == ("TP-7", "blue folder")
    assert [one.kind for one in problems("the blue folder was not sent", known_from_one=["blue folder"])] == [
        "revealing"
    ]
    assert problems("the blue folder was not sent") == ()


def test_the_names_of_what_we_sell_may_be_said() -> None:
    assert [one.kind for one in problems("an order for Sterile Supply came late")] == ["naming"]
    assert problems("an order for Sterile Supply came late", allowed=["Sterile Supply"]) == ()


def test_ordinary_words_that_are_also_names_stay_usable() -> None:
    assert problems("a bill came after the order was closed") == ()
    assert [one.found for one in problems("an invoice went to Mark Grace")] == ["Mark Grace"]


WORDS = st.sampled_from(
    sorted({word for what in GOOD for word in words_of(what)} | set(lexicon.PRESUMING) | set(lexicon.LOADED))
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)


@given(SENTENCES)
def test_what_is_offered_is_always_fair_itself(what: str) -> None:
    for one in problems(what):
        if one.better is not None:
            assert problems(one.better) == ()


@given(SENTENCES, st.lists(SENTENCES, max_size=4))
def test_no_four_words_in_a_row_of_any_client_ever_pass(what: str, said: list[str]) -> None:
    if not problems(what, said=tuple(said)):
        of_clients = set().union(*(runs(text) for text in said)) if said else set()
        assert not of_clients & set(runs_of_question(clean_what(what)))


@given(
    st.sampled_from(GOOD),
    st.sampled_from([*lexicon.PRESUMING, *lexicon.BLAMING, *lexicon.LOADED]),
    st.integers(0, 9),
)
def test_one_leading_word_anywhere_spoils_a_fair_wording(what: str, word: str, place: int) -> None:
    if word == "right":
        return  # only after a comma it asks for a nod
    words = what.split()
    words.insert(min(place, len(words)), word)
    assert problems(" ".join(words))


@given(st.text(max_size=80))
def test_anything_typed_gets_an_answer(what: str) -> None:
    for one in problems(what):
        assert one.why
        assert one.kind in {
            "empty", "presuming", "blaming", "double", "period", "naming", "loaded", "negation", "revealing", "long",
            "question",
        }  # fmt: skip


@given(
    st.sampled_from(GOOD),
    st.sampled_from(NAMES[:2] + NAMES[4:7]),
    st.sampled_from([str.lower, str.upper, str.title]),
)
def test_no_name_of_anybody_passes_in_any_case(what: str, name: str, case: object) -> None:
    written = case(name)  # type: ignore[operator]  # one of the three
    assert any(one.kind == "naming" for one in problems(f"{what} at {written}"))


@given(st.sampled_from(GOOD))
def test_case_blanks_and_curly_quotes_do_not_hide_a_clients_words(what: str) -> None:
    said = what.upper().replace(" ", "\n ")
    assert any(one.kind == "revealing" for one in problems(what, said=(f"… {said} …",)))
