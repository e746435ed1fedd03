"""Who may read whose words: decisions on plain values (model.md, product.md "Rules that keep trust")."""

from enum import StrEnum

from voc.core.principal import Principal, Role


class Sight(StrEnum):
    """How somebody sees what a client wrote."""

    OPEN = "open"  # as written
    MASKED = "masked"  # with people, addresses and numbers masked
    CLOSED = "closed"  # not at all


_READERS = frozenset({Role.AGENT, Role.LEAD})
_FOR_LEADERS = frozenset({"escalation", "termination"})


def sight_of_words(principal: Principal, kind: str, *, wants_senior: bool = False) -> Sight:
    """How `principal` sees the words of a comment of this kind that the door already lets through.

    Agents and leads work with them; executives read escalations as written, others masked;
    administrators have no silent look; clients' people see their own.
    """
    if principal.roles & _READERS:
        return Sight.OPEN
    if Role.EXECUTIVE in principal.roles:
        return Sight.OPEN if wants_senior or kind in _FOR_LEADERS else Sight.MASKED
    if Role.ADMIN in principal.roles:
        return Sight.CLOSED
    return Sight.OPEN if principal.kind in {"user", "token", "link"} else Sight.CLOSED


def may_read_words(principal: Principal, kind: str, *, wants_senior: bool = False) -> bool:
    """Whether the words stand open as written."""
    return sight_of_words(principal, kind, wants_senior=wants_senior) is Sight.OPEN
