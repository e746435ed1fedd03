"""The client's side of one point, on its own page and behind a link: the same forms, other addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import url_for

from voc.closure.rules import SATISFACTION
from voc.closure.story import Story
from voc.core import ids


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the forms of a point go."""

    more: str
    not_meant: str
    solved: str | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class PointShown:
    """A point's story with its forms; `nonce` makes sending one twice one comment."""

    story: Story
    urls: Urls
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    nonce: str = field(default_factory=ids.new_token)

    @property
    def scale(self) -> list[tuple[str, str]]:
        """As `scale`."""
        return scale()


def scale() -> list[tuple[str, str]]:
    """How we went about it, as a form offers it."""
    return [(str(key), words) for key, words in SATISFACTION.items()]


def signed_in_urls(public_id: str) -> Urls:
    """The addresses for a client who is signed in."""
    return Urls(
        more=url_for("my_point.more", public_id=public_id),
        not_meant=url_for("my_point.not_meant", public_id=public_id),
        solved=url_for("my_point.solved", public_id=public_id),
        how=url_for("my_point.how", public_id=public_id),
    )
