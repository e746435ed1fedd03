"""What intake adds to the client's page for staff: its public link."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.core.principal import Principal
from voc.web.panels import Rendered, panel


@dataclass(frozen=True, slots=True)
class FormLink:
    """Whether an account has a public link; the link itself is known to whoever was given it."""

    public_id: str
    exists: bool


@panel("account", order=80, permission="account:change")
def form_link(
    session: Session,
    principal: Principal,  # noqa: ARG001 - every panel has this shape
    *,
    account: str,
) -> Rendered | None:
    """The section that makes, renews and closes the account's public link."""
    row = session.execute(select(Account.form_token_hash).where(Account.public_id == account)).first()
    return Rendered("intake/_link_panel.html", FormLink(account, row[0] is not None)) if row else None
