"""Joins the rows of a client list that speak of one account."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from voc.accounts.files.lines import Line, ListedAccount, ListedContact, Unreadable
from voc.core.tables.reading import Problem
from voc.core.text import name_key


@dataclass(slots=True)
class Listed:
    """One account as the whole file lists it, with its rows and people."""

    account: ListedAccount
    lines: list[Line]
    contacts: list[ListedContact] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What its name shares with other spellings."""
        return name_key(self.account.name)


class Gathering:
    """Takes lines one by one; rows with one import id, else one name, are one account."""

    def __init__(self) -> None:
        self._by_id: dict[str, Listed] = {}
        self._by_name: dict[str, Listed] = {}
        self._all: list[Listed] = []

    def add(self, line: Line) -> None:
        """Joins the line to its account; Unreadable when it contradicts an earlier row."""
        found = self._find(line)
        if found is None:
            found = Listed(line.account, [])
            self._all.append(found)
        else:
            found.account = _merge(found, line)
        found.lines.append(line)
        if line.contact:
            found.contacts.append(line.contact)
        self._by_name[name_key(line.account.name)] = found
        if line.account.import_id:
            self._by_id[line.account.import_id] = found

    def _find(self, line: Line) -> Listed | None:
        named = self._by_name.get(name_key(line.account.name))
        if not line.account.import_id:
            return named
        found = self._by_id.get(line.account.import_id)
        if found is None and named is not None and named.account.import_id is None:
            return named
        if named is not None and named is not found:
            raise _contradiction("name", line.account.name, "belongs to two import ids", named)
        return found

    def groups_first(self) -> Iterator[Listed]:
        """All accounts, those that others name as their group before the rest."""
        named = {name_key(one.account.group) for one in self._all if one.account.group}
        yield from (one for one in self._all if one.key in named)
        yield from (one for one in self._all if one.key not in named)

    def __len__(self) -> int:
        return len(self._all)


def _merge(found: Listed, line: Line) -> ListedAccount:
    """The account with what the line adds; a blank never takes anything away."""
    added = {}
    for one in fields(ListedAccount):
        was, says = getattr(found.account, one.name), getattr(line.account, one.name)
        if says in (None, ()) or was == says:
            continue
        if was not in (None, ()) and one.name != "name":
            raise _contradiction(one.name, str(says), "is not what an earlier row says", found)
        added[one.name] = says
    return replace(found.account, **added) if added else found.account


def _contradiction(column: str, value: str, what: str, earlier: Listed) -> Unreadable:
    place = earlier.lines[0].row.line
    return Unreadable(
        Problem(
            column, value, f"This {what} (line {place}).", "Make both rows say the same, or leave one blank."
        )
    )
