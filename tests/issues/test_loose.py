"""What stands in no issue and says much the same is settled by one act, as one comment is; undone as a whole."""

import re
from collections.abc import Callable, Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.test_alike import alike, undo_url
from tests.issues.test_ungrouped import loose, say
from voc.access.models import Audit
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import queries, seen, ungrouped
from voc.issues.models import Issue, Match, NoProblem

Client = Callable[..., FlaskClient]
PAGE = "/issues/not-grouped"


@pytest.fixture
def gates(session: Session) -> tuple[Comment, ...]:
    """Three of three clients that say much the same."""
    return alike(session, *(loose(session, f"The gate stays shut, number {at}") for at in range(3)))


def settle(browser: FlaskClient, said: Sequence[Comment], act: str, **more: str) -> str:
    sent = {"comments": [one.public_id for one in said], "act": act, "back": PAGE, **more}
    answer = browser.post(PAGE, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def acts(session: Session, name: str) -> int:
    return session.scalar(select(func.count(Audit.id)).where(Audit.act == name)) or 0


def test_alike_ones_stand_together_with_the_nearest_issue_first(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    near, far = factories.issue(session, name="Gates stick"), factories.issue(session, name="Doors")
    for one in gates:
        say(session, one, "few", (far, 0.4), (near, 0.7))
    alone = loose(session, "Something else")
    page = client(Role.LEAD).get(PAGE).text
    assert "4 comments stand with no issue so far: 1 kind that says much the same" in page
    assert "They say “<bdi>gate</bdi>”" in page
    assert page.index(gates[0].public_id) < page.index(alone.public_id)
    assert re.search(r'class="button primary" name="act" value="put:' + near.public_id, page)
    assert 'value="The gate stays shut"' in page
    assert "1 to 2 of 2 kinds and single comments" in page


def test_an_issue_that_is_hardly_alike_is_not_offered(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    for one in gates:
        say(session, one, "few", (factories.issue(session, name="Doors"), 0.2))
    assert "Put into" not in client(Role.LEAD).get(PAGE).text


def test_all_are_put_into_an_issue_and_one_press_undoes_it(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    issue, browser = factories.issue(session, name="Gates stick"), client(Role.LEAD)
    page = settle(browser, gates, f"put:{issue.public_id}")
    assert "3 comments put with “Gates stick”." in page
    assert {one.state for one in session.scalars(select(Match))} == {"confirmed"}
    assert acts(session, "comment.place") == 3
    assert "Undone" in browser.post(undo_url(page), follow_redirects=True).text
    assert session.scalars(select(Match)).all() == []
    assert queries.not_grouped(session) == 3


def test_another_issue_is_named_as_it_is_called(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    factories.issue(session, name="Gates stick")
    assert "put with “Gates stick”" in settle(client(Role.LEAD), gates, "put", issue="gates  STICK")


def test_they_found_a_new_issue_and_can_again_after_an_undo(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    browser = client(Role.LEAD)
    page = settle(browser, gates, "found", name="Gates stay shut")
    assert "3 comments now stand in the new issue “Gates stay shut”." in page
    browser.post(undo_url(page))
    settle(browser, gates, "found", name="Gates stay shut")
    made = session.scalars(select(Issue)).one()
    assert (made.name, made.is_named) == ("Gates stay shut", True)
    assert session.scalar(select(func.count()).select_from(Match).where(Match.issue_id == made.id)) == 3
    assert "Made it of 3 comments" in browser.get(f"/issues/{made.public_id}").text


def test_what_is_no_problem_waits_no_more_and_stays_in_a_list_of_its_own(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    browser = client(Role.LEAD)
    page = settle(browser, gates, "no")
    assert "Kept: 3 comments said to be no problem." in page
    assert queries.not_grouped(session) == 0
    assert ungrouped.count_by_why(session) == {"no_problem": 3}
    assert gates[0].public_id in browser.get(f"{PAGE}?why=no_problem").text
    assert "A colleague said that it is no problem." in browser.get(f"/comments/{gates[0].public_id}").text
    assert acts(session, "comment.no_problem") == 3
    assert "3 comments wait for an issue again" in browser.post(undo_url(page), follow_redirects=True).text
    assert queries.not_grouped(session) == 3
    assert "That was taken back before." in browser.post(undo_url(page), follow_redirects=True).text


def test_what_was_no_problem_may_wait_again_at_any_time(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    browser = client(Role.LEAD)
    settle(browser, gates, "no")
    assert "Let them wait for an issue again" in browser.get(f"{PAGE}?why=no_problem").text
    assert "1 comment waits for an issue again" in settle(browser, gates[:1], "wait")
    assert ungrouped.count_by_why(session) == {"": 1, "no_problem": 2}
    assert acts(session, "comment.no_problem_back") == 1
    assert "That was taken back before." in settle(browser, gates[:1], "wait")


def test_no_machine_looks_at_what_is_no_problem(session: Session, gates: tuple[Comment, ...]) -> None:
    lead, key = factories.user(session, Role.LEAD), (gates[0].account_id, gates[0].id)
    assert len(queries.placed(session, [key])) == 1
    session.add(
        NoProblem(account_id=key[0], comment_id=key[1], together="t", by_id=lead.id, at=gates[0].said_at)
    )
    session.flush()
    assert queries.placed(session, [key]) == []
    assert len(list(seen.newest_seen(session, limit=9))) == 2
    factories.match(session, gates[0], state="confirmed")
    assert len(queries.placed(session, [key])) == 1


def test_what_a_colleague_settled_meanwhile_stays_and_the_rest_goes_through(
    client: Client, session: Session, gates: tuple[Comment, ...]
) -> None:
    issue, other = factories.issue(session, name="Gates stick"), factories.issue(session, name="Doors")
    factories.match(session, gates[0], other)
    page = settle(client(Role.LEAD), gates, f"put:{issue.public_id}")
    assert "2 comments put with “Gates stick”." in page
    assert "1 was settled before you pressed and stays so." in page
    assert session.get(Match, (gates[0].account_id, gates[0].id, issue.id)) is None
    for act in (f"put:{issue.public_id}", "found", "no"):
        again = settle(client(Role.LEAD), gates, act, name="Again")
        assert "Nothing was changed. 3 were settled before you pressed and stay so." in again
        assert "/undo" not in again


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"act": "no", "comments": []}, "Tick at least one comment first."),
        ({"act": "put"}, "Choose an issue first."),
        ({"act": "put", "issue": "Nothing"}, "No issue is called “Nothing”."),
        ({"act": "found", "name": " "}, "Please write a few words first."),
        ({"act": "found", "name": "Doors"}, "Another issue is called “Doors” already."),
        ({"act": "odd"}, "Choose one of the buttons."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_it_and_the_rest_is_kept(
    client: Client, session: Session, gates: tuple[Comment, ...], sent: dict[str, object], words: str
) -> None:
    factories.issue(session, name="Doors")
    whole = {"card": "1", "comments": [gates[0].public_id]} | sent
    answer = client(Role.LEAD).post(PAGE, data=whole)
    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count('name="comments"') == 3
    assert answer.text.partition("</main>")[0].count(" checked") == len(whole["comments"])  # type: ignore[arg-type]  # a list here
    assert session.scalar(select(func.count()).select_from(Match)) == 0


def test_single_ones_are_ticked_and_settled_together(client: Client, session: Session) -> None:
    said = [loose(session, words) for words in ("One thing", "Another")]
    browser = client(Role.LEAD)
    assert browser.get(PAGE).text.count('form="alone"') == 2
    assert "2 comments said to be no problem" in settle(browser, said, "no")


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ADMIN, Role.CLIENT_ADMIN])
def test_only_who_may_do_it_for_one_may_do_it_for_many(
    client: Client, session: Session, gates: tuple[Comment, ...], role: Role
) -> None:
    sent = {"comments": [one.public_id for one in gates], "act": "no"}
    assert client(role).post(PAGE, data=sent).status_code == 403
    assert client(role).post(f"{PAGE}/x/undo").status_code == 403
    assert session.scalar(select(func.count()).select_from(NoProblem)) == 0


def test_an_executive_reads_them_without_ticks(client: Client, gates: tuple[Comment, ...]) -> None:
    page = client(Role.EXECUTIVE).get(PAGE).text
    assert gates[0].public_id in page
    assert "checkbox" not in page.partition("</main>")[0]
    assert "Not a problem" not in page


def test_an_agent_settles_their_own_clients_and_founds_nothing(client: Client, session: Session) -> None:
    agent, mine = factories.user(session, Role.AGENT), factories.account(session)
    factories.deputy(session, mine, agent)
    own = [loose(session, f"The gate, {at}", account=mine) for at in range(2)]
    other = loose(session, "The gate of others")
    alike(session, *own, other)
    browser = client(agent)
    page = browser.get(PAGE).text
    assert "2 comments of 1 client." in page
    assert other.public_id not in page
    assert "Found a new issue" not in page
    sent = {"comments": [own[0].public_id], "act": "found", "name": "Mine"}
    assert browser.post(PAGE, data=sent).status_code == 422
    assert browser.post(PAGE, data={"comments": [other.public_id], "act": "no"}).status_code == 404
    assert "1 is no longer here." in settle(browser, [own[0], other], "no")
