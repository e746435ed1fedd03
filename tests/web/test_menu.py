"""The menu is one line: what a role uses most, the rest under “More”, which opens without a script."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from voc.core.principal import Role

Client = Callable[..., FlaskClient]


def lines(page: str) -> tuple[list[str], list[str]]:
    """The labels in the line, and those under “More”."""
    nav = page.partition('<nav class="menu"')[2].partition("</nav>")[0]
    line, _, more = nav.partition("<details>")
    return tuple(re.findall(r'<a href="[^"]*"[^>]*>([^<]+?)(?: <|</a>)', part) for part in (line, more))  # type: ignore[return-value]  # two of them


@pytest.mark.parametrize(
    ("role", "path", "first"),
    [
        (Role.LEAD, "/issues", ["Today", "This week", "Issues", "Questions", "Clients", "Phone list"]),
        (Role.EXECUTIVE, "/issues", ["This week", "Issues", "Questions", "Decisions", "Clients", "Phone list"]),
        (Role.AGENT, "/issues", ["Today", "Issues", "Clients", "Phone list", "They told me …", "What came in"]),
        (Role.ADMIN, "/clients", ["Running", "Clients", "What leaves", "Sending", "Replies", "Bring in"]),
    ],
)  # fmt: skip
def test_each_role_finds_what_it_uses_most_in_the_line(
    client: Client, role: Role, path: str, first: list[str]
) -> None:
    line, more = lines(client(role).get(path).text)
    assert len(line) <= 7
    assert line == first or line[: len(first)] == first
    assert not set(line) & set(more)


def test_nothing_is_lost_under_more_and_it_says_where_one_is(client: Client) -> None:
    lead = client(Role.LEAD)
    _, more = lines(lead.get("/issues").text)
    assert {"Decisions", "They told me …", "What came in", "How sure", "What leaves", "Replies"} <= set(more)
    assert '<summary class="on">More' in lead.get("/how-sure").text
    assert '<summary class="on">' not in lead.get("/issues").text


def test_a_clients_page_has_no_menu(client: Client) -> None:
    assert '<nav class="menu"' not in client(Role.CLIENT_ADMIN).get("/").text
