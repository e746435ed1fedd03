"""The administrator's page for programs' tokens."""

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.access import queries
from voc.access.service import SCOPES, NewToken, create_token, revoke_token
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("tokens", __name__, enable_openapi=False, url_prefix="/tokens")
add_entry("Programs", "tokens.listing", order=90, roles={Role.ADMIN})


@blueprint.get("/")
@permit("token:list")
def listing(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - every view has this shape
    """Every token: what it opens, who made it, whether it still does."""
    return _listing(session)


@blueprint.post("/")
@permit("token:change")
def create(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - every view has this shape
    """Makes a token and shows its secret, this once."""
    typed = {name: request.form.get(name, "") for name in ("name", "scope", "account")}
    try:
        secret = create_token(session, NewToken(
            name=typed["name"], scope=typed["scope"], account_id=_account(session, typed["account"])
        ))  # fmt: skip
    except Invalid as error:
        return _listing(session, status=422, typed=typed, errors=error.fields)
    return _listing(session, secret=secret)


@blueprint.post("/<public_id>/revoke")
@permit("token:change")
def revoke(session: Session, principal: Principal, public_id: str) -> Response:  # noqa: ARG001 - as above
    """Closes a token for good."""
    revoke_token(session, public_id)
    return redirect_after(
        url_for("tokens.listing"), "The token is closed; programs that use it get a refusal."
    )


def _account(session: Session, public_id: str) -> int | None:
    if not public_id:
        return None
    found = queries.account_id_of(session, public_id)
    if found is None:
        raise Invalid(
            "Choose a client, or all.", fields={"account": "Choose a client from the list, or all."}
        )
    return found


def _listing(
    session: Session,
    *,
    status: int = 200,
    secret: str | None = None,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    return page(
        "access/tokens.html", status=status, tokens=queries.tokens(session), scopes=SCOPES,
        accounts=[("", "All clients"), *queries.accounts_by_name(session)], secret=secret,
        typed=typed or {}, errors=errors or {},
    )  # fmt: skip
