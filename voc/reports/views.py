"""The leadership page, what it acts from, its editions, and tables to take away."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.queries import counts
from voc.breadth.limits import current_limits
from voc.breadth.said import say_limits
from voc.core import clock
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.core.tables.writing import as_csv, as_xlsx
from voc.issues.curate import find_issue
from voc.reports import editions, forms, limits, owed, queries, said, tables
from voc.reports import running as facts_of
from voc.reports.briefs import brief_of
from voc.web.context import settings
from voc.web.downloads import download
from voc.web.links import url_if_there
from voc.web.nav import add_entry, set_home
from voc.web.pages import page, redirect_after
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = Blueprint("reports", __name__)
_LEADERS = {Role.EXECUTIVE, Role.LEAD}
add_entry("This week", "reports.week", order=12, roles=_LEADERS, often=_LEADERS)
set_home(Role.EXECUTIVE, "reports.week")


add_entry("Running", "reports.running", order=5, roles={Role.ADMIN}, often={Role.ADMIN})
set_home(Role.ADMIN, "reports.running")

_OWED = 4


@blueprint.get("/running")
@permit("health:read")
def running(session: Session, principal: Principal) -> ResponseReturnValue:
    """Whether everything that came in was read, and what needs a person."""
    del principal
    return page("reports/running.html", facts=facts_of.running(session), book=counts(session))


@blueprint.get("/this-week")
@permit("report:read")
def week(session: Session, principal: Principal) -> ResponseReturnValue:
    """Owed a person first, then at most five issues, the widest first."""
    return _week_page(session, principal)


def _week_page(
    session: Session, principal: Principal, *, typed: str = "", about: str = "", error: str | None = None
) -> ResponseReturnValue:
    shown = queries.this_week(session, zone=settings().time_zone)
    today, currency = clock.today(settings().time_zone), settings().currency
    first = len(shown.owed) if request.args.get("all") == "1" or error else _OWED
    return page(
        "reports/week.html",
        status=422 if error else 200,
        week=shown,
        owed=shown.owed[:first],
        more_owed=shown.owed[first:],
        briefs=[brief_of(line, shown.limits, today=today, currency=currency) for line in shown.lines],
        quotes={quote.reference: quote for line in shown.lines for quote in line.quotes},
        why_call=said.say_call(shown.call, today, currency) if shown.call else (),
        acts_from=say_limits(shown.limits, currency),
        headline=said.say_headline(shown.headline),
        panels=panels_of("week", session, principal),
        may=_may(principal),
        typed=typed,
        about=about,
        error=error,
        decide_url=_decide_url,
        visit_url=_visit_url,
    )


def _may(principal: Principal) -> dict[str, bool]:
    return {
        "decide": principal.may("decision:change"),
        "ask": principal.may("check:change"),
        "change": principal.may("report:change"),
        "visit": principal.may("visit:change"),
    }


def _decide_url(issue: str, choice: str = "") -> str | None:
    url = url_if_there("decisions.decide", public_id=issue)
    return f"{url}?choice={choice}" if url and choice else url


def _visit_url(client: str, comment: str) -> str | None:
    url = url_if_there("visits.plan")
    return f"{url}?client={client}&comment={comment}" if url else None


@blueprint.post("/comments/<public_id>/reason")
@permit("report:change")
def give_reason(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Writes down why somebody who asked gets no visit and no call."""
    typed = request.form.get("reason", "")
    try:
        owed.give_reason(session, public_id, typed)
    except Invalid as problem:
        words = problem.fields.get("reason", problem.message)
        return _week_page(session, principal, typed=typed, about=public_id, error=words)
    undo_url = url_for("reports.take_reason_back", public_id=public_id)
    return redirect_after(url_for("reports.week"), "Kept why nobody calls or visits.", undo_url=undo_url)


