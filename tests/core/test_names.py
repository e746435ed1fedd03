"""Which words of a text are names, for display."""

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
