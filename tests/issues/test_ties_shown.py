"""Where a comment stands with an issue its page marks why, for each reader, whatever became of the issue since."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.analysis.models import Vector
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import curate, ungrouped
from voc.issues.models import Issue
from voc.issues.ties import queries
from voc.issues.ungrouped import Standing

Client = Callable[..., FlaskClient]
Told = Callable[..., Comment]
WHY = "Says “order number”, as 2 of the 3 others here do."


@pytest.fixture
def issue(session: Session, told: Told) -> Issue:
    """Four comments of four clients; three say "order number"."""
    found: Issue = factories.issue(session)
    for text in ("No order number again", "The order numbers are missing", "We pay late"):
        told(found, text=text)
    return found


@pytest.fixture
def said(session: Session, issue: Issue, told: Told) -> Comment:
    """The comment that is looked at; a name and a phone number stand in it."""
    comment = told(issue, text="Rosalind Vanterpool wants an order number, call 020 555 0100")
    factories.reading(session, comment, masks=[[48, 60, "phone"]])
    factories.user(session, name="Rosalind Vanterpool")
    return comment


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


def marked(page: str) -> list[str]:
    return re.findall(r"<mark[^>]*>([^<]*)<sup", page)


@pytest.mark.parametrize("role", [Role.LEAD, Role.EXECUTIVE])
def test_the_page_of_an_issue_marks_why_and_says_it_beneath(
    client: Client, issue: Issue, said: Comment, role: Role
) -> None:
    page = client(role).get(f"/issues/{issue.public_id}").get_data(as_text=True)
    assert "[name] wants an order number (reason 1) , call [phone]" in plain(page)
    assert f"reason 1 {WHY}" in plain(page)
    assert said.public_id in page


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.LEAD, "Rosalind Vanterpool wants an order number (reason 1) , call 020 555 0100"),
        (Role.EXECUTIVE, "[name] wants an order number (reason 1) , call [phone]"),
    ],
)
def test_the_page_of_a_comment_numbers_it_with_the_other_reasons(
    client: Client, said: Comment, role: Role, words: str
) -> None:
    page = client(role).get(f"/comments/{said.public_id}").get_data(as_text=True)
    assert words in plain(page)
    assert f"reason 1 {WHY}" in plain(page)


def test_others_see_the_words_without_a_reason(client: Client, said: Comment) -> None:
    page = client(Role.LEAD).get(f"/comments/{said.public_id}?as=others").get_data(as_text=True)
    assert marked(page) == []
    assert "order number”" not in page


def test_a_persons_word_comes_first_and_the_reason_stays(client: Client, issue: Issue, said: Comment) -> None:
    lead, where = client(Role.LEAD), f"/issues/{issue.public_id}"
    for act, words in (("confirm", "You confirmed it."), ("refuse", "You took it out.")):
        lead.post(f"{where}/comments", data={"comments": said.public_id, "act": act})
        shown = lead.get(f"{where}?match={act}{'ed' if act == 'confirm' else 'd'}").get_data(as_text=True)
        assert words in plain(shown)
        assert "Says “order number”" in plain(shown)


def test_who_put_it_here_is_told_to_colleagues(
    client: Client, session: Session, lead: User, issue: Issue
) -> None:
    late = factories.comment(session, text="The order number")
    curate.put_with(session, late, issue)
    page = client(Role.EXECUTIVE).get(f"/issues/{issue.public_id}?match=confirmed").get_data(as_text=True)
    assert f"Put here by {lead.name}. reason 1 {WHY}" in plain(page)
    assert "A person put it here." not in page


@pytest.mark.usefixtures("lead")
def test_a_reason_is_as_true_after_a_merge_and_a_split(
    client: Client, session: Session, issue: Issue, said: Comment, told: Told
) -> None:
    other = factories.issue(session)
    told(other, text="Order number forgotten")
    curate.merge_issues(session, issue, other)
    page = client(Role.LEAD).get(f"/issues/{other.public_id}").get_data(as_text=True)
    assert "Says “order number”, as 3 of the 4 others here do." in plain(page)
    new, _ = curate.split_issue(session, other, [said], "Order numbers are missing")
    page = client(Role.LEAD).get(f"/issues/{new.public_id}?match=confirmed").get_data(as_text=True)
    assert "Says “order” and “number”, which mark this issue." in plain(page)


def test_a_comment_that_stands_nowhere_shows_what_it_shares_with_the_nearest(
    client: Client, session: Session, issue: Issue
) -> None:
    loose = factories.comment(session, text="Which order number?")
    factories.reading(session, loose)
    session.add(Vector(account_id=loose.account_id, comment_id=loose.id, version="t", numbers=b"\0" * 512))
    ungrouped.keep_why(session, [Standing(loose.account_id, loose.id, "few", ((issue.id, 0.6),))])
    for where in ("/issues/not-grouped", f"/comments/{loose.public_id}"):
        page = client(Role.LEAD).get(where).get_data(as_text=True)
        assert marked(page) == ["order number"]
        assert "reason 1 Says “order number”, as 2 of the 3 comments there do." in plain(page)


@pytest.mark.usefixtures("said")
def test_an_agent_counts_only_what_is_theirs_to_see(
    client: Client, session: Session, issue: Issue, told: Told
) -> None:
    agent = factories.user(session, Role.AGENT)
    told(issue, account=factories.account(session, owner_id=agent.id), text="No order number")
    page = client(agent).get(f"/issues/{issue.public_id}").get_data(as_text=True)
    assert "No other comment that you see stands here." in plain(page)


def test_of_a_large_issue_the_newest_are_looked_at_and_told_so(
    client: Client, issue: Issue, said: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_MOST", 3)
    page = client(Role.LEAD).get(f"/comments/{said.public_id}").get_data(as_text=True)
    assert "as 1 of the 2 newest others here does." in plain(page)
    assert issue.public_id in page
