"""Which role may do what: `<noun>:<verb>`, the only list of names a view may ask for.

`read` is one thing, `list` many, `send` what a client says to us, `change` everything else that a page
does to its noun. What is theirs among the rows is the door's business (voc/db/scope.py).
"""

from voc.core.principal import Role

EVERYBODY = frozenset({"public:read", "public:write"})
SIGNED_IN = EVERYBODY | {"self:read", "self:change"}
_CLIENT = SIGNED_IN | {"comment:send", "thread:read", "thread:list", "answer:send"}
_AGENT = SIGNED_IN | {
    "account:list", "account:read", "comment:list", "comment:read", "comment:note", "comment:label",
    "issue:list", "issue:read", "match:change", "owed:list", "thread:read", "thread:list", "thread:change",
    "theme:list", "theme:read", "call:list", "call:change",
}  # fmt: skip
_LEAD = _AGENT | {
    "account:change", "answer:change", "breadth:read", "cell:change", "check:change", "check:list",
    "check:read", "closure:change", "export:read", "import:change", "import:list", "issue:change", "report:read",
    "theme:change", "decision:list", "decision:read", "commitment:change", "care:list", "care:change",
    "visit:change", "report:change", "mail:list", "mail:stop", "reply:list", "reply:change",
}  # fmt: skip
_EXECUTIVE = SIGNED_IN | {
    "account:list", "account:read", "breadth:read", "check:list", "check:read", "comment:list",
    "comment:read", "commitment:change", "decision:change", "decision:list", "decision:read",
    "export:read", "issue:list", "issue:read", "report:read", "care:list",
    "visit:change", "report:change", "call:list", "call:change", "check:approve", "mail:list", "mail:stop",
}  # fmt: skip
_ADMIN = SIGNED_IN | {
    "account:list", "account:read", "account:change", "audit:list", "health:read", "import:change",
    "import:list", "mailbox:read", "mail:change", "mail:list", "mail:stop", "reply:list", "reply:change", "setting:change", "token:change", "token:list",
    "theme:list", "theme:change", "theme:read", "user:change", "user:list",
}  # fmt: skip

OF_ROLE: dict[Role, frozenset[str]] = {
    Role.CLIENT_VIEWER: _CLIENT,
    Role.CLIENT_ADMIN: _CLIENT | {"colleague:list"},
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    Role.EXECUTIVE: _EXECUTIVE,
    Role.ADMIN: _ADMIN,
}
OF_SCOPE: dict[str, frozenset[str]] = {
    "ingest": EVERYBODY | {"comment:ingest"},
    "read": EVERYBODY | {"comment:export"},
    "write": EVERYBODY | {"comment:ingest", "comment:export"},
}
ALL = frozenset().union(EVERYBODY, *OF_ROLE.values(), *OF_SCOPE.values())


def permissions_of(roles: frozenset[Role]) -> frozenset[str]:
    """All that these roles may do together."""
    return EVERYBODY.union(*(OF_ROLE[role] for role in roles))
