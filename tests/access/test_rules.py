"""Who reads whose words (model.md, product.md)."""

import pytest

from voc.access.permissions import ALL, EVERYBODY, OF_ROLE, permissions_of
from voc.access.rules import Sight, may_read_words, sight_of_words
from voc.core.principal import ANONYMOUS, Principal, Role


def somebody(*roles: Role) -> Principal:
    return Principal(kind="user", roles=frozenset(roles))


@pytest.mark.parametrize(
    ("role", "kind", "senior", "sight"),
    [
        (Role.LEAD, "comment", False, Sight.OPEN),
        (Role.AGENT, "comment", False, Sight.OPEN),
        (Role.EXECUTIVE, "comment", False, Sight.MASKED),
        (Role.EXECUTIVE, "comment", True, Sight.OPEN),
        (Role.EXECUTIVE, "escalation", False, Sight.OPEN),
        (Role.ADMIN, "escalation", True, Sight.CLOSED),
        (Role.CLIENT_VIEWER, "comment", False, Sight.OPEN),
    ],
)
def test_each_role_sees_words_as_it_should(role: Role, kind: str, senior: bool, sight: Sight) -> None:  # noqa: FBT001 - a table
    assert sight_of_words(somebody(role), kind, wants_senior=senior) is sight
    assert may_read_words(somebody(role), kind, wants_senior=senior) is (sight is Sight.OPEN)


def test_strangers_read_nothing() -> None:
    assert sight_of_words(ANONYMOUS, "comment") is Sight.CLOSED


def test_two_roles_open_what_either_opens() -> None:
    assert sight_of_words(somebody(Role.ADMIN, Role.LEAD), "comment") is Sight.OPEN
    assert permissions_of(frozenset({Role.ADMIN, Role.LEAD})) == OF_ROLE[Role.ADMIN] | OF_ROLE[Role.LEAD]


def test_an_administrator_cannot_read_comments() -> None:
    assert not {"comment:read", "comment:list", "thread:read"} & OF_ROLE[Role.ADMIN]


def test_client_people_hold_nothing_of_the_staff() -> None:
    clients = OF_ROLE[Role.CLIENT_ADMIN]
    assert not {
        name for name in clients if name.startswith(("issue:", "account:", "report:", "breadth:", "token:"))
    }


def test_names_are_noun_and_verb() -> None:
    assert all(name.count(":") == 1 and name == name.lower() for name in ALL)
    assert EVERYBODY <= ALL
