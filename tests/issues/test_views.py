"""The pages of issues: each role sees what is theirs, and nothing bad ends in an error page."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from voc.accounts.models import Account
from voc.breadth.service import follow_matches
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues.models import Issue, Match

Client = Callable[..., FlaskClient]
LOOKERS = (Role.AGENT, Role.LEAD, Role.EXECUTIVE)
OTHERS = (Role.CLIENT_VIEWER, Role.CLIENT_ADMIN, Role.ADMIN)


@pytest.fixture
def account(session: Session) -> Account:
    found: Account = factories.account(session, name="Havel <b>Logistics</b>")
    return found


@pytest.fixture
def said(session: Session, account: Account) -> Comment:
    return factories.comment(
        session, account, text="Call me on 020 555 0100 <script>alert(1)</script> {{7*7}}"
    )


@pytest.fixture
def issue(session: Session, said: Comment) -> Issue:
    found = factories.issue(session, name="Linen <i>late</i>")
    factories.reading(session, said, masks=[[11, 23, "phone"]])
    factories.match(session, said, found)
    follow_matches(session, [(said.account_id, said.id, found.id)])
    return found


@pytest.mark.parametrize("role", LOOKERS)
def test_whoever_may_look_sees_the_wall_and_the_words_masked(
    client: Client, issue: Issue, account: Account, role: Role
) -> None:
    shown = client(role).get(f"/issues/{issue.public_id}")
    words = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "Linen &lt;i&gt;late&lt;/i&gt;" in words
    assert "020 555 0100" not in words
    assert "<script>alert" not in words
    assert len(shown.data) < 80_000
    if role is not Role.AGENT:  # an agent sees only clients of their own
        assert "Havel &lt;b&gt;Logistics&lt;/b&gt;" in words
        assert "{{7*7}}" in words


@pytest.mark.parametrize("role", LOOKERS)
def test_that_words_are_hidden_is_said_once_with_the_way_to_them(
    client: Client, session: Session, issue: Issue, account: Account, role: Role
) -> None:
    second = factories.comment(session, account, text="Call me on 020 555 0100 again")
    factories.reading(session, second, masks=[[11, 23, "phone"]])
    factories.match(session, second, issue)
    user = factories.user(session, role)
    factories.deputy(session, account, user)
    words = client(user).get(f"/issues/{issue.public_id}").text
    assert words.count("numbers are hidden here") == 1
    assert ("open a comment to read them" in words) == (role is not Role.EXECUTIVE)


def test_the_address_of_an_issue_put_elsewhere_says_so(
    client: Client, session: Session, issue: Issue
) -> None:
    gone = factories.issue(session, name="Sheets too late", merged_into_id=issue.id)
    words = client(Role.LEAD).get(f"/issues/{gone.public_id}").text
    assert "“<bdi>Sheets too late</bdi>” was put together with this issue." in words
    assert "was put together" not in client(Role.LEAD).get(f"/issues/{issue.public_id}").text


@pytest.mark.parametrize(
    ("role", "words"), [(Role.CLIENT_ADMIN, "for our own people"), (Role.LEAD, "ask an administrator")]
)
def test_a_page_that_is_not_open_says_a_way_that_fits_its_reader(
    client: Client, role: Role, words: str
) -> None:
    answer = client(role).get("/running" if role is Role.LEAD else "/issues")
    assert answer.status_code == 403
    assert words in answer.text
    assert ("administrator" in answer.text) == (role is Role.LEAD)


def test_where_nothing_is_hidden_nothing_is_said_of_it(client: Client, session: Session) -> None:
    said = factories.comment(session, text="The linen came late")
    factories.reading(session, said)
    issue = factories.issue(session)
    factories.match(session, said, issue)
    assert "hidden here" not in client(Role.LEAD).get(f"/issues/{issue.public_id}").text


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("path", ["/issues", "/issues/not-grouped", "/issues/{}"])
def test_nobody_else_sees_issues(client: Client, issue: Issue, role: Role, path: str) -> None:
    assert client(role).get(path.format(issue.public_id)).status_code == 403


@pytest.mark.parametrize(
    "path", ["/issues", "/issues/not-grouped", "/issues/{}", "/issues/{}?match=confirmed"]
)
def test_a_fragment_is_the_middle_of_the_page(client: Client, issue: Issue, path: str) -> None:
    lead = client(Role.LEAD)
    where = path.format(issue.public_id)
    fragment = lead.get(where, headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert "<html" not in fragment
    assert re.search(r"<h1>.*</h1>", fragment)
    assert "<html" in lead.get(where).get_data(as_text=True)


@pytest.mark.parametrize("path", ["/issues", "/issues/not-grouped"])
def test_empty_pages_say_so(client: Client, path: str) -> None:
    assert client(Role.LEAD).get(path).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["cell=none", "sort=id;drop", "q=%25_'--", "match=x", "page=0", "page=-1", "page=a", "page=999999999"],
)
def test_odd_filters_are_harmless(client: Client, issue: Issue, query: str) -> None:
    assert client(Role.LEAD).get(f"/issues/{issue.public_id}?{query}").status_code in {200, 422}
    assert client(Role.LEAD).get(f"/issues?{query}").status_code in {200, 422}


def test_an_absent_issue_is_not_found(client: Client) -> None:
    lead = client(Role.LEAD)
    assert lead.get("/issues/absent").status_code == 404
    assert lead.post("/issues/absent/name", data={"name": "x"}).status_code == 404


def test_naming_redirects_and_a_bad_name_comes_back(client: Client, session: Session, issue: Issue) -> None:
    lead = client(Role.LEAD)
    assert lead.post(f"/issues/{issue.public_id}/name", data={"name": "Linen late"}).status_code == 303
    session.refresh(issue)
    assert (issue.name, issue.is_named) == ("Linen late", True)
    bad = lead.post(f"/issues/{issue.public_id}/name", data={"name": "y" * 121})
    assert bad.status_code == 422
    assert "y" * 121 in bad.get_data(as_text=True)


BAD = {
    "behind": {"behind": "because"},
    "state": {"state": "watching", "watch_until": "many"},
    "services": {"services": "absent"},
    "merge": {"issue": ""},
    "comments": {"act": "confirm"},
}


@pytest.mark.parametrize("what", BAD)
def test_bad_values_are_refused_with_words(client: Client, issue: Issue, what: str) -> None:
    answer = client(Role.LEAD).post(f"/issues/{issue.public_id}/{what}", data=BAD[what])
    assert answer.status_code == 422


def test_an_agent_may_confirm_but_not_rename(client: Client, session: Session, issue: Issue) -> None:
    agent = factories.user(session, Role.AGENT)
    mine = factories.account(session, owner_id=agent.id)
    said = factories.comment(session, mine)
    match = factories.match(session, said, issue)
    browser = client(agent)
    sent = {"comments": said.public_id, "act": "confirm"}
    assert browser.post(f"/issues/{issue.public_id}/comments", data=sent).status_code == 303
    session.refresh(match)
    assert match.state == "confirmed"
    assert browser.post(f"/issues/{issue.public_id}/name", data={"name": "x"}).status_code == 403


def test_an_agent_cannot_touch_another_clients_comment(client: Client, said: Comment, issue: Issue) -> None:
    sent = {"comments": said.public_id, "act": "confirm"}
    assert client(Role.AGENT).post(f"/issues/{issue.public_id}/comments", data=sent).status_code == 404


@pytest.mark.parametrize("act", ["confirm", "refuse", "move", "split"])
def test_what_is_done_to_ticked_comments_can_be_undone_from_the_page(
    client: Client, session: Session, issue: Issue, said: Comment, act: str
) -> None:
    lead = client(Role.LEAD)
    other = factories.issue(session)
    sent = {"comments": said.public_id, "act": act, "issue": other.public_id, "name": "New"}
    done = lead.post(f"/issues/{issue.public_id}/comments", data=sent)
    assert done.status_code == 303
    shown = lead.get(done.headers["Location"]).get_data(as_text=True)
    undo = re.search(r'action="(/acts/\w+/undo)"', shown)
    assert undo is not None
    assert lead.post(undo.group(1)).status_code == 303
    session.expire_all()
    assert session.get_one(Match, (said.account_id, said.id, issue.id)).state == "machine"
    assert lead.post(undo.group(1)).status_code == 303
    assert "undone before" in lead.get(f"/issues/{issue.public_id}").get_data(as_text=True)


def test_merging_from_the_page_leads_to_the_one_that_counts(
    client: Client, session: Session, issue: Issue
) -> None:
    other = factories.issue(session)
    lead = client(Role.LEAD)
    done = lead.post(f"/issues/{issue.public_id}/merge", data={"issue": other.public_id})
    assert done.headers["Location"].endswith(other.public_id)
    assert lead.get(f"/issues/{issue.public_id}").status_code == 200


def test_one_comment_is_put_elsewhere_from_its_own_page(
    client: Client, session: Session, said: Comment, issue: Issue
) -> None:
    other = factories.issue(session)
    done = client(Role.LEAD).post(f"/comments/{said.public_id}/issue", data={"issue": other.public_id})
    assert done.status_code == 303
    session.expire_all()
    assert session.get_one(Match, (said.account_id, said.id, other.id)).state == "confirmed"
    assert session.get_one(Match, (said.account_id, said.id, issue.id)).state == "refused"


def test_a_lead_settles_a_cell_and_takes_it_back(client: Client, issue: Issue, account: Account) -> None:
    lead, where = client(Role.LEAD), f"/issues/{issue.public_id}/clients/{account.public_id}"
    assert lead.post(where, data={"says": "has_not", "note": "Seen on a visit."}).status_code == 303
    assert "Seen on a visit." in lead.get(where).get_data(as_text=True)
    assert lead.post(f"{where}/take-back").status_code == 303
    assert "Seen on a visit." not in lead.get(where).get_data(as_text=True)
    assert lead.post(where, data={"says": "maybe"}).status_code == 422
    assert lead.get(f"/issues/{issue.public_id}/clients/absent").status_code == 404
    assert client(Role.EXECUTIVE).post(where, data={"says": "has_not"}).status_code == 403


def test_taking_a_comment_out_and_undoing_it_leave_a_person_where_they_were(
    client: Callable[..., FlaskClient], session: Session
) -> None:
    match = factories.match(session)
    comment = session.get_one(Comment, (match.account_id, match.comment_id))
    issue = session.get_one(Issue, match.issue_id)
    browser, here = client(Role.LEAD), f"/comments/{comment.public_id}"
    answer = browser.post(
        f"/issues/{issue.public_id}/comments",
        data={"comments": comment.public_id, "act": "refuse", "back": here},
    )
    assert answer.location == here
    undo = re.search(r'action="(/acts/[^"]*)"', browser.get(here).text)
    assert undo is not None
    assert browser.post(undo.group(1)).location == here


@pytest.mark.parametrize("act", ["name", "behind", "state", "services", "merge"])
def test_a_write_on_an_issue_merged_away_says_so_with_the_way_there(
    client: Client, session: Session, issue: Issue, act: str
) -> None:
    away = factories.issue(session, name="Towels late", merged_into_id=issue.id)
    answer = client(Role.LEAD).post(f"/issues/{away.public_id}/{act}", data={"name": "Towels come late"})
    words = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "“Towels late” was put together with “Linen" in words
    assert f'href="/issues/{issue.public_id}"' in words
    assert "You wrote “Towels come late”" in words
