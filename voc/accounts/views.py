"""Pages of the client list and of one client."""

from dataclasses import asdict

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.accounts import queries
from voc.accounts.forms import read_wanted
from voc.accounts.queries import Choice, Wanted
from voc.core.principal import Principal, Role
from voc.web.charts import draw_spark
from voc.web.nav import add_entry
from voc.web.pages import page
from voc.web.paging import page_number
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = APIBlueprint("accounts", __name__, enable_openapi=False)
_READERS = {Role.AGENT, Role.LEAD, Role.EXECUTIVE, Role.ADMIN}
add_entry("Clients", "accounts.index", order=30, roles=_READERS, often=_READERS)

_SHOWN = 50
_TABS = (
    ("all", "All"),
    ("never", "Never said anything"),
    ("nobody", "Nobody to write to"),
    ("unlisted", "Not on your client list"),
    ("left", "Former clients"),
)


@blueprint.get("/clients")
@permit("account:list")
def index(session: Session, principal: Principal) -> Response:
    """The client list, with its holes counted and marked."""
    wanted, number = read_wanted(request.args), page_number()
    clients, total = queries.list_clients(session, wanted, limit=_SHOWN, offset=(number - 1) * _SHOWN)
    counts = queries.counts(session)
    choices = {
        "segment": queries.segments(session),
        "service": queries.services(session),
        "owner": queries.owners(session),
    }
    return page(
        "accounts/index.html",
        counts=counts, clients=clients, total=total, wanted=wanted, tabs=_tabs(wanted, counts),
        said=_said(wanted, choices), choices=choices, kept=_query(wanted, words=""),
        sorts={sort: _url(wanted, sort=sort) for sort in queries.SORTS},
        first=(number - 1) * _SHOWN + 1, last=(number - 1) * _SHOWN + len(clients),
        previous_url=_url(wanted, page=number - 1) if number > 1 else "",
        next_url=_url(wanted, page=number + 1) if number * _SHOWN < total else "",
        may_import=principal.may("import:change"),
    )  # fmt: skip


@blueprint.get("/clients/<public_id>")
@permit("account:read")
def account(session: Session, principal: Principal, public_id: str) -> Response:
    """One client: who it is, whom we can write to, what it buys, and what later stages know of it."""
    client = queries.client_page(session, public_id)
    return page(
        "accounts/account.html",
        client=client,
        sparks={one.name: draw_spark([amount for _, amount in one.weeks]) for one in client.usage},
        panels=panels_of("account", session, principal, account=public_id),
    )


def _tabs(wanted: Wanted, counts: queries.ListCounts) -> list[tuple[str, str, bool, int | None]]:
    numbers = {
        "all": counts.groups,
        "never": counts.never_said,
        "nobody": counts.unreachable,
        "unlisted": counts.unlisted,
    }
    return [
        (words, url_for("accounts.index", which=which), wanted.which == which, numbers.get(which))
        for which, words in _TABS
    ]


def _said(wanted: Wanted, choices: dict[str, tuple[Choice, ...]]) -> list[tuple[str, str]]:
    """The filter in words, each with the address of the list without it."""
    said = []
    for name, label in (("segment", "Segment"), ("service", "Buys"), ("owner", "Looked after by")):
        key = getattr(wanted, name)
        if key:
            words = next((one.words for one in choices[name] if one.key == key), key)
            said.append((f"{label}: {words}", _url(wanted, **{name: ""})))
    if wanted.words:
        said.append((f"Named like “{wanted.words}”", _url(wanted, words="")))
    return said


def _query(wanted: Wanted, **changes: str | int) -> dict[str, str | int]:
    values = asdict(wanted) | changes
    values["q"] = values.pop("words")
    plain = {"which": "all", "sort": "name"}
    return {name: value for name, value in values.items() if value not in ("", plain.get(name))}


def _url(wanted: Wanted, **changes: str | int) -> str:
    return url_for("accounts.index", **_query(wanted, **changes))  # type: ignore[arg-type]  # plain query fields
