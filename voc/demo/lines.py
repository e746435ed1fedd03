"""Words for the demo's weeks: what clients write beside an answer, and what a day is summed up as."""

import random
from collections.abc import Mapping
from datetime import date

from voc.demo.grammar import expand
from voc.demo.records import Account
from voc.demo.scene import Scene, Speaker
from voc.demo.words import load_wordbook

_NO = (
    "Nothing of the kind here.",
    "All in order with us.",
    "Never seen that, thank goodness.",
    "Not that I know of.",
)
_ANGRY = (
    "You ask me this by mail? I have said all of it twice to your people on the phone. Somebody ring me, please.",
    "Another form to click. I would rather you came round and looked. I answered, but this is not how to treat a client.",
    "I have answered your question. Now answer mine of last month, nobody has.",
)
_STILL = (
    "It happened again on Thursday.",
    "Not for us: the same as before.",
    "Half of it, I would say. The other half is as it was.",
)
_SAID = {
    "answered": ("client answered", "clients answered"),
    "angry": ("answered and wrote back angrily", "answered and wrote back angrily"),
    "passed_on": ("answered and passed it on too", "answered and passed it on too"),
    "bounced": ("mail came back", "mails came back"),
    "not_me": ("said “this is not for me”", "said “this is not for me”"),
    "stop_asking": ("asked not to be asked again", "asked not to be asked again"),
    "solved_yes": ("said that it is solved", "said that it is solved"),
    "solved_no": ("said that it is not solved", "said that it is not solved"),
    "comments": ("new comment came in", "new comments came in"),
}  # fmt: skip


def words_beside(value: str, key: str, on: date, rng: random.Random) -> str:
    """A line that somebody adds to their answer, out of the same grammar as the comments."""
    if value == "no" and key:
        return rng.choice(_NO)
    words = load_wordbook().issues[key]
    speaker = Speaker.plain(Account("", "Somebody", None, "Hospitals", (), None, "EUR", "", ""), rng)
    frames = words.then if value == "manages" else words.say
    said = expand(rng.choice(frames), rng, Scene(speaker, on, rng).fill)
    return said[:1].upper() + said[1:]


def still_words(rng: random.Random) -> str:
    """What somebody writes for whom it is not solved."""
    return rng.choice(_STILL)


def angry_words(rng: random.Random) -> str:
    """What somebody writes back who would rather be called."""
    return rng.choice(_ANGRY)


def day_line(on: date, happened: Mapping[str, int]) -> str:
    """As in “Tuesday 24 November: 14 clients answered, 2 mails came back, 6 new comments came in.” and no more."""
    said = [
        f"{number} {one if number == 1 else many}"
        for name, (one, many) in _SAID.items()
        if (number := happened.get(name, 0))
    ]
    return f"{on:%A} {on.day} {on:%B}: {', '.join(said) if said else 'a quiet day'}."
