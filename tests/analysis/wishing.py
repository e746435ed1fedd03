"""Wishing changes of themes in a browser, and having them looked at without a machine that reads."""

import re
from collections.abc import Mapping

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.analysis.models import ThemeDraft
from voc.analysis.themes import drafts
from voc.analysis.themes.comparing import Evidence, ReadTwice, compare

WORDS = Evidence(0, 3, "Sounds like it.")


def press(browser: FlaskClient, url: str, **fields: str) -> str:
    """The page that a button or form leads to."""
    answer = browser.post(url, data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def undo_url(page: str) -> str:
    """Where the Undo of the notice goes."""
    found = re.search(r'class="flash done">.*?action="(/theme[^"]*)"', page)
    assert found
    return found.group(1)


def the_wish(session: Session) -> ThemeDraft:
    """The newest wish."""
    found = session.scalar(select(ThemeDraft).order_by(ThemeDraft.id.desc()).limit(1))
    assert found is not None
    return found


def looked(session: Session, read: Mapping[str, tuple[str, str]] | None = None) -> None:
    """Looks at every wish that waits: `read` holds a comment's themes today and as wished, by public id."""
    while (look := drafts.claim(session)) is not None:
        twice = [
            ReadTwice(comment, dict.fromkeys(today.split(), WORDS), dict.fromkeys(wished.split(), WORDS), has_labels=False)
            for comment, (today, wished) in (read or {}).items()
        ]  # fmt: skip
        assert drafts.keep(session, look, compare(twice, look.today, look.wished))
    session.flush()
    session.expire_all()


def look_at(browser: FlaskClient, draft: ThemeDraft) -> str:
    """The page of a wish."""
    return browser.get(f"/theme-changes/{draft.public_id}").text


def applied(browser: FlaskClient, session: Session) -> str:
    """Has the newest wish looked at and presses Apply; gives the page after it."""
    looked(session)
    draft = the_wish(session)
    seen = re.search(r'name="seen" value="(\d+)"', look_at(browser, draft))
    assert seen
    return press(browser, f"/theme-changes/{draft.public_id}/apply", seen=seen.group(1))
