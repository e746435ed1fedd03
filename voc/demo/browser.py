"""What a client's browser does: opens a page by its address, reads its forms, sends one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

from voc.core.errors import Unavailable

_SECONDS = 20.0
_MOST_HOPS = 4
_FORM_TYPE = "application/x-www-form-urlencoded"
_OTHER = 300


@dataclass(frozen=True, slots=True)
class Form:
    """A form that sends by POST: where to, what it carries unseen, and what its buttons and fields are called."""

    action: str
    hidden: Mapping[str, str]
    buttons: frozenset[tuple[str, str]]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the address after all hops, the status, the text and its forms."""

    url: str
    status: int
    text: str

    def forms(self) -> tuple[Form, ...]:
        """Its forms, in their order."""
        reader = _Reader(self.url)
        reader.feed(self.text)
        return tuple(reader.found())

    def form_to(self, ending: str) -> Form | None:
        """The form whose address ends so, without what stands after a question mark."""
        return next((one for one in self.forms() if urlsplit(one.action).path.endswith(ending)), None)

    def form_with(self, name: str) -> Form | None:
        """The form that has a button or field of this name."""
        return next((one for one in self.forms() if name in one.fields or _has_button(one, name)), None)


class Browser:
    """One person's browser on the installation at `address`; it keeps its cookies and one line open."""

    def __init__(self, address: str) -> None:
        self._address = address
        parts = urlsplit(address)
        self._line = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=_SECONDS)
        self._cookies: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    def open(self, url: str) -> Page:
        """The page at `url`, hops followed; Unavailable when nobody answers there."""
        return self._ask("GET", url, None)

    def send(self, form: Form, values: Mapping[str, str]) -> Page:
        """What comes of the form, sent with these values beside its hidden ones."""
        return self._ask("POST", form.action, urlencode({**form.hidden, **values}))

    def _ask(self, method: str, url: str, body: str | None) -> Page:
        for _ in range(_MOST_HOPS):
            answer, text = self._once(method, url, body)
            to = answer.headers.get("Location")
            if answer.status // 100 * 100 != _OTHER or to is None:
                return Page(url, answer.status, text)
            method, url, body = "GET", urljoin(url, to), None
        return Page(url, answer.status, text)

    def _once(self, method: str, url: str, body: str | None) -> tuple[HTTPResponse, str]:
        parts = urlsplit(urljoin(self._address, url))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Sec-Fetch-Site": "same-origin" if body is not None else "none",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        } | ({"Content-Type": _FORM_TYPE} if body is not None else {})
        try:
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            self._line.close()
            raise Unavailable(f"Nobody answers at {self._address} just now.") from error
        for sent in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: each.value for name, each in SimpleCookie(sent).items()}
        return answer, text


def _has_button(form: Form, name: str) -> bool:
    return any(button == name for button, _ in form.buttons)


class _Reader(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._action: str | None = None
        self._hidden: dict[str, str] = {}
        self._buttons: set[tuple[str, str]] = set()
        self._fields: set[str] = set()
        self._done: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a form and what stands in it."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self._action, self._hidden = urljoin(self._url, given.get("action", "")), {}
            self._buttons, self._fields = set(), set()
        elif self._action is None or not name:
            return
        elif tag == "button":
            self._buttons.add((name, given.get("value", "")))
        elif tag == "input" and given.get("type") == "hidden":
            self._hidden[name] = given.get("value", "")
        elif tag in {"input", "textarea", "select"}:
            self._fields.add(name)

    def handle_endtag(self, tag: str) -> None:
        """Closes a form."""
        if tag == "form" and self._action is not None:
            form = Form(self._action, self._hidden, frozenset(self._buttons), frozenset(self._fields))
            self._done.append(form)
            self._action = None

    def found(self) -> Iterator[Form]:
        """The forms so far."""
        yield from self._done
