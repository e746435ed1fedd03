"""Promises: the list, one with its proofs, and making one to a client or to all."""

from datetime import timedelta

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.decisions import commitments, forms, people, visits
from voc.decisions.commitments import CommitmentRow
from voc.decisions.models import Commitment
from voc.decisions.views import today
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("commitments", __name__)
_FIRST_PROOF = timedelta(weeks=4)
_KINDS = (("open", "Open"), ("over", "Kept, not kept, withdrawn"))


@blueprint.get("/commitments")
@permit("decision:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Open promises, those due first; the others on the second tab."""
    rows = commitments.commitments(session)
    show = "over" if request.args.get("show") == "over" else "open"
    sorted_out = {
        "open": [row for row in rows if row.state == "open"],
        "over": [row for row in rows if row.state != "open"],
    }
    return page(
        "decisions/commitments.html",
        rows=sorted_out[show],
        show=show,
        tabs=[(words, f"?show={key}", key == show, len(sorted_out[key])) for key, words in _KINDS],
        states=commitments.STATE_WORDS,
        may_change=principal.may("commitment:change"),
    )


@blueprint.get("/commitments/new")
@permit("commitment:change")
def new(session: Session, principal: Principal) -> ResponseReturnValue:
    """The form of a promise; the address may say for which client, issue or visit."""
    asked = {name: request.args.get(name, "") for name in ("client", "issue", "service", "visit")}
    client = dict(people.client_names(session)).get(asked["client"], "")
    typed = asked | {
        "client": client,
        "to": "one" if client or not asked["issue"] else "all",
        "next_due_on": (today() + _FIRST_PROOF).isoformat(),
        "owner": people.public_id_of(session, principal),
    }
    return _form_page(session, typed)


def _form_page(
    session: Session, typed: dict[str, str], errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    return page(
        "decisions/commitment_new.html",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        clients=people.client_names(session),
        colleagues=people.colleagues(session),
        issues=people.issue_choices(session),
        services=people.service_choices(session),
    )


@blueprint.post("/commitments")
@permit("commitment:change")
def make(session: Session, principal: Principal) -> ResponseReturnValue:
    """Makes the promise, and joins it to the visit it was made on."""
    del principal
    try:
        made = commitments.make_commitment(session, forms.parse_commitment(request.form, today()))
    except Invalid as error:
        return _form_page(session, request.form.to_dict(), error.fields)
    if visit := request.form.get("visit"):
        visits.join_commitment(session, visits.find_visit(session, visit), made)
        return redirect_after(url_for("visits.visit", public_id=visit), "Promised, and kept with the visit.")
    return redirect_after(
        url_for("commitments.commitment", public_id=made.public_id),
        "Promised. The clients it was made to read it on their page.",
        undo_url=url_for("commitments.withdraw", public_id=made.public_id),
    )


@blueprint.get("/commitments/<public_id>")
@permit("decision:read")
def commitment(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One promise: the words, to whom, and what showed so far."""
    return _page(session, principal, commitments.find_commitment(session, public_id))


def _page(
    session: Session,
    principal: Principal,
    found: Commitment,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    row: CommitmentRow = commitments.commitments(session, Commitment.id == found.id)[0]
    return page(
        "decisions/commitment.html",
        status=422 if errors else 200,
        row=row,
        to=commitments.clients_of(session, [found.id]).get(found.id, ()),
        proofs=commitments.proofs_of(session, found),
        states=commitments.STATE_WORDS,
        may_change=principal.may("commitment:change"),
        typed=typed or {},
        errors=errors or {},
    )


@blueprint.post("/commitments/<public_id>/proof")
@permit("commitment:change")
def prove(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """What showed that it is kept or not."""
    found = commitments.find_commitment(session, public_id)
    try:
        commitments.prove(session, found, forms.parse_proof(request.form, today()))
    except Invalid as error:
        return _page(session, principal, found, request.form.to_dict(), error.fields)
    return _back(public_id, "Kept. The clients it was made to can read it.", "commitments.undo_proof")


@blueprint.post("/commitments/<public_id>/proof/undo")
@permit("commitment:change")
def undo_proof(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes the newest proof back."""
    del principal
    commitments.undo_proof(session, commitments.find_commitment(session, public_id))
    return _back(public_id, "The proof is taken back; its day is due again.")


@blueprint.post("/commitments/<public_id>/withdraw")
@permit("commitment:change")
def withdraw(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Ends it."""
    del principal
    commitments.withdraw(session, commitments.find_commitment(session, public_id))
    return _back(public_id, "Withdrawn; clients do not read it any more.", "commitments.undo_withdraw")


@blueprint.post("/commitments/<public_id>/withdraw/undo")
@permit("commitment:change")
def undo_withdraw(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Lets it hold again."""
    del principal
    commitments.undo_withdraw(session, commitments.find_commitment(session, public_id))
    return _back(public_id, "The promise holds again.")


def _back(public_id: str, words: str, undo: str | None = None) -> ResponseReturnValue:
    undo_url = url_for(undo, public_id=public_id) if undo else None
    return redirect_after(url_for("commitments.commitment", public_id=public_id), words, undo_url=undo_url)
