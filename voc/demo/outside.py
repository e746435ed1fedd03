"""The world around a running demo: what its clients do, seen from the outside, by the doors that anyone has."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from voc.core.errors import Unavailable
from voc.demo.browser import Browser, Form, Page
from voc.demo.conduct import Deed
from voc.demo.letters import Letter
from voc.demo.records import DemoComment

_SECONDS = 20.0
_KINDS = {"comment", "escalation", "praise", "suggestion", "termination"}


def act(browser: Browser, letter: Letter, deed: Deed, words: str = "", colleague: str = "") -> str:
    """Does the deed by the link in the letter, as its reader would: open, look, press. Gives what came of it.

    That is answered, passed_on, not_me, stop_asking, solved_yes or solved_no; closed or refused when the page does
    not take it any more; nothing when the letter has no such link.
    """
    purpose = "solved" if deed.act == "solved" else "answer"
    link = letter.link(purpose)
    if link is None:
        return "nothing"
    page = browser.open(link)
    if deed.act in ("answer", "pass_on"):
        done = _press(browser, page, "says", deed.value, {"words": words}, "answered")
        return _pass_on(browser, browser.open(link), deed, colleague) if deed.colleague else done
    if deed.act == "not_me":
        return _send(browser, page.form_to("/not-me"), {}, "not_me")
    if deed.act == "stop_asking":
        return _stop(browser, letter)
    if deed.act == "solved":
        return _say_whether_solved(browser, page, deed, words)
    return "nothing"


def _press(browser: Browser, page: Page, name: str, value: str, more: dict[str, str], done: str) -> str:
    form = next((one for one in page.forms() if (name, value) in one.buttons), None)
    return _send(browser, form, {name: value, **{key: said for key, said in more.items() if said}}, done)


def _send(browser: Browser, form: Form | None, values: dict[str, str], done: str) -> str:
    if form is None:
        return "closed"
    return done if browser.send(form, values).status < 400 else "refused"  # noqa: PLR2004 - where refusals begin


def _pass_on(browser: Browser, page: Page, deed: Deed, colleague: str) -> str:
    values = {"name": colleague, "email": deed.colleague or ""}
    return _send(browser, page.form_to("/pass-on"), values, "passed_on")


def _stop(browser: Browser, letter: Letter) -> str:
    link = letter.link("stop-asking")
    if link is None:
        return "nothing"
    forms = browser.open(link).forms()
    wanted = next((one for one in forms if "/stop-asking/" in one.action and "undo" not in one.action), None)
    return _send(browser, wanted, {}, "stop_asking")


def _say_whether_solved(browser: Browser, page: Page, deed: Deed, words: str) -> str:
    form = next((one for one in page.forms() if ("says", deed.value) in one.buttons), None)
    if form is None:
        return "closed"
    after = browser.send(form, {"says": deed.value, **({"words": words} if words else {})})
    rating = after.form_with("satisfaction")
    if rating is not None and deed.satisfaction is not None:
        browser.send(rating, {"satisfaction": str(deed.satisfaction)})
    return f"solved_{deed.value}"


def send_comments(address: str, secret: str, comments: Sequence[DemoComment], at: datetime) -> int:
    """Posts these comments as a client's program would; the same again are the same. Gives how many were taken.

    A comment of later today is said now.
    """
    if not comments:
        return 0
    parts = urlsplit(address)
    line = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=_SECONDS)
    body = json.dumps({"comments": [_item(one, at) for one in comments]})
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    try:
        line.request("POST", "/api/v1/comments/batch", body, headers)
        answer = line.getresponse()
        found = json.loads(answer.read() or b"{}")
    except (OSError, HTTPException, ValueError) as error:
        raise Unavailable(f"Nobody answers at {address} just now.") from error
    finally:
        line.close()
    return sum(one.get("status") == 201 for one in _results(found))  # noqa: PLR2004 - taken


def _results(found: dict[str, list[dict[str, object]]]) -> Iterator[dict[str, object]]:
    yield from found.get("results", ())


def _item(comment: DemoComment, at: datetime) -> dict[str, object]:
    return {
        "text": comment.text, "account": comment.account,
        "kind": comment.kind if comment.kind in _KINDS else "comment",
        "hurt": comment.hurt, "touches": comment.touches, "would_solve": comment.would_solve,
        "wants_senior": comment.wants_senior, "may_ask_others": comment.may_ask_others,
        "said_at": min(comment.said_at, at).isoformat(), "idempotency_key": comment.source_id,
    }  # fmt: skip


def keep_secret(folder: Path, secret: str) -> None:
    """Keeps the key of the clients' program for this folder's owner alone."""
    path = folder / "program-key"
    path.touch(mode=0o600)
    path.write_text(secret, encoding="ascii")


def kept_secret(folder: Path) -> str | None:
    """The key that `keep_secret` kept; None when there is none."""
    path = folder / "program-key"
    return path.read_text(encoding="ascii") if path.exists() else None
