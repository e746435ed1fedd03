"""Takes in what came back by mail: the only code that joins mail and intake."""

from workers.scope import Scope


def take_in(here: Scope) -> int:
    """Fetches, sorts and joins; gives the number joined."""
    return 0
