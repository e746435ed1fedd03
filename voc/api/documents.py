"""Tells OpenAPI what a view takes and gives; reading and checking stays with our own strict reader."""

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask.scaffold import _annotate
from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Any])  # views differ in their arguments


def takes(model: type[BaseModel]) -> Callable[[View], View]:
    """The JSON body of a view. APIFlask's own `input` would read it too, but not strictly."""

    def note(view: View) -> View:
        _annotate(view, body=model, body_example=None, body_examples=None, content_type="application/json")
        return view

    return note
