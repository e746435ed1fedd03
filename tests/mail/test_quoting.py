"""What is new in a reply stays; the mail it answers and the signature go."""

import time

import pytest

from voc.core.text import BROUGHT_LIMIT
from voc.mail.quoting import own_words, words_of_html

NEW = "Yes, it happened twice.\n\nOn Monday and on Friday."


@pytest.mark.parametrize(
    "below",
    [
        "",
        "\n-- \nInes Roda\nHarbour Clinic",
        "\n--\nInes",
        "\nOn Mon, 4 May 2026 at 11:30, Joost Vak <feedback@northwind.internal> wrote:\n> Hello Ines,\n> ...",
        "\nOn Mon, 4 May 2026 at 11:30, Joost Vak, Northwind Care\n<feedback@northwind.internal>\nwrote:\n> Hello Ines,",
        "\nOp ma 4 mei 2026 om 11:30 schreef Joost Vak <f@n.internal>:\n> Hallo",
        "\nAm 04.05.26 um 11:30 schrieb Joost Vak:\n> Hallo",
        "\nLe lun. 4 mai 2026 à 11:30, Joost Vak a écrit :\n> Bonjour",
        "\n-----Original Message-----\nFrom: Joost\nTo: Ines\n\nHello",
        "\n________________________________\nFrom: Joost Vak\nSent: Monday\n\nHello",
        "\nFrom: Joost Vak\nSent: Monday 4 May 2026\nTo: Ines\nSubject: One question\n\nHello Ines,",
        "\nVan: Joost Vak\nVerzonden: maandag\nAan: Ines\n\nHallo",
        "\n> quoted\n> and more",
        "\nSent from my phone",
    ],
)
def test_only_the_new_words_stay(below: str) -> None:
    assert own_words(NEW + below) == NEW
    assert own_words((NEW + below).replace("\n", "\r\n")) == NEW


def test_words_beneath_and_between_a_quote_stay() -> None:
    text = "On Monday Joost wrote:\n> Did it happen?\n\nYes.\n\n> How often?\n\nTwice."
    assert own_words(text) == "Yes.\n\n\nTwice."


@pytest.mark.parametrize(
    "text", ["From: now on we call.", "On Monday it was late.\nOn Friday too.", "To wrote:"]
)
def test_words_that_only_look_like_a_quote_stay(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize("text", ["> all of it is quoted", "-- \nonly a signature"])
def test_where_nothing_would_be_left_everything_stays(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "On " * 50_000,
        "(" * 50_000,
        "> " * 50_000,
        "\n" * 50_000,
        "From:\n" * 20_000,
        "On x\n" * 20_000,
        " " * 50_000 + "wrote:",
    ],
)
def test_hostile_words_take_no_time(text: str) -> None:
    started = time.process_time()
    assert len(own_words(text)) <= BROUGHT_LIMIT
    words_of_html(text)
    assert time.process_time() - started < 2
