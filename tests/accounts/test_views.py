"""The client list and the pages that bring in files."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from voc.core.principal import Role

Client = Callable[..., FlaskClient]


def test_the_list_counts_its_holes(session: Session, client: Client) -> None:
    quiet = factories.account(session, name="Quiet Ltd")
    factories.contact(session, quiet)
    factories.account(session, name="Nobody <b>There</b>", is_listed=False)
    page = client(Role.LEAD).get("/clients").get_data(as_text=True)
    assert "Quiet Ltd" in page
    assert "Nobody &lt;b&gt;There" in page
    assert "not on your client list" in page
    for which, name in (("nobody", "Nobody"), ("unlisted", "Nobody"), ("never", "Quiet Ltd")):
        assert name in client(Role.LEAD).get(f"/clients?which={which}").get_data(as_text=True)
    assert "Quiet Ltd" not in client(Role.LEAD).get("/clients?which=unlisted").get_data(as_text=True)


def test_the_list_narrows_and_sorts(session: Session, client: Client) -> None:
    care = factories.service(session, name="Care")
    one = factories.account(session, name="Aster", segment="health", yearly_value_cents=100)
    factories.account(session, name="Bloom", segment="retail")
    factories.buys(session, one, care)
    lead = client(Role.LEAD)
    for query in ("segment=health", f"service={care.public_id}", "q=ast"):
        page = lead.get(f"/clients?{query}").get_data(as_text=True)
        assert "Aster" in page
        assert "Bloom" not in page
    for sort in ("name", "segment", "last", "value"):
        assert lead.get(f"/clients?sort={sort}").status_code == 200
    assert "No client is like that" in lead.get("/clients?q=%25").get_data(as_text=True)


@pytest.mark.parametrize("query", ["sort=id;drop", "which=x", "page=-1", "page=a"])
def test_a_list_that_does_not_exist_is_refused(client: Client, query: str) -> None:
    assert client(Role.LEAD).get(f"/clients?{query}").status_code == 422


def test_an_agent_sees_only_clients_assigned_to_them(session: Session, client: Client) -> None:
    mine, other = factories.account(session, name="Mine"), factories.account(session, name="Other")
    agent = client(Role.AGENT, account=mine)
    page = agent.get("/clients").get_data(as_text=True)
    assert "Mine" in page
    assert "Other" not in page
    assert agent.get(f"/clients/{mine.public_id}").status_code == 200
    assert agent.get(f"/clients/{other.public_id}").status_code == 404


@pytest.mark.parametrize("role", [Role.CLIENT_VIEWER, Role.CLIENT_ADMIN])
def test_clients_see_no_client_list(client: Client, role: Role) -> None:
    assert client(role).get("/clients").status_code == 403
    assert client(role).get("/import").status_code == 403


def test_a_clients_page_says_who_it_is_and_what_it_buys(session: Session, client: Client) -> None:
    group = factories.account(session, name="Acme Group")
    site = factories.account(session, name="Acme North", group=group)
    factories.contact(session, site, name="Bo Lind", may_be_asked=False)
    factories.buys(session, group, factories.service(session, name="Sterile supply"))
    page = client(Role.EXECUTIVE).get(f"/clients/{group.public_id}").get_data(as_text=True)
    for words in ("Acme North", "Bo Lind", "asked us not to ask", "Sterile supply", "never said anything"):
        assert words in page
    assert "Acme Group" in client(Role.EXECUTIVE).get(f"/clients/{site.public_id}").get_data(as_text=True)


def send(browser: FlaskClient, what: str, content: str) -> Any:
    file = (io.BytesIO(content.encode()), "=list.csv")
    return browser.post("/import", data={"what": what, "file": file}, content_type="multipart/form-data")


def test_a_file_is_looked_at_then_brought_in_and_its_refused_rows_can_be_had(client: Client) -> None:
    lead = client(Role.LEAD)
    sent = send(
        lead, "comments", "words,client,when\nLate,Acme,03/04/2024\nWrong,Birch,05/06/2024\nBad,Birch,never\n"
    )
    assert sent.status_code == 303
    place = sent.headers["Location"]
    looked = lead.get(place).get_data(as_text=True)
    assert "Say which column holds" in looked
    assert "What the client said, in their words." in looked
    form = {"map_text": "words", "map_account": "client", "map_received_at": "when"}
    assert "can be read two ways" in lead.post(place, data=form | {"act": "go"}).get_data(as_text=True)
    done = lead.post(place, data=form | {"act": "go", "date_format": "d/m/y"})
    assert done.status_code == 303
    page = lead.get(place).get_data(as_text=True)
    assert "<b>2</b> new" in page
    with lead.get(f"{place}/refused") as refused:
        assert b"never" in refused.data
    assert "Acme" in lead.get("/clients").get_data(as_text=True)


def test_a_client_list_comes_in_by_page(client: Client) -> None:
    admin = client(Role.ADMIN)
    place = send(admin, "accounts", "name,email\nAcme,bo@acme.example\n").headers["Location"]
    assert (
        admin.post(place, data={"act": "go", "map_name": "name", "map_contact_email": "email"}).status_code
        == 303
    )
    assert "<b>1</b> new" in admin.get(place).get_data(as_text=True)


@pytest.mark.parametrize("content", ["", "PK\x03\x04", "<html>"])
def test_what_is_no_table_is_refused_on_the_page(client: Client, content: str) -> None:
    assert send(client(Role.LEAD), "accounts", content).status_code == 422
