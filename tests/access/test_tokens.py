"""Administrators make and close programs' tokens."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import ApiToken, Audit
from voc.core.principal import Role

Client = Callable[..., FlaskClient]


def test_a_token_is_shown_once_and_stored_as_a_hash(client: Client, session: Session) -> None:
    browser = client(Role.ADMIN)
    page = browser.post("/tokens/", data={"name": "Help desk", "scope": "ingest", "account": ""}).text
    secret = re.search(r"voc_[\w-]{43}", page)
    assert secret is not None
    assert secret.group() not in browser.get("/tokens/").text
    token = session.scalars(select(ApiToken)).one()
    assert secret.group() not in {token.token_hash, token.name}
    assert session.scalars(select(Audit.act)).all()[-1] == "token.create"


def test_a_token_may_be_for_one_client(client: Client, session: Session) -> None:
    account = factories.account(session)
    client(Role.ADMIN).post("/tokens/", data={"name": "x", "scope": "read", "account": account.public_id})
    assert session.scalars(select(ApiToken.account_id)).one() == account.id


def test_a_bad_form_comes_back_with_what_was_typed(client: Client, session: Session) -> None:
    sent = {"name": "My program", "scope": "everything", "account": "x"}
    answer = client(Role.ADMIN).post("/tokens/", data=sent)
    assert answer.status_code == 422
    assert "My program" in answer.text
    assert session.scalars(select(ApiToken)).all() == []


def test_a_closed_token_opens_nothing_at_the_next_request(
    client: Client, session: Session, visitor: FlaskClient
) -> None:
    token, secret = factories.api_token(session, "read")
    headers = {"Authorization": f"Bearer {secret}"}
    assert visitor.get("/api/v1/comments", headers=headers).status_code == 200
    assert client(Role.ADMIN).post(f"/tokens/{token.public_id}/revoke").status_code == 303
    assert visitor.get("/api/v1/comments", headers=headers).status_code == 401


def test_a_token_that_is_not_there_cannot_be_closed(client: Client) -> None:
    assert client(Role.ADMIN).post(f"/tokens/{'a' * 26}/revoke").status_code == 404
