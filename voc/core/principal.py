"""Who is asking: built by access, read by the web guards and the database's door."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the provider; clients' roles hold for one account each."""

    CLIENT_VIEWER = "client_viewer"
    CLIENT_ADMIN = "client_admin"
    AGENT = "agent"
    LEAD = "lead"
    EXECUTIVE = "executive"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """One asker and what stands open to them.

    `account_ids` is None when all accounts are open (leads, executives, the system); otherwise only
    these. `contact_ids` names the client contacts this person is. `permissions` are `<noun>:<verb>`.
    """

    kind: str  # anonymous | user | link | token | system
    name: str = ""
    user_id: int | None = None
    roles: frozenset[Role] = frozenset()
    account_ids: frozenset[int] | None = frozenset()
    contact_ids: frozenset[int] = frozenset()
    permissions: frozenset[str] = field(default=frozenset())
    own_threads_only: bool = False

    def may(self, permission: str) -> bool:
        """Whether this permission is held."""
        return permission in self.permissions

    @property
    def is_staff(self) -> bool:
        """Whether this is one of the provider's own people."""
        return bool(self.roles & {Role.AGENT, Role.LEAD, Role.EXECUTIVE, Role.ADMIN})


ANONYMOUS = Principal(kind="anonymous", permissions=frozenset({"public:read"}))
SYSTEM = Principal(kind="system", name="system", account_ids=None)
