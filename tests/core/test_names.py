"""Which words of a text are names, for display."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.core.names import NO_NAMES, Names, ordinary_words
from voc.core.text import mask

KNOWN = Names.of(
    people=["Joost Osterlin", "Will Sharples", "Grace Pemberton", "May Tennant", "Jean-Luc Moreau", "Ayşe Demir",
            "Anneke van Rijn", "Mark Short"],
    clients=["Kestrel Marine", "Tallow & Reed", "City Hospital", "Zephyrine", "Pennywhistle Nurseries"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Joost Osterlin (home manager) told me.", "[name] (home manager) told me."),
        ("ask osterlin or JOOST", "ask [name] or [name]"),
        ("Osterlin's van", "[name]'s van"),
        ("Will it come?", "Will it come?"),
        ("I told Will twice.", "I told [name] twice."),
        ("Will Sharples promised it.", "[name] promised it."),
        ("Thanks\nGrace", "Thanks\n[name]"),
        ("Grace period of ten days.", "Grace period of ten days."),
        ("It came in May.", "It came in May."),
        ("It went to May.", "It went to May."),
        ("Hi May, where is it?", "Hi [name], where is it?"),
        ("Mark Short waits.", "[name] waits."),
        ("- Short notice", "- Short notice"),
        ("Jean-Luc and jean-luc moreau", "[name] and [name]"),
        ("AYŞE or Ays\u0327e wrote", "[name] or [name] wrote"),
        ("For Anneke van Rijn only.", "For [name] only."),
        ("R. Osterlin signed.", "[name] signed."),
        ("KESTREL MARINE and tallow & reed", "[name] and [name]"),
        ("The city hospital is near City Hospital.", "The city hospital is near [name]."),
        ("zephyrine, Pennywhistle", "[name], [name]"),
        ("the pennywhistle of my son", "the [name] of my son"),
    ],
)
def test_names_are_hidden_and_ordinary_words_stay(said: str, shown: str) -> None:
    assert KNOWN.hide(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("They have it at tolvary too.", "They have it at [name] too."),
        (
            "TOLVARYS crates, Tolvary's van, tolvary_portal, Tolvary2",
            "[name] crates, [name]'s van, [name]_portal, [name]2",
        ),
        ("See https://tolvary.example/portal/7?x=1.", "See [name]."),
        ("See www.bluebird-foods.example, please", "See [name], please"),
        ("write to desk@saltmere.example", "write to [email]"),
        ("portal.stonegate.example is slow", "[name] is slow"),
        ("saltmere dot example", "[name] dot example"),
        ("https://www.gov.example/rules is the law", "https://www.gov.example/rules is the law"),
        ("Ask @maritoost or @mtoost.", "Ask [name] or [name]."),
        ("We meet @ noon", "We meet @ noon"),
        ("Tom\u00e1s O\u2019Brien-N\u00fa\u00f1ez", "[name]"),
        ("Toma\u0301s O'Brien-Nu\u0301n\u0303ez", "[name]"),
        ("tomas obrien nunez", "[name]"),
        ("Nguyễn Văn An, Nguyen Van An", "[name], [name]"),
        ("M. Toost and M Toost and toost", "[name] and [name] and [name]"),
        ("Marit\nToost", "[name]\n[name]"),
        ("Blue\nBird Foods", "[name]"),
        ("Tol\u200bvary and ＴＯＬＶＡＲＹ", "[name] and [name]"),
        ("Toosts Antwort", "[name] Antwort"),
        ("the blue bird sang", "the blue bird sang"),
        ("an hour, Option D, a grade O", "an hour, Option D, a grade O"),
        ("WHEN WILL IT COME", "WHEN WILL IT COME"),
        ("at 12 High Street, Manchester M1 2AB.", "at [address]."),
        ("Gartenstraße 14, 80331 München", "[address]"),
        ("15 rue de la Paix, 75002 Paris", "[address]"),
        ("Part M1 2AB broke", "Part M1 2AB broke"),
        ("born 12/03/1980", "born [date of birth]"),
        ("Delivered on 12/03/2020", "Delivered on 12/03/2020"),
        ("Ring +44 161 496 0788.", "Ring [phone]."),
    ],
)
def test_no_spelling_of_a_name_passes(said: str, shown: str) -> None:
    names = Names.of(
        ["Marit Toost", "Tomás O'Brien-Núñez", "Nguyễn Văn An", "Will Sharples"],
        ["Tolvary Ltd", "Blue Bird Foods"],
        ["mail.saltmere.co.uk", "saltmere.example", "stonegate.example"],
    )
    assert names.hide(said) == shown


def test_a_hostile_text_is_read_at_once() -> None:
    before = process_time()
    for said in (
        "a" * 100_000,
        "A'" * 50_000,
        "1 Aa " * 20_000,
        "a." * 50_000,
        "x@" * 50_000,
        "born 1 " * 14_000,
    ):
        KNOWN.hide(said)
    assert process_time() - before < 5


def test_a_spared_person_keeps_the_name() -> None:
    assert (
        mask("Joost Osterlin met Will Sharples.", (), KNOWN, spare=["Joost Osterlin"])
        == "Joost Osterlin met [name]."
    )


def test_an_address_that_holds_a_name_is_shown_as_an_address() -> None:
    class Span:
        start, end, kind = 6, 30, "email"

    assert mask("Write joost@kestrel.example.org.", [Span()], KNOWN).startswith("Write [email]")


def test_without_names_everything_stays() -> None:
    assert mask("Joost Osterlin", (), NO_NAMES) == "Joost Osterlin"


@given(st.text(max_size=200))
def test_any_text_can_be_read(said: str) -> None:
    spans = KNOWN.find(said)
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)


def test_common_words_are_known_as_such() -> None:
    assert {"paper", "will", "needles", "carer"} <= ordinary_words()
    assert not {"osterlin", "sabine", "joost"} & ordinary_words()
