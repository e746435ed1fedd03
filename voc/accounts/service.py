"""Keeps the client list: finds accounts by name, and notes when each said something."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.core import clock, ids
from voc.core.text import name_key
from voc.db.session import after_commit
from voc.db.upsert import insert_ignoring
from voc.jobs import tell

_TO_THE = timedelta(minutes=1)
_BLOCK = 500
Said = tuple[datetime, datetime]  # first and last
_MOST_IN_MIND = 10_000
_noted: dict[int, Said] = {}  # what this process has stored, by account


def find_or_add_unlisted(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Account ids by `name_key`; a name we do not know becomes an account that is not on the client list.

    An import id counts as a name here, so that a file may say either.
    """
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(name_key(name), name)
    found = _known(session, wanted)
    missing = [key for key in wanted if key not in found]
    if not missing:
        return found
    rows = [_unlisted_row(wanted[key], key) for key in missing]
    # Two imports may meet in one new name: the unique row decides, and both read the winner.
    insert_ignoring(session, Account, rows)
    added = _known(session, {key: wanted[key] for key in missing})
    tell(session, "accounts_changed", sorted(added.values()))
    return found | added


def known_accounts(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Account ids by `name_key`, for the names (or import ids) that we know."""
    return _known(session, {name_key(name): name for name in names})


def _known(session: Session, wanted: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    keys = list(wanted)
    for start in range(0, len(keys), _BLOCK):
        block = keys[start : start + _BLOCK]
        names = [wanted[key] for key in block]
        rows = session.execute(
            select(Account.id, Account.name_key, Account.import_id).where(
                or_(Account.name_key.in_(block), Account.import_id.in_(names))
            )
        )
        for account_id, key, import_id in rows:
            found[key] = account_id
            if import_id is not None:
                found.setdefault(name_key(import_id), account_id)
    return {key: found[key] for key in wanted if key in found}


def _unlisted_row(name: str, key: str) -> dict[str, object]:
    account_id = ids.new_id()
    return {
        "id": account_id,
        "public_id": ids.new_public_id(),
        "group_id": account_id,
        "name": name,
        "name_key": key,
        "is_listed": False,
        "created_at": clock.now(),
    }


def note_said(session: Session, said: Mapping[int, Said]) -> None:
    """Widens when each account, and its group, first and last told us something.

    Old comments move only the first moment, new ones only the last. The last is kept to the minute,
    so that the comments of one busy client do not queue for its row.
    """
    said = {key: heard for key, heard in said.items() if not _is_noted(key, heard)}
    if not said:
        return
    after_commit(session, lambda: _keep_in_mind(said))
    moved = _moved(session, said, locked=False)
    if moved:
        # Read again under a lock that lets foreign keys pass: another transaction may have been first.
        rows = _moved(session, said, locked=True)
        if rows:
            session.execute(update(Account), rows)


def _is_noted(account_id: int, heard: Said) -> bool:
    """Whether this process has stored moments that leave nothing to widen: most comments then ask nothing."""
    kept = _noted.get(account_id)
    return kept is not None and kept[0] <= heard[0] and heard[1] < kept[1] + _TO_THE


def _keep_in_mind(said: Mapping[int, Said]) -> None:
    if len(_noted) > _MOST_IN_MIND:
        _noted.clear()
    _noted.update(said)


def _moved(session: Session, said: Mapping[int, Said], *, locked: bool) -> list[dict[str, object]]:
    """The rows whose moments change; groups take in what their sites said."""
    groups = dict(session.execute(select(Account.id, Account.group_id).where(Account.id.in_(said))).all())
    wider: dict[int, Said] = {}
    for account_id, (first, last) in said.items():
        for key in {account_id, groups[account_id]}:
            was = wider.get(key, (first, last))
            wider[key] = (min(was[0], first), max(was[1], last))
    query = select(Account.id, Account.first_said_at, Account.last_said_at).where(Account.id.in_(wider))
    if locked:
        query = query.order_by(Account.id).with_for_update(key_share=True)
    changes = []
    for key, first_was, last_was in session.execute(query):
        first, last = wider[key]
        early = first if first_was is None or first < first_was else first_was
        late = last if last_was is None or last >= last_was + _TO_THE else last_was
        if (early, late) != (first_was, last_was):
            changes.append({"id": key, "first_said_at": early, "last_said_at": late})
    return changes
