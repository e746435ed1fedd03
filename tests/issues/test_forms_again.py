"""A form that cannot be taken comes back on the issue's page, with what was typed and what is wrong beside it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues.models import Issue

Client = Callable[..., FlaskClient]


@pytest.fixture
def said(session: Session) -> Comment:
    found = factories.comment(session, text="The gate stays shut")
    factories.reading(session, found)
    return found


@pytest.fixture
def issue(session: Session, said: Comment) -> Issue:
    found = factories.issue(session, name="Gates stay shut")
    factories.match(session, said, found)
    return found


@pytest.mark.parametrize(
    ("form", "sent", "words"),
    [
        ("comments", {"act": "confirm"}, "Tick the comments first"),
        ("comments", {"act": "split", "name": "Doors"}, "Tick the comments first"),
        ("state", {"state": "watching", "watch_until": "lots"}, "“lots” is not a number of clients."),
        ("state", {"state": "watching"}, "We need a number of clients."),
        ("merge", {}, "Choose an issue from the list."),
        ("services", {"services": "none"}, "Choose from the list."),
        ("behind", {"behind": "rain"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_stands_on_the_page_of_the_issue(
    client: Client, issue: Issue, form: str, sent: dict[str, str], words: str
) -> None:
    answer = client(Role.LEAD).post(f"/issues/{issue.public_id}/{form}", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert "Gates stay shut</bdi></h1>" in page
    assert all(f'value="{typed}"' in page for name, typed in sent.items() if name in {"name", "watch_until"})


def test_ticks_are_kept_when_no_issue_was_chosen_to_move_to(
    client: Client, issue: Issue, said: Comment
) -> None:
    sent = {"act": "move", "comments": said.public_id}
    page = client(Role.LEAD).post(f"/issues/{issue.public_id}/comments", data=sent).get_data(as_text=True)
    assert f'value="{said.public_id}" checked' in page
    assert "Choose an issue from the list." in page


def test_an_issue_merged_with_itself_is_told_at_its_field(client: Client, issue: Issue) -> None:
    answer = client(Role.LEAD).post(f"/issues/{issue.public_id}/merge", data={"issue": issue.public_id})
    assert answer.status_code == 422
    assert "This is the same issue. Choose another one." in answer.get_data(as_text=True)


def test_a_name_that_is_taken_offers_to_put_both_together(
    client: Client, session: Session, issue: Issue
) -> None:
    other = factories.issue(session, name="Doors stick")
    page = client(Role.LEAD).post(f"/issues/{issue.public_id}/name", data={"name": "doors STICK"})
    words = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "Put it together with “Doors stick”" in words
    assert f'name="issue" value="{other.public_id}"' in words


def test_nothing_chosen_on_a_comment_goes_back_there_and_says_so(client: Client, said: Comment) -> None:
    browser = client(Role.LEAD)
    answer = browser.post(f"/comments/{said.public_id}/issue", data={"issue": ""}, follow_redirects=True)
    assert answer.status_code == 200
    assert "choose an issue from the list first" in answer.get_data(as_text=True)