@blueprint.post("/comments/<public_id>/reason/undo")
@permit("report:change")
def take_reason_back(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes a reason back."""
    del principal
    owed.take_reason_back(session, public_id)
    return redirect_after(url_for("reports.week"), "Taken back; the client is owed a person again.")


@blueprint.get("/thresholds")
@permit("report:read")
def thresholds(session: Session, principal: Principal) -> ResponseReturnValue:
    """From how many clients, or which yearly value, we act; who set it."""
    return _thresholds_page(session, principal)


def _thresholds_page(
    session: Session,
    principal: Principal,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    current = current_limits(session)
    worth = "" if current.value_cents is None else f"{current.value_cents / 100:.0f}"
    return page(
        "reports/thresholds.html",
        status=422 if errors else 200,
        acts_from=say_limits(current, settings().currency),
        typed=typed or {"groups": str(current.groups), "value": worth},
        errors=errors or {},
        history=[(one, say_limits(one.limits, settings().currency)) for one in limits.limits_history(session)],
        may_set=principal.may("decision:change"),
    )  # fmt: skip


@blueprint.post("/thresholds")
@permit("decision:change")
def set_thresholds(session: Session, principal: Principal) -> ResponseReturnValue:
    """Sets from when we act."""
    try:
        limits.set_limits(session, forms.parse_limits(request.form))
    except Invalid as error:
        typed = {name: request.form.get(name, "") for name in ("groups", "value")}
        return _thresholds_page(session, principal, typed=typed, errors=error.fields)
    return redirect_after(
        url_for("reports.thresholds"), "Kept. The page reads by it from now on; editions keep theirs.",
        undo_url=url_for("reports.undo_thresholds"),
    )  # fmt: skip


@blueprint.post("/thresholds/undo")
@permit("decision:change")
def undo_thresholds(session: Session, principal: Principal) -> ResponseReturnValue:
    """Puts back what stood before."""
    del principal
    before = limits.undo_limits(session)
    return redirect_after(
        url_for("reports.thresholds"), f"Put back. {say_limits(before, settings().currency)}."
    )


@blueprint.get("/editions")
@permit("report:read")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every edition, the newest first."""
    return page(
        "reports/editions.html",
        editions=editions.editions(session),
        may_freeze=principal.may("report:change"),
    )


@blueprint.post("/editions")
@permit("report:change")
def freeze(session: Session, principal: Principal) -> ResponseReturnValue:
    """Keeps this week's page as it stands."""
    del principal
    today = clock.today(settings().time_zone)
    made = editions.freeze(session, today=today, currency=settings().currency)
    url = url_for("reports.edition", public_id=made.public_id)
    return redirect_after(url, "Kept as it stands. It never changes any more.")


@blueprint.get("/editions/<public_id>")
@permit("report:read")
def edition(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One edition: its figures as they were, its words as they may be read today."""
    opened = editions.open_edition(session, public_id)
    return page("reports/edition.html", edition=opened, may_export=principal.may("export:read"))


@blueprint.get("/editions/<public_id>.xlsx")
@permit("export:read", writing=True)
def edition_xlsx(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """An edition as a workbook: issues, and who was owed a person."""
    del principal
    opened = editions.open_edition(session, public_id)
    record(session, "export.edition", f"edition {public_id}", kind="xlsx")
    return download(as_xlsx(tables.edition_tables(opened, settings().currency)), opened.title, "xlsx")


@blueprint.get("/editions/<public_id>.csv")
@permit("export:read", writing=True)
def edition_csv(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """An edition's issues as CSV."""
    del principal
    opened = editions.open_edition(session, public_id)
    record(session, "export.edition", f"edition {public_id}", kind="csv")
    return download(as_csv(tables.edition_tables(opened, settings().currency)[0]), opened.title, "csv")


@blueprint.get("/issues/<issue>/clients.xlsx")
@permit("export:read", writing=True)
def clients_xlsx(session: Session, principal: Principal, issue: str) -> ResponseReturnValue:
    """Client by client, as a workbook."""
    del principal
    found = find_issue(session, issue)
    record(session, "export.clients", f"issue {found.public_id}", kind="xlsx")
    return download(as_xlsx([tables.clients_table(session, found, settings().currency)]), found.name, "xlsx")


@blueprint.get("/issues/<issue>/clients.csv")
@permit("export:read", writing=True)
def clients_csv(session: Session, principal: Principal, issue: str) -> ResponseReturnValue:
    """Client by client, as CSV."""
    del principal
    found = find_issue(session, issue)
    record(session, "export.clients", f"issue {found.public_id}", kind="csv")
    return download(as_csv(tables.clients_table(session, found, settings().currency)), found.name, "csv")
