"""One client in the grid of one issue: what the cell rests on, and a lead's own word on it."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.accounts.book import Group, find_account, open_book
from voc.breadth import queries, service
from voc.breadth.rules import CellState, Says, Source
from voc.core import clock
from voc.core.errors import Invalid, NotFound
from voc.core.principal import Principal
from voc.core.text import clean_optional
from voc.intake.queries import window_end
from voc.issues.curate import find_issue
from voc.web.pages import page, redirect_after
from voc.web.permit import permit
from voc.web.words import cell_words

blueprint = Blueprint("breadth", __name__)
_WHOLE = 26  # letters of a public id

SETTINGS = (Says.HAS_PROBLEM, Says.HAS_MANAGES, Says.HAS_NOT, Says.NOT_APPLICABLE, Says.PREFERS_NOT)


@blueprint.get("/issues/<issue>/clients/<account>")
@permit("issue:read")
def cell(session: Session, principal: Principal, issue: str, account: str) -> ResponseReturnValue:
    """Everything we know of one client about one issue."""
    found = find_issue(session, issue)
    if len(account) < _WHOLE:  # a wall's square names its client by the first letters
        whole = queries.whole_id(session, account)
        return redirect(url_for("breadth.cell", issue=issue, account=whole))
    group = _group(session, account)
    row = next((row for row in queries.grid(session, found).rows if row.account_id == group.id), None)
    return page(
        "breadth/cell.html",
        issue=found,
        client=group,
        state=row.state if row else CellState.NOT_APPLICABLE,
        evidence=queries.evidence_of(session, found, group),
        settings=[(says, cell_words(says)) for says in SETTINGS],
        may_set=principal.may("cell:change"),
    )


@blueprint.post("/issues/<issue>/clients/<account>")
@permit("cell:change")
def settle(session: Session, principal: Principal, issue: str, account: str) -> ResponseReturnValue:
    """A lead settles one cell, until the client itself says something newer."""
    found = find_issue(session, issue)
    group = _group(session, account)
    says = _chosen()
    service.record_evidence(
        session,
        account_id=group.id,
        issue_id=found.id,
        source=Source.PERSON,
        says=says,
        observed_at=clock.now(),
        user_id=principal.user_id,
        note=clean_optional(request.form.get("note"), "note", limit=500),
    )
    undo_url = url_for("breadth.take_back", issue=issue, account=account)
    back = url_for("breadth.cell", issue=issue, account=account)
    return redirect_after(back, f"Kept: {cell_words(says)}.", undo_url=undo_url)


@blueprint.post("/issues/<issue>/clients/<account>/take-back")
@permit("cell:change")
def take_back(session: Session, principal: Principal, issue: str, account: str) -> ResponseReturnValue:
    """Takes a lead's word back; what else we know counts again."""
    found = find_issue(session, issue)
    group = _group(session, account)
    service.record_evidence(
        session,
        account_id=group.id,
        issue_id=found.id,
        source=Source.PERSON,
        says=Says.WITHDRAWN,
        observed_at=clock.now(),
        user_id=principal.user_id,
    )
    back = url_for("breadth.cell", issue=issue, account=account)
    return redirect_after(back, "Taken back; what else we know counts again.")


def _chosen() -> Says:
    value = request.form.get("says", "")
    if value not in SETTINGS:
        raise Invalid("Choose one of the five.", fields={"says": "Choose one of the five."})
    return Says(value)


def _group(session: Session, account: str) -> Group:
    """The group of this account, as the client list stands at the window's end; raises NotFound."""
    book = open_book(session, window_end(session).date())
    group_id = book.group_of.get(find_account(session, account).id)
    group = book.groups.get(group_id) if group_id is not None else None
    if group is None:
        raise NotFound
    return group
