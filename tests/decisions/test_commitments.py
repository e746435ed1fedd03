"""Promises: to one or to all, proofs and their undo, and what only the client they were made to reads."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.decisions.conftest import TODAY
from voc.access.models import User
from voc.core.errors import Conflict, Invalid
from voc.core.principal import Role
from voc.decisions import commitments
from voc.decisions.commitments import clients_of
from voc.decisions.forms import CommitmentForm, ProofForm
from voc.issues.curate import set_services

Client = Callable[..., FlaskClient]
Promise = Callable[..., CommitmentForm]


def test_a_promise_to_a_group_reaches_its_sites_and_counts_once(
    session: Session, executive: User, promise: Promise
) -> None:
    group = factories.account(session, name="Group")
    factories.account(session, group=group)
    made = commitments.make_commitment(session, promise(client="Group"))
    assert clients_of(session, [made.id]) == {made.id: ("Group",)}
    assert commitments.commitments(session)[0].clients == 1


def test_a_promise_to_all_is_made_to_whom_its_issue_concerns(
    session: Session, executive: User, promise: Promise
) -> None:
    service, issue = factories.service(session), factories.issue(session)
    buyer, other = factories.account(session, name="Buyer"), factories.account(session, name="Other")
    factories.buys(session, buyer, service)
    set_services(session, issue, [service.public_id])
    made = commitments.make_commitment(session, promise(issue=issue.public_id))
    assert clients_of(session, [made.id]) == {made.id: ("Buyer",)}
    assert other.name == "Other"


def test_a_promise_to_nobody_is_refused(session: Session, executive: User, promise: Promise) -> None:
    service = factories.service(session)
    with pytest.raises(Invalid, match="concerns no client"):
        commitments.make_commitment(session, promise(service=service.public_id))


def test_a_proof_sets_the_next_day_and_undo_makes_its_day_due_again(
    session: Session, executive: User, promise: Promise
) -> None:
    factories.account(session, name="Client A")
    made = commitments.make_commitment(session, promise(client="Client A", every_weeks=4))
    commitments.prove(session, made, ProofForm(was_kept=True, words="On each sheet in April."))
    assert (made.state, made.next_due_on) == ("open", TODAY + timedelta(weeks=4))
    commitments.undo_proof(session, made)
    assert (made.state, made.next_due_on) == ("open", TODAY)
    assert commitments.proofs_of(session, made) == ()


def test_a_promise_that_was_not_kept_says_so_and_takes_no_more_proofs(
    session: Session, executive: User, promise: Promise
) -> None:
    factories.account(session, name="Client A")
    made = commitments.make_commitment(session, promise(client="Client A"))
    commitments.prove(session, made, ProofForm(was_kept=False, words="Two nights without."))
    assert made.state == "broken"
    with pytest.raises(Conflict, match="not kept already"):
        commitments.prove(session, made, ProofForm(was_kept=True, words="Again."))
    commitments.undo_proof(session, made)
    commitments.withdraw(session, made)
    with pytest.raises(Conflict):
        commitments.withdraw(session, made)
    commitments.undo_withdraw(session, made)
    assert made.state == "open"


@pytest.mark.parametrize("role", [Role.CLIENT_VIEWER, Role.CLIENT_ADMIN])
def test_a_client_reads_its_own_promises_and_nothing_of_anybody_elses(
    client: Client, session: Session, executive: User, owner: User, promise: Promise, role: Role
) -> None:
    mine, other = factories.account(session, name="Mine"), factories.account(session, name="Other")
    issue = factories.issue(session, name="Secret issue name")
    kept = commitments.make_commitment(session, promise(client="Mine", every_weeks=4, issue=issue.public_id))
    commitments.make_commitment(session, promise(client="Other", words="Only for the other one."))
    commitments.prove(session, kept, ProofForm(was_kept=True, words="Seen on every sheet."))
    shown = client(factories.user(session, role, account=mine)).get("/points").text
    assert "Your driver stays." in shown
    assert "Seen on every sheet." in shown
    assert owner.name in shown
    assert "1\xa0June" in shown
    assert "Only for the other one." not in shown
    for hidden in ("Secret issue name", issue.public_id, kept.public_id, "Other", "driver's name on each"):
        assert hidden not in shown.replace("Other clients", "")
    assert other.name not in shown


def test_people_of_a_site_read_what_was_promised_to_their_group(
    client: Client, session: Session, executive: User, promise: Promise
) -> None:
    group = factories.account(session, name="Group")
    site = factories.account(session, group=group)
    commitments.make_commitment(session, promise(client="Group"))
    shown = client(factories.user(session, Role.CLIENT_VIEWER, account=site)).get("/points").text
    assert shown.count("Your driver stays.") == 1


def test_a_client_without_promises_reads_that(client: Client) -> None:
    assert "We have promised you nothing yet." in client(Role.CLIENT_VIEWER).get("/points").text


def test_a_withdrawn_promise_leaves_the_clients_page(
    client: Client, session: Session, executive: User, promise: Promise
) -> None:
    mine = factories.account(session, name="Mine")
    made = commitments.make_commitment(session, promise(client="Mine"))
    commitments.withdraw(session, made)
    assert (
        "Your driver stays."
        not in client(factories.user(session, Role.CLIENT_ADMIN, account=mine)).get("/points").text
    )


GOOD = {
    "words": "Your driver stays.",
    "proof": "Name on each sheet.",
    "next_due_on": "2026-05-04",
    "to": "one",
}


def test_a_lead_promises_proves_and_takes_back_on_the_page(
    client: Client, session: Session, owner: User
) -> None:
    factories.account(session, name="Harbour Clinic")
    browser = client(owner)
    sent = {**GOOD, "client": "harbour clinic", "owner": owner.public_id}
    url = browser.post("/commitments", data=sent).headers["Location"]
    assert "Harbour Clinic" in browser.get("/today?queue=promises-due").text
    assert "Your driver stays." in browser.get("/this-week").text
    assert browser.post(f"{url}/proof", data={"was_kept": "perhaps", "words": ""}).status_code == 422
    assert browser.post(f"{url}/proof", data={"was_kept": "yes", "words": "Seen."}).status_code == 303
    assert "Seen." in browser.get(url).text
    assert browser.post(f"{url}/proof/undo").status_code == 303
    assert browser.post(f"{url}/withdraw").status_code == 303
    assert "withdrawn" in browser.get("/commitments?show=over").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"words": ""}, "words"), ({"proof": " "}, "proof"), ({"owner": ""}, "owner"), ({"client": "Nobody"}, "client"),
     ({"client": ""}, "client"), ({"next_due_on": ""}, "next_due_on"), ({"every_weeks": "-1"}, "every_weeks"),
     ({"every_weeks": "9" * 4000}, "every_weeks"), ({"issue": "x"}, "issue"), ({"service": "x"}, "service")],
)  # fmt: skip
def test_a_promise_that_lacks_something_says_what(
    client: Client, session: Session, owner: User, wrong: dict[str, str], field: str
) -> None:
    factories.account(session, name="Harbour Clinic")
    sent = {**GOOD, "client": "Harbour Clinic", "owner": owner.public_id, **wrong}
    answer = client(Role.LEAD).post("/commitments", data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_promise_made_on_a_visit_is_kept_with_it(client: Client, session: Session, owner: User) -> None:
    factories.account(session, name="Harbour Clinic")
    browser = client(owner)
    plan = {"client": "Harbour Clinic", "visitor": owner.public_id, "planned_on": "2026-05-04"}
    url = browser.post("/visits", data=plan).headers["Location"]
    browser.post(f"{url}/went", data={"how": "visit", "went_on": "2026-05-04", "text": "They told us."})
    browser.post(f"{url}/logic", data={"words": "Night shift."})
    sent = {**GOOD, "client": "Harbour Clinic", "owner": owner.public_id, "visit": url.rpartition("/")[2]}
    assert browser.post("/commitments", data=sent).headers["Location"] == url
    assert "Does the team know?" in browser.get(url).text
